import { randomUUID } from 'node:crypto';
import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import {
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterAll, afterEach, beforeAll, describe, expect, inject, test, vi } from 'vitest';
import type { Service } from '../../../core/service.ts';
import { testResource } from '../../../core/testing.ts';
import { type Gateway, listen } from '../../../gateway/gateway.ts';
import { createDynamodb } from '../../dynamodb/index.ts';
import { createSqs } from '../../sqs/index.ts';
import { createLambdaFixture, type LambdaFixture } from '../lambda-fixture.ts';

const patience = { timeout: 20_000, interval: 20 };
const logger = { info() {}, warn() {}, error() {} };
const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
/** Logs what it is handed, one line a record; fails on the record whose key is in `POISON`. */
const recorder = `export const handler = async ({ Records }) => {
  const failed = [];
  for (const record of Records) {
    const id = record.dynamodb?.Keys.id.S ?? record.body;
    if (id.startsWith('poison')) { failed.push({ itemIdentifier: record.dynamodb?.SequenceNumber ?? record.messageId }); break; }
    process.stdout.write('RECORD ' + JSON.stringify({ ...record, id }) + '\\n');
  }
  return { batchItemFailures: failed };
};`;

let gateway: Gateway;
let lambda: LambdaFixture;
let dynamodb: Service;
let sqs: Service;

const settings = () => ({ endpoint: gateway.url, region: 'us-east-1', credentials });
const apply = (service: Service, type: string, name: string, desired: Record<string, unknown>) => {
  const handler = service.resources[type];
  if (!handler) throw new Error(`Nothing handles ${type}.`);
  return handler.apply(testResource(type, name, desired), undefined);
};

beforeAll(async () => {
  gateway = await listen(0, logger);
  lambda = createLambdaFixture({
    cloud: { endpointUrl: gateway.url, sharedEngine: inject('sharedEngine') },
  });
  dynamodb = await createDynamodb(lambda.cloud);
  sqs = await createSqs(lambda.cloud);
  await dynamodb.prepare?.();
  gateway.open([dynamodb, sqs, lambda.lambda], lambda.cloud);
  await lambda.lambda.resume?.();
});

afterAll(async () => {
  await lambda.lambda.stop?.();
  await sqs.stop?.();
  await dynamodb.stop?.();
  await gateway.close();
  await lambda.close();
});

afterEach(() => {
  lambda.logged.length = 0;
});

type Recorded = Record<string, unknown> & { id: string };
const recorded = (functionName: string): Recorded[] =>
  lambda.logged
    .filter(({ group, message }) => group === `/aws/lambda/${functionName}` && message.startsWith('RECORD '))
    .map(({ message }) => JSON.parse(message.slice('RECORD '.length)) as Recorded);

async function tableWithStream(): Promise<{
  name: string;
  streamArn: string;
  put: (id: string) => Promise<void>;
}> {
  const name = `table-${randomUUID()}`;
  const { stream_arn } = await apply(dynamodb, 'aws_dynamodb_table', name, {
    name,
    billing_mode: 'PAY_PER_REQUEST',
    hash_key: 'id',
    attribute: [{ name: 'id', type: 'S' }],
    stream_enabled: true,
    stream_view_type: 'NEW_IMAGE',
  });
  const client = new DynamoDBClient(settings());
  return {
    name,
    streamArn: String(stream_arn),
    put: async (id) =>
      void (await client.send(new PutItemCommand({ TableName: name, Item: { id: { S: id } } }))),
  };
}

describe('a DynamoDB stream', () => {
  test('reaches its function in order, in the shape of AWS', async () => {
    const { streamArn, put } = await tableWithStream();
    await lambda.deploy('follows', recorder);
    await lambda.apply('aws_lambda_event_source_mapping', 'follows', {
      event_source_arn: streamArn,
      function_name: 'follows',
      starting_position: 'TRIM_HORIZON',
    });
    for (const id of ['a', 'b', 'c']) await put(id);
    await vi.waitFor(
      () => expect(recorded('follows').map(({ id }) => id)).toEqual(['a', 'b', 'c']),
      patience,
    );
    expect(recorded('follows')[0]).toMatchObject({
      eventID: expect.any(String),
      eventName: 'INSERT',
      eventVersion: '1.1',
      eventSource: 'aws:dynamodb',
      awsRegion: 'us-east-1',
      eventSourceARN: streamArn,
      dynamodb: {
        Keys: { id: { S: 'a' } },
        NewImage: { id: { S: 'a' } },
        SequenceNumber: expect.any(String),
        ApproximateCreationDateTime: expect.any(Number),
        StreamViewType: 'NEW_IMAGE',
      },
    });
  });

  test('goes on after a pause where it was, neither losing nor repeating', async () => {
    const { streamArn, put } = await tableWithStream();
    await lambda.deploy('resumes', recorder);
    const desired = {
      event_source_arn: streamArn,
      function_name: 'resumes',
      starting_position: 'LATEST',
      batch_size: 2,
    };
    await put('before');
    const mapping = await lambda.apply('aws_lambda_event_source_mapping', 'resumes', desired);
    const state = lambda.cloud.state.namespace('lambda-event-sources');
    await vi.waitFor(async () => expect(await state.list(String(mapping['uuid']))).not.toEqual([]), patience);
    const place = () => state.list(String(mapping['uuid']));
    const before = await place();
    await put('first');
    await vi.waitFor(() => expect(recorded('resumes').map(({ id }) => id)).toEqual(['first']), patience);
    // What it was doing when it is paused would come again.
    await vi.waitFor(async () => expect(await place()).not.toEqual(before), patience);
    await lambda.apply('aws_lambda_event_source_mapping', 'resumes', { ...desired, enabled: false }, mapping);
    for (const id of ['1', '2', '3']) await put(id);
    await lambda.apply('aws_lambda_event_source_mapping', 'resumes', desired, mapping);
    await vi.waitFor(
      () => expect(recorded('resumes').map(({ id }) => id)).toEqual(['first', '1', '2', '3']),
      patience,
    );
  });

  test('leaves out what the filter does not want, and sends what fails to its queue', async () => {
    const { streamArn, put } = await tableWithStream();
    const queue = await apply(sqs, 'aws_sqs_queue', 'stream-failures', { name: 'stream-failures' });
    await lambda.deploy('filters', recorder);
    await lambda.apply('aws_lambda_event_source_mapping', 'filters', {
      event_source_arn: streamArn,
      function_name: 'filters',
      starting_position: 'TRIM_HORIZON',
      function_response_types: ['ReportBatchItemFailures'],
      maximum_retry_attempts: 0,
      bisect_batch_on_function_error: true,
      filter_criteria: {
        filter: [{ pattern: '{"dynamodb":{"Keys":{"id":{"S":[{"anything-but":{"prefix":"ignored"}}]}}}}' }],
      },
      destination_config: { on_failure: { destination_arn: queue['arn'] } },
    });
    for (const id of ['one', 'ignored', 'poison', 'two']) await put(id);
    await vi.waitFor(() => expect(recorded('filters').map(({ id }) => id)).toEqual(['one', 'two']), patience);
    const { Messages = [] } = await new SQSClient(settings()).send(
      new ReceiveMessageCommand({ QueueUrl: String(queue['url']), WaitTimeSeconds: 5 }),
    );
    expect(Messages).toHaveLength(1);
    expect(JSON.parse(Messages[0]?.Body ?? '')).toMatchObject({
      DDBStreamBatchInfo: { batchSize: 1, streamArn },
    });
  });
});

describe('a queue', () => {
  test('hands a batch on in a trace of its own, which names those of the messages', async () => {
    const queue = await apply(sqs, 'aws_sqs_queue', 'traced', { name: 'traced' });
    await lambda.deploy('traced', recorder, { tracing_config: { mode: 'Active' } });
    await lambda.apply('aws_lambda_event_source_mapping', 'traced', {
      event_source_arn: queue['arn'],
      function_name: 'traced',
    });
    const root = '1-5759e988-bd862e3fe1be46a994272793';
    const StringValue = `Root=${root};Parent=53995c3f42cd8ad8;Sampled=1`;
    await new SQSClient(settings()).send(
      new SendMessageCommand({
        ...{ QueueUrl: String(queue['url']), MessageBody: 'traced' },
        MessageSystemAttributes: { AWSTraceHeader: { DataType: 'String', StringValue } },
      }),
    );
    await vi.waitFor(() => {
      const [service] = lambda.cloud.recorded.segments.filter(({ name }) => name === 'traced');
      expect(service).toMatchObject({ links: [{ trace_id: root, id: '53995c3f42cd8ad8' }] });
      expect(service?.trace_id).not.toBe(root);
    }, patience);
    expect(recorded('traced')).toMatchObject([{ attributes: { AWSTraceHeader: StringValue } }]);
  });

  test('is emptied by its function, but for what failed', async () => {
    const queue = await apply(sqs, 'aws_sqs_queue', 'work', {
      name: 'work',
      visibility_timeout_seconds: 600,
    });
    await lambda.deploy('works', recorder);
    await lambda.apply('aws_lambda_event_source_mapping', 'works', {
      event_source_arn: queue['arn'],
      function_name: 'works',
      function_response_types: ['ReportBatchItemFailures'],
    });
    const client = new SQSClient(settings());
    await client.send(
      new SendMessageBatchCommand({
        QueueUrl: String(queue['url']),
        Entries: ['fine', 'poison'].map((id) => ({ Id: id, MessageBody: id })),
      }),
    );
    const state = lambda.cloud.state.namespace('sqs');
    await vi.waitFor(async () => {
      expect(recorded('works')).toMatchObject([
        { body: 'fine', eventSource: 'aws:sqs', eventSourceARN: queue['arn'], awsRegion: 'us-east-1' },
      ]);
      expect(await state.list('work/')).toMatchObject([{ value: { body: 'poison', receiveCount: 1 } }]);
    }, patience);
  });

  test('answers the SDK, which checks every digest', async () => {
    const { url } = await apply(sqs, 'aws_sqs_queue', 'plain', { name: 'plain' });
    const client = new SQSClient(settings());
    const QueueUrl = String(url);
    await client.send(
      new SendMessageCommand({
        QueueUrl,
        MessageBody: 'grüße',
        MessageAttributes: {
          text: { DataType: 'String', StringValue: 'ä' },
          bytes: { DataType: 'Binary', BinaryValue: Buffer.from([1, 2, 255]) },
        },
      }),
    );
    const { Messages = [] } = await client.send(
      new ReceiveMessageCommand({ QueueUrl, MessageAttributeNames: ['All'], WaitTimeSeconds: 1 }),
    );
    expect(Messages[0]).toMatchObject({
      Body: 'grüße',
      MessageAttributes: { bytes: { BinaryValue: new Uint8Array([1, 2, 255]) } },
    });
    await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: Messages[0]?.ReceiptHandle }));
    const missing = client.send(new SendMessageCommand({ QueueUrl: `${QueueUrl}-none`, MessageBody: 'x' }));
    await expect(missing).rejects.toMatchObject({ name: 'QueueDoesNotExist' });
  });
});

test('the SDK invokes functions and reads their errors', async () => {
  const client = new LambdaClient(settings());
  await lambda.deploy(
    'sdk',
    'export const handler = async (event) => { if (event.fail) throw new Error("x"); return 1; };',
  );
  const fine = await client.send(new InvokeCommand({ FunctionName: 'sdk', Payload: '{}', LogType: 'Tail' }));
  expect(fine).toMatchObject({ StatusCode: 200, ExecutedVersion: '$LATEST', LogResult: expect.any(String) });
  expect(fine.Payload?.transformToString()).toBe('1');
  const failed = await client.send(new InvokeCommand({ FunctionName: 'sdk', Payload: '{"fail":true}' }));
  expect(failed.FunctionError).toBe('Unhandled');
  await expect(client.send(new InvokeCommand({ FunctionName: 'none' }))).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
  });
});
