/** A policy that AWS keeps, of one statement. */
const allows = (...actions: string[]) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: actions, Resource: '*' }],
});

const logs = ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'];
const prefix = 'arn:aws:iam::aws:policy';

/**
 * The policies kept by AWS that projects for one machine attach most, as AWS publishes them. Any other is refused by
 * its ARN when it is attached: https://docs.aws.amazon.com/aws-managed-policy/latest/reference/
 */
export const managedByAws: Readonly<Record<string, object>> = {
  [`${prefix}/AdministratorAccess`]: allows('*'),
  [`${prefix}/AWSXRayDaemonWriteAccess`]: allows(
    'xray:PutTraceSegments',
    'xray:PutTelemetryRecords',
    'xray:GetSamplingRules',
    'xray:GetSamplingTargets',
    'xray:GetSamplingStatisticSummaries',
  ),
  [`${prefix}/service-role/AWSLambdaBasicExecutionRole`]: allows(...logs),
  [`${prefix}/service-role/AWSLambdaDynamoDBExecutionRole`]: allows(
    'dynamodb:DescribeStream',
    'dynamodb:GetRecords',
    'dynamodb:GetShardIterator',
    'dynamodb:ListStreams',
    ...logs,
  ),
  [`${prefix}/service-role/AWSLambdaSQSQueueExecutionRole`]: allows(
    'sqs:ReceiveMessage',
    'sqs:DeleteMessage',
    'sqs:GetQueueAttributes',
    ...logs,
  ),
};
