import * as cloudwatch from '@aws-sdk/client-cloudwatch';
import * as logs from '@aws-sdk/client-cloudwatch-logs';
import * as dynamodb from '@aws-sdk/client-dynamodb';
import * as events from '@aws-sdk/client-eventbridge';
import * as sqs from '@aws-sdk/client-sqs';
import * as xray from '@aws-sdk/client-xray';
import { type AwsClient, RefusedCall, type ServiceName } from './client.ts';

interface AnyClient {
  send(command: object): Promise<object>;
  destroy(): void;
}

type Paginate = (config: { client: AnyClient }, input: object) => AsyncIterable<Record<string, unknown>>;

const modules: Record<ServiceName, Record<string, unknown>> = {
  cloudwatch: { ...cloudwatch },
  logs: { ...logs },
  xray: { ...xray },
  dynamodb: { ...dynamodb },
  sqs: { ...sqs },
  events: { ...events },
};

/** The SDK for JavaScript, version 3. */
export function openJavaScriptSdk(endpoint: string): AwsClient {
  const settings = {
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  };
  const clients: Record<ServiceName, AnyClient> = {
    cloudwatch: new cloudwatch.CloudWatchClient(settings),
    logs: new logs.CloudWatchLogsClient(settings),
    xray: new xray.XRayClient(settings),
    dynamodb: new dynamodb.DynamoDBClient(settings),
    sqs: new sqs.SQSClient(settings),
    events: new events.EventBridgeClient(settings),
  };
  return {
    async call<Output>(service: ServiceName, operation: string, input: object = {}) {
      const Command = modules[service][`${operation}Command`] as new (input: object) => object;
      try {
        return asPlain(await clients[service].send(new Command(withDates(input)))) as Output;
      } catch (error) {
        throw asRefused(error);
      }
    },
    async every<Output>(service: ServiceName, operation: string, input: object = {}) {
      const paginate = modules[service][`paginate${operation}`] as Paginate;
      const joined: Record<string, unknown> = {};
      for await (const page of paginate({ client: clients[service] }, withDates(input))) join(joined, page);
      return asPlain(joined) as Output;
    },
    async close() {
      for (const client of Object.values(clients)) client.destroy();
    },
  };
}

/** Lists go on where the page before ended, as the paginators of the other clients join them. */
function join(joined: Record<string, unknown>, page: Record<string, unknown>): void {
  for (const [name, value] of Object.entries(page)) {
    const before = joined[name];
    joined[name] = Array.isArray(before) && Array.isArray(value) ? [...before, ...value] : value;
  }
}

/** The SDK wants dates where the other clients take ISO text. */
function withDates<Value>(value: Value): Value {
  return JSON.parse(JSON.stringify(value), (key, inner: unknown) =>
    typeof inner === 'string' && /Time(stamp)?$/.test(key) && /^\d{4}-\d\d-\d\dT/.test(inner)
      ? new Date(inner)
      : inner,
  ) as Value;
}

function asPlain(output: object): unknown {
  const { $metadata: _, ...rest } = output as Record<string, unknown>;
  return JSON.parse(
    JSON.stringify(rest, (_key, value: unknown) =>
      value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value,
    ),
  );
}

function asRefused(error: unknown): unknown {
  if (!(error instanceof Error) || !('$metadata' in error)) return error;
  const { $metadata, $fault: _, ...details } = { ...error } as Record<string, unknown>;
  const { httpStatusCode } = $metadata as { httpStatusCode?: number };
  return new RefusedCall({
    code: String(details['Code'] ?? error.name),
    exception: error.name,
    message: error.message,
    status: httpStatusCode,
    details,
  });
}
