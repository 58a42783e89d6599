/** A service of SDK integrations, as Step Functions and the SDK for JavaScript spell it. */
export interface SdkService {
  /** Before the dot of an error's name. */
  readonly prefix: string;
  /** Its API begins its members' names in lower case, where Step Functions begins every one in upper case. */
  readonly lowerCase?: boolean;
  load(): Promise<object>;
}

/** The services that `aws-sdk:` reaches here, by the name in the Resource. */
export const sdkServices: Readonly<Record<string, SdkService | undefined>> = {
  cloudwatch: { prefix: 'CloudWatch', load: () => import('@aws-sdk/client-cloudwatch') },
  cloudwatchlogs: {
    prefix: 'CloudWatchLogs',
    lowerCase: true,
    load: () => import('@aws-sdk/client-cloudwatch-logs'),
  },
  cognitoidentityprovider: {
    prefix: 'CognitoIdentityProvider',
    load: () => import('@aws-sdk/client-cognito-identity-provider'),
  },
  costexplorer: { prefix: 'CostExplorer', load: () => import('@aws-sdk/client-cost-explorer') },
  dynamodb: { prefix: 'DynamoDb', load: () => import('@aws-sdk/client-dynamodb') },
  eventbridge: { prefix: 'EventBridge', load: () => import('@aws-sdk/client-eventbridge') },
  lambda: { prefix: 'Lambda', load: () => import('@aws-sdk/client-lambda') },
  scheduler: { prefix: 'Scheduler', load: () => import('@aws-sdk/client-scheduler') },
  secretsmanager: { prefix: 'SecretsManager', load: () => import('@aws-sdk/client-secrets-manager') },
  s3: { prefix: 'S3', load: () => import('@aws-sdk/client-s3') },
  sfn: { prefix: 'Sfn', lowerCase: true, load: () => import('@aws-sdk/client-sfn') },
  sqs: { prefix: 'Sqs', load: () => import('@aws-sdk/client-sqs') },
  ssm: { prefix: 'Ssm', load: () => import('@aws-sdk/client-ssm') },
  xray: { prefix: 'XRay', load: () => import('@aws-sdk/client-xray') },
};
