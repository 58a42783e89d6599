import { ApiGatewayV2Client } from '@aws-sdk/client-apigatewayv2';
import { AppSyncClient } from '@aws-sdk/client-appsync';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import { CostExplorerClient } from '@aws-sdk/client-cost-explorer';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { IAMClient } from '@aws-sdk/client-iam';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { SchedulerClient } from '@aws-sdk/client-scheduler';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SQSClient } from '@aws-sdk/client-sqs';
import { SSMClient } from '@aws-sdk/client-ssm';
import { STSClient } from '@aws-sdk/client-sts';
import { XRayClient } from '@aws-sdk/client-xray';

/** One thing that AWS does, as its documentation says, and that a cloud either does as well or not. */
export interface Case {
  readonly service: string;
  /** What is true on AWS, as a sentence. */
  readonly name: string;
  readonly operations: readonly string[];
  /** Where the reference does otherwise: what AWS's documentation says, and where. */
  readonly settled?: string;
  /** Throws when the cloud does not do it. */
  run(clients: Clients): Promise<void>;
}

export interface Clients {
  readonly dynamodb: DynamoDBClient;
  readonly sqs: SQSClient;
  readonly events: EventBridgeClient;
  readonly s3: S3Client;
  readonly logs: CloudWatchLogsClient;
  readonly cloudwatch: CloudWatchClient;
  readonly cognito: CognitoIdentityProviderClient;
  readonly lambda: LambdaClient;
  readonly apigateway: ApiGatewayV2Client;
  readonly appsync: AppSyncClient;
  readonly states: SFNClient;
  readonly ssm: SSMClient;
  readonly secrets: SecretsManagerClient;
  readonly scheduler: SchedulerClient;
  readonly iam: IAMClient;
  readonly sts: STSClient;
  readonly endpoint: string;
  readonly xray: XRayClient;
  readonly costs: CostExplorerClient;
  /** A name that nobody else uses. */
  name(): string;
  /** A bucket that is there. */
  readonly bucket: string;
  /** The ARN of a role that functions, state machines, schedules and the account may act as, and that may do everything. */
  readonly role: string;
  /** An HTTP API that is there: see `http-api.ts`. */
  readonly apiId: string;
  /** The id of a GraphQL API that is there, made as `cases/appsync.ts` says. */
  readonly graphqlApi: string;
}

/** The name of the role that is there. */
export const roleName = 'conformance';

let names = 0;

/** What a cloud was given before the first case. */
export type Given = Pick<Clients, 'bucket' | 'role' | 'apiId' | 'graphqlApi'>;

export function clientsOf(endpoint: string, given: Given): Clients {
  const settings = {
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  };
  return {
    dynamodb: new DynamoDBClient(settings),
    sqs: new SQSClient(settings),
    events: new EventBridgeClient(settings),
    s3: new S3Client({ ...settings, forcePathStyle: true }),
    // Live Tail is asked for at a host of its own, which a local endpoint has not.
    logs: new CloudWatchLogsClient({ ...settings, disableHostPrefix: true }),
    cloudwatch: new CloudWatchClient(settings),
    cognito: new CognitoIdentityProviderClient(settings),
    lambda: new LambdaClient(settings),
    apigateway: new ApiGatewayV2Client(settings),
    appsync: new AppSyncClient(settings),
    states: new SFNClient({ ...settings, disableHostPrefix: true }),
    ssm: new SSMClient(settings),
    secrets: new SecretsManagerClient(settings),
    scheduler: new SchedulerClient(settings),
    iam: new IAMClient(settings),
    sts: new STSClient(settings),
    endpoint,
    xray: new XRayClient(settings),
    costs: new CostExplorerClient(settings),
    name: () => `case-${++names}`,
    ...given,
  };
}

/** The name of the error with which a call is refused. Throws when it is not. */
export async function refusalOf(call: Promise<unknown>): Promise<string> {
  const outcome = await call.then(
    (answer) => ({ answer }),
    (error: unknown) => ({ error }),
  );
  if ('answer' in outcome) throw new Error(`It was answered: ${JSON.stringify(outcome.answer)}`);
  return (outcome.error as Error).name;
}
