import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { zipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { signedHeaders } from '../gateway/sign.ts';
import { type LocalCloud, startLocalCloud } from '../index.ts';

/*
 * Requests as no client sends them: each gets an error of AWS's kind, and the next good one is answered. What the local
 * cloud does not support may say so (501); nothing may be an internal failure.
 */
const runs = process.env['SKAFU_DEEP'] === '1' ? 1_000 : 60;

/** Of each service with JSON: its signing name, its prefix, operations, and fields that they look at. */
const rpc: readonly [service: string, target: string, operations: string, fields: string][] = [
  [
    'dynamodb',
    'DynamoDB_20120810',
    'PutItem GetItem UpdateItem DeleteItem Query Scan BatchGetItem BatchWriteItem TransactWriteItems TransactGetItems DescribeTable ListTables CreateTable UpdateTable TagResource ListTagsOfResource DescribeContinuousBackups UpdateTimeToLive',
    'TableName Key Item RequestItems TransactItems KeyConditionExpression ExpressionAttributeValues Limit ResourceArn ReturnConsumedCapacity',
  ],
  [
    'sqs',
    'AmazonSQS',
    'SendMessage SendMessageBatch ReceiveMessage DeleteMessage DeleteMessageBatch ChangeMessageVisibility CreateQueue GetQueueUrl GetQueueAttributes SetQueueAttributes ListQueues PurgeQueue TagQueue ListQueueTags',
    'QueueUrl QueueName MessageBody Entries ReceiptHandle Attributes AttributeNames MaxNumberOfMessages VisibilityTimeout DelaySeconds MessageAttributes Tags',
  ],
  [
    'events',
    'AWSEvents',
    'PutEvents PutRule PutTargets RemoveTargets DeleteRule DescribeRule ListRules ListTargetsByRule CreateEventBus DeleteEventBus TestEventPattern ListArchives DescribeArchive StartReplay ListReplays TagResource ListTagsForResource ListRuleNamesByTarget',
    'Entries Name Rule EventBusName EventPattern ScheduleExpression Targets Ids Event ArchiveName ReplayName EventSourceArn Destination EventStartTime EventEndTime ResourceARN Tags Limit NextToken NamePrefix TargetArn',
  ],
  [
    'states',
    'AWSStepFunctions',
    'StartExecution StartSyncExecution StopExecution DescribeExecution ListExecutions GetExecutionHistory ListStateMachines DescribeStateMachine ValidateStateMachineDefinition DescribeStateMachineForExecution CreateStateMachine UpdateStateMachine DeleteStateMachine PublishStateMachineVersion CreateStateMachineAlias UpdateStateMachineAlias ListStateMachineAliases RedriveExecution SendTaskSuccess SendTaskFailure SendTaskHeartbeat CreateActivity TestState TagResource UntagResource ListTagsForResource',
    'stateMachineArn executionArn input name maxResults nextToken definition reverseOrder statusFilter roleArn type tags tagKeys resourceArn taskToken output routingConfiguration loggingConfiguration publish stateMachineAliasArn',
  ],
  [
    'logs',
    'Logs_20140328',
    'PutLogEvents GetLogEvents FilterLogEvents CreateLogGroup DeleteLogGroup CreateLogStream DescribeLogGroups DescribeLogStreams PutRetentionPolicy StartQuery GetQueryResults StopQuery PutMetricFilter DescribeMetricFilters TestMetricFilter',
    'logGroupName logStreamName logEvents startTime endTime queryString queryId filterPattern limit nextToken retentionInDays logGroupNames filterName metricTransformations logEventMessages',
  ],
  [
    'monitoring',
    'GraniteServiceVersion20100801',
    'PutMetricData GetMetricData GetMetricStatistics ListMetrics PutMetricAlarm DescribeAlarms DeleteAlarms SetAlarmState DescribeAlarmHistory DescribeAlarmsForMetric PutDashboard GetDashboard',
    'Namespace MetricName MetricData MetricDataQueries StartTime EndTime Period Statistics Dimensions AlarmName AlarmNames StateValue StateReason DashboardName DashboardBody NextToken MaxRecords',
  ],
  [
    'cognito-idp',
    'AWSCognitoIdentityProviderService',
    'InitiateAuth RespondToAuthChallenge SignUp ListUsers AdminGetUser AdminCreateUser AdminListGroupsForUser GetUser GlobalSignOut ListUserPools DescribeUserPool ListGroups RevokeToken AdminInitiateAuth ConfirmSignUp ForgotPassword ConfirmForgotPassword VerifyUserAttribute AssociateSoftwareToken SetUserMFAPreference SetUserPoolMfaConfig CreateUserPool CreateUserPoolClient CreateGroup AdminUpdateUserAttributes',
    'UserPoolId ClientId AuthFlow AuthParameters ChallengeName ChallengeResponses Session Username Password AccessToken Filter Limit PaginationToken UserAttributes Token MaxResults ConfirmationCode AttributeName UserCode SoftwareTokenMfaSettings MfaConfiguration PoolName Schema Policies ClientName GroupName Precedence ClientMetadata SecretHash',
  ],
  [
    'ce',
    'AWSInsightsIndexService',
    'GetCostAndUsage GetCostForecast GetDimensionValues GetTags GetUsageForecast GetCostCategories',
    'TimePeriod Granularity Metrics Metric GroupBy Filter Dimension NextPageToken SearchString PredictionIntervalLevel',
  ],
  ['iam', 'AWSIdentityManagementV20100508', 'GetRole ListRoles', 'RoleName PathPrefix Marker MaxItems'],
  [
    'ssm',
    'AmazonSSM',
    'PutParameter GetParameter GetParameters GetParametersByPath GetParameterHistory DescribeParameters DeleteParameter DeleteParameters LabelParameterVersion UnlabelParameterVersion AddTagsToResource RemoveTagsFromResource ListTagsForResource',
    'Name Names Value Type Overwrite Tier AllowedPattern KeyId Description Tags Path Recursive WithDecryption ParameterFilters Filters MaxResults NextToken ParameterVersion Labels ResourceType ResourceId TagKeys',
  ],
  [
    'secretsmanager',
    'secretsmanager',
    'CreateSecret GetSecretValue BatchGetSecretValue PutSecretValue UpdateSecret UpdateSecretVersionStage DescribeSecret ListSecrets ListSecretVersionIds DeleteSecret RestoreSecret RotateSecret CancelRotateSecret GetRandomPassword TagResource UntagResource PutResourcePolicy GetResourcePolicy DeleteResourcePolicy',
    'SecretId Name SecretString SecretBinary ClientRequestToken VersionId VersionStage VersionStages MoveToVersionId RemoveFromVersionId SecretIdList Filters MaxResults NextToken SortOrder RecoveryWindowInDays ForceDeleteWithoutRecovery RotationLambdaARN RotationRules RotateImmediately PasswordLength ExcludeCharacters ResourcePolicy Tags TagKeys Description',
  ],
];

/** Of each service with addresses: its signing name, methods and paths, and parameters. */
const rest: readonly [service: string, methods: string, paths: string, parameters: string][] = [
  [
    's3',
    'GET PUT POST DELETE HEAD',
    '/ /there /there/ /there/a /there/%E0%A4%A /none/a',
    'list-type prefix delimiter max-keys continuation-token start-after delete location uploads versionId',
  ],
  [
    'lambda',
    'GET POST PUT DELETE',
    '/2015-03-31/functions /2015-03-31/functions/echo /2015-03-31/functions/echo/invocations /2015-03-31/functions/%25/invocations /2015-03-31/event-source-mappings/x /2015-03-31/functions/none/configuration',
    'Qualifier Marker MaxItems FunctionName EventSourceArn',
  ],
  [
    'appsync',
    'GET POST DELETE',
    '/v1/apis /v1/apis/x /v1/apis/%25 /v1/apis/x/types /v1/tags/x /v1/none /_appsync/x/graphql /_appsync/x /_appsync/x/graphql/realtime',
    'maxResults nextToken format',
  ],
  [
    'xray',
    'GET POST',
    '/TraceSegments /Traces /TraceSummaries /TraceGraph /ServiceGraph /GetSamplingRules /SamplingTargets /Groups /GetGroup /CreateGroup /CreateSamplingRule',
    'x',
  ],
  [
    'scheduler',
    'GET POST PUT DELETE',
    '/schedules /schedules/x /schedules/%E0%A4%A /schedules/a%2Fb /schedule-groups /schedule-groups/x /schedule-groups/default /tags/arn%3Aaws%3Ascheduler /tags/x',
    'groupName NamePrefix NextToken MaxResults ScheduleGroup State TagKeys clientToken',
  ],
];

let folder: string;
let cloud: LocalCloud;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'malformed-'));
  const stack = join(folder, 'stacks', 'all');
  mkdirSync(stack, { recursive: true });
  writeFileSync(
    join(stack, 'echo.zip'),
    zipSync({ 'index.mjs': Buffer.from('export const handler = (event) => event;') }),
  );
  const trust = JSON.stringify({
    Statement: { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } },
  });
  const resource = {
    aws_s3_bucket: { there: { bucket: 'there' } },
    aws_iam_role: { echo: { name: 'echo', assume_role_policy: trust } },
    aws_lambda_function: {
      echo: {
        ...{ function_name: 'echo', filename: 'echo.zip', handler: 'index.handler', runtime: 'nodejs22.x' },
        role: '${aws_iam_role.echo.arn}',
      },
    },
  };
  writeFileSync(join(stack, 'cdk.tf.json'), JSON.stringify({ resource }));
  cloud = await startLocalCloud({
    ...{ stacksDirectory: join(folder, 'stacks'), dataDirectory: join(folder, 'data') },
    ...{ awsPort: 0, consolePort: 0, engine: inject('sharedEngine') },
  });
}, 60_000);
afterAll(async () => {
  await cloud?.stop();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

async function send(
  service: string,
  method: string,
  path: string,
  headers: Record<string, string>,
  body: string,
) {
  const url = new URL(path, cloud.endpointUrl);
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const sent = signedHeaders({ method, url, headers, body }, credentials, { region: 'us-east-1', service });
  const hasBody = method !== 'GET' && method !== 'HEAD';
  const response = await fetch(url, { method, headers: sent, ...(hasBody ? { body } : {}) });
  return { status: response.status, text: await response.text() };
}

/** Texts that services take apart, besides any others. */
const telling = fc.constantFrom(
  ...[
    '',
    '*',
    'arn:aws:',
    'arn:aws:sqs:us-east-1:000000000000:x',
    '{}',
    '[',
    '-1',
    '2026-13-40',
    'null',
    '%',
  ],
  ...[
    '../..',
    'a'.repeat(2_000),
    '\u0000',
    '💥',
    '__proto__',
    '$.x[?(@',
    'fields @x | stats',
    'p999',
    '{ $.a = ',
  ],
);
const value = fc.letrec<{ any: unknown }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 3 },
    telling,
    fc.string(),
    fc.constantFrom(null, true, 0, -1, 1e300, 1.5, Number.MAX_SAFE_INTEGER),
    fc.array(tie('any'), { maxLength: 3 }),
    fc.dictionary(fc.oneof(telling, fc.constantFrom('Id', 'Key', 'S', 'N', 'Name', 'Value')), tie('any'), {
      maxKeys: 3,
    }),
  ),
})).any;
const inputOf = (fields: string) =>
  fc
    .dictionary(fc.constantFrom(...fields.split(' ')), value, { maxKeys: 6 })
    .map((input) => JSON.stringify(input));
const brokenBody = fc.oneof(telling, fc.string(), fc.constantFrom('{"a":', '[1]', '"x"', '{"a":1}}'));

/** AWS never answers such requests with an internal failure. */
function expectSound({ status, text }: { status: number; text: string }): void {
  expect([status, text]).toEqual([expect.toSatisfy((code: number) => code < 500 || code === 501), text]);
  expect(text).not.toMatch(/InternalFailure|node_modules|\.ts:\d+/u);
}

const settings = { numRuns: runs, endOnFailure: true };

describe(`malformed requests, ${runs} of each service`, () => {
  test.each(rpc)(
    'of %s',
    async (service, target, operations, fields) => {
      const request = fc.tuple(
        fc.constantFrom(...operations.split(' ')),
        fc.oneof({ weight: 5, arbitrary: inputOf(fields) }, { weight: 1, arbitrary: brokenBody }),
      );
      await fc.assert(
        fc.asyncProperty(request, async ([operation, body]) => {
          const headers = {
            'content-type': 'application/x-amz-json-1.0',
            'x-amz-target': `${target}.${operation}`,
          };
          expectSound(await send(service, 'POST', '/', headers, body));
        }),
        settings,
      );
    },
    600_000,
  );

  test.each(rest)(
    'of %s',
    async (service, methods, paths, parameters) => {
      const request = fc.tuple(
        fc.constantFrom(...methods.split(' ')),
        fc.constantFrom(...paths.split(' ')),
        fc.dictionary(fc.constantFrom(...parameters.split(' ')), fc.oneof(telling, fc.string()), {
          maxKeys: 2,
        }),
        fc.oneof(
          inputOf(
            'TraceSegmentDocuments TraceIds StartTime EndTime GroupName FilterExpression ScheduleExpression ScheduleExpressionTimezone FlexibleTimeWindow Target StartDate EndDate State Tags ActionAfterCompletion',
          ),
          brokenBody,
        ),
      );
      await fc.assert(
        fc.asyncProperty(request, async ([method, path, query, body]) => {
          const search = new URLSearchParams(query).toString().replaceAll('+', '%20');
          const address = search === '' ? path : `${path}?${search}`;
          expectSound(
            await send(service, method, address, {}, method === 'GET' || method === 'HEAD' ? '' : body),
          );
        }),
        settings,
      );
    },
    600_000,
  );

  test('leave nothing in the log but what was refused', () => {
    const log = readFileSync(join(folder, 'data', 'local-cloud.log'), 'utf8')
      .trim()
      .split('\n');
    const errors = log.filter((line) => (JSON.parse(line) as { level: string }).level === 'error');
    expect(errors).toEqual([]);
  });
});
