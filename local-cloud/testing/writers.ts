import { createHash } from 'node:crypto';
import {
  CloudWatchClient,
  GetMetricStatisticsCommand,
  PutMetricDataCommand,
} from '@aws-sdk/client-cloudwatch';
import {
  CloudWatchLogsClient,
  CreateLogStreamCommand,
  GetLogEventsCommand,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import {
  AdminCreateUserCommand,
  AdminGetUserCommand,
  CognitoIdentityProviderClient,
  ListUserPoolsCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import {
  DescribeRuleCommand,
  EventBridgeClient,
  PutEventsCommand,
  PutRuleCommand,
} from '@aws-sdk/client-eventbridge';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { DescribeExecutionCommand, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { BatchGetTracesCommand, PutTraceSegmentsCommand, XRayClient } from '@aws-sdk/client-xray';
import { type Arrivals, missingOf } from './arrivals.ts';
import { arnOf, names } from './project.ts';

/** One way to write to one service, and how to find out whether what was written is there. */
export interface Writer {
  readonly service: string;
  /** Resolves once the service has said that it has what is named `id`. */
  write(id: string): Promise<void>;
  /** Whether what is named `id` is there, as a whole. */
  has(id: string): Promise<boolean>;
}

/** One of each service; lines are written to the log stream `stream`. `arrivals` are what has come to the queues so far. */
export async function openWriters(endpoint: string, stream: string, arrivals: Arrivals): Promise<Writer[]> {
  const settings = {
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    // What is tried again behind our back would count twice.
    maxAttempts: 1,
  };
  const users = new CognitoIdentityProviderClient(settings);
  const { UserPools: [pool] = [] } = await users.send(new ListUserPoolsCommand({ MaxResults: 1 }));
  return [
    items(new DynamoDBClient(settings)),
    objects(new S3Client({ ...settings, forcePathStyle: true })),
    messages(new SQSClient(settings), arrivals),
    events(new EventBridgeClient(settings), arrivals),
    rules(new EventBridgeClient(settings)),
    invocations(new LambdaClient(settings), arrivals),
    executions(new SFNClient(settings)),
    people(users, pool?.Id ?? ''),
    await lines(new CloudWatchLogsClient(settings), stream),
    metrics(new CloudWatchClient(settings)),
    traces(new XRayClient(settings)),
  ];
}

const begun = Math.floor(Date.now() / 1_000);
const hashOf = (id: string) => createHash('sha256').update(id).digest('hex');

/** Where the call says that there is no such thing, there is none. */
async function found(call: Promise<boolean>): Promise<boolean> {
  try {
    return await call;
  } catch (error) {
    if (/NotFound|NoSuchKey|DoesNotExist/u.test((error as Error).name)) return false;
    throw error;
  }
}

function items(client: DynamoDBClient): Writer {
  return {
    service: 'DynamoDB',
    async write(id) {
      await client.send(new PutItemCommand({ TableName: names.table, Item: { id: { S: id } } }));
    },
    async has(id) {
      const key = { TableName: names.table, Key: { id: { S: id } }, ConsistentRead: true };
      return (await client.send(new GetItemCommand(key))).Item !== undefined;
    },
  };
}

function objects(client: S3Client): Writer {
  return {
    service: 'S3',
    async write(id) {
      await client.send(new PutObjectCommand({ Bucket: names.bucket, Key: id, Body: bodyOf(id) }));
    },
    async has(id) {
      const read = async () => {
        const { Body } = await client.send(new GetObjectCommand({ Bucket: names.bucket, Key: id }));
        return (await Body?.transformToString()) === bodyOf(id);
      };
      return found(read());
    },
  };
}

const bodyOf = (id: string) => id.repeat(1_000);

function messages(client: SQSClient, arrivals: Arrivals): Writer {
  return {
    service: 'SQS',
    async write(id) {
      await client.send(new SendMessageCommand({ QueueUrl: names.direct, MessageBody: id }));
    },
    has: async (id) => !missingOf(arrivals, names.direct, id),
  };
}

function events(client: EventBridgeClient, arrivals: Arrivals): Writer {
  return {
    service: 'EventBridge, events',
    async write(id) {
      const entry = { EventBusName: names.bus, Source: names.source, DetailType: 'Cut' };
      const { FailedEntryCount } = await client.send(
        new PutEventsCommand({ Entries: [{ ...entry, Detail: JSON.stringify({ id }) }] }),
      );
      if (FailedEntryCount) throw new Error('The event was not taken.');
    },
    has: async (id) => !missingOf(arrivals, names.routed, id),
  };
}

function rules(client: EventBridgeClient): Writer {
  const rule = (id: string) => ({ Name: id, EventBusName: names.bus });
  return {
    service: 'EventBridge, rules',
    async write(id) {
      await client.send(new PutRuleCommand({ ...rule(id), EventPattern: '{"source":["nobody"]}' }));
    },
    has: (id) => found(client.send(new DescribeRuleCommand(rule(id))).then(({ Name }) => Name === id)),
  };
}

function invocations(client: LambdaClient, arrivals: Arrivals): Writer {
  return {
    service: 'Lambda, asynchronous',
    async write(id) {
      const Payload = Buffer.from(JSON.stringify({ id }));
      await client.send(
        new InvokeCommand({ FunctionName: names.function, InvocationType: 'Event', Payload }),
      );
    },
    has: async (id) => !missingOf(arrivals, names.echoed, id),
  };
}

function executions(client: SFNClient): Writer {
  return {
    service: 'Step Functions',
    async write(id) {
      const stateMachineArn = arnOf('states', `stateMachine:${names.standard}`);
      await client.send(
        new StartExecutionCommand({ stateMachineArn, name: id, input: JSON.stringify({ number: 1 }) }),
      );
    },
    has(id) {
      const executionArn = arnOf('states', `execution:${names.standard}:${id}`);
      const isDone = async () => {
        const { status } = await client.send(new DescribeExecutionCommand({ executionArn }));
        return status === 'SUCCEEDED';
      };
      return found(isDone());
    },
  };
}

function people(client: CognitoIdentityProviderClient, UserPoolId: string): Writer {
  return {
    service: 'Cognito',
    async write(id) {
      await client.send(new AdminCreateUserCommand({ UserPoolId, Username: id, MessageAction: 'SUPPRESS' }));
    },
    has(id) {
      const user = client.send(new AdminGetUserCommand({ UserPoolId, Username: id }));
      return found(user.then(({ Username }) => Username === id));
    },
  };
}

async function lines(client: CloudWatchLogsClient, logStreamName: string): Promise<Writer> {
  const logGroupName = names.logGroup;
  await client.send(new CreateLogStreamCommand({ logGroupName, logStreamName })).catch((error: Error) => {
    if (error.name !== 'ResourceAlreadyExistsException') throw error;
  });
  return {
    service: 'CloudWatch Logs',
    async write(id) {
      const logEvents = [{ timestamp: Date.now(), message: id }];
      await client.send(new PutLogEventsCommand({ logGroupName, logStreamName, logEvents }));
    },
    async has(id) {
      const read = new GetLogEventsCommand({ logGroupName, logStreamName, startFromHead: true });
      const { events = [] } = await client.send(read);
      return events.some(({ message }) => message === id);
    },
  };
}

function metrics(client: CloudWatchClient): Writer {
  const metric = (id: string) => ({ Namespace: 'Trial', MetricName: id });
  return {
    service: 'CloudWatch',
    async write(id) {
      const { Namespace, MetricName } = metric(id);
      await client.send(new PutMetricDataCommand({ Namespace, MetricData: [{ MetricName, Value: 1 }] }));
    },
    async has(id) {
      const { Datapoints = [] } = await client.send(
        new GetMetricStatisticsCommand({
          ...metric(id),
          StartTime: new Date(Date.now() - 3_600_000),
          EndTime: new Date(Date.now() + 60_000),
          Period: 60,
          Statistics: ['SampleCount'],
        }),
      );
      return Datapoints.some(({ SampleCount }) => SampleCount === 1);
    },
  };
}

function traces(client: XRayClient): Writer {
  /** Trace ids tell the second in which they began. */
  const traceIdOf = (id: string) => `1-${begun.toString(16)}-${hashOf(id).slice(0, 24)}`;
  return {
    service: 'X-Ray',
    async write(id) {
      const segment = {
        name: 'cut',
        id: hashOf(id).slice(24, 40),
        trace_id: traceIdOf(id),
        start_time: begun,
        end_time: begun + 1,
      };
      await client.send(new PutTraceSegmentsCommand({ TraceSegmentDocuments: [JSON.stringify(segment)] }));
    },
    async has(id) {
      const TraceIds = [traceIdOf(id)];
      const { Traces: [trace] = [] } = await client.send(new BatchGetTracesCommand({ TraceIds }));
      return trace?.Segments?.length === 1;
    },
  };
}
