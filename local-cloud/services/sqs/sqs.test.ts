import { afterEach, describe, expect, test, vi } from 'vitest';
import type { AwsRequest, Service } from '../../core/service.ts';
import { createTestCloud, type TestCloud, testResource } from '../../core/testing.ts';
import { createSqs } from './index.ts';

const request = { headers: {} } as AwsRequest;
const opened: { cloud: TestCloud; sqs: Service }[] = [];

async function queues(
  named: Record<string, Record<string, unknown>>,
  given: Parameters<typeof createTestCloud>[0] = {},
) {
  const cloud = createTestCloud(given);
  const sqs = await createSqs(cloud);
  opened.push({ cloud, sqs });
  const attributes: Record<string, Record<string, unknown>> = {};
  for (const [name, desired] of Object.entries(named)) {
    attributes[name] = await apply(sqs, 'aws_sqs_queue', { name, ...desired });
  }
  const call = (operation: string, input: Record<string, unknown>) => {
    const run = sqs.operations?.[operation];
    if (!run) throw new Error(`SQS has no ${operation}.`);
    return run(input, request) as Promise<Record<string, unknown>>;
  };
  const receive = async (queue: string, input: Record<string, unknown> = {}) => {
    const answer = await call('ReceiveMessage', { QueueUrl: url(queue), MaxNumberOfMessages: 10, ...input });
    return (answer['Messages'] ?? []) as Record<string, string>[];
  };
  return { cloud, sqs, call, receive, attributes };
}

async function apply(sqs: Service, type: string, desired: Record<string, unknown>) {
  const handler = sqs.resources[type];
  if (!handler) throw new Error(`SQS does not handle ${type}.`);
  return handler.apply(testResource(type, 'one', desired), undefined);
}

const url = (name: string) => `http://127.0.0.1:4566/000000000000/${name}`;
const arn = (name: string) => `arn:aws:sqs:us-east-1:000000000000:${name}`;

afterEach(async () => {
  vi.useRealTimers();
  for (const { cloud, sqs } of opened.splice(0)) {
    await sqs.stop?.();
    cloud.remove();
  }
});

describe('a message', () => {
  test('is answered with the digests SDKs check', async () => {
    const { call } = await queues({ one: {} });
    const sent = await call('SendMessage', {
      QueueUrl: url('one'),
      MessageBody: 'hello world',
      MessageAttributes: {
        test_attribute_name_1: { DataType: 'String', StringValue: 'test_attribute_value_1' },
      },
    });
    expect(sent).toMatchObject({
      MessageId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      MD5OfMessageBody: '5eb63bbbe01eeed093cb22bb8f5acdc3',
      MD5OfMessageAttributes: expect.stringMatching(/^[0-9a-f]{32}$/),
    });
  });

  test('is received once, with what was asked for, until its visibility ends', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const { call, receive } = await queues({ one: { visibility_timeout_seconds: 5 } });
    await call('SendMessage', { QueueUrl: url('one'), MessageBody: 'a' });
    const [first] = await receive('one', { MessageSystemAttributeNames: ['ApproximateReceiveCount'] });
    expect(first).toMatchObject({ Body: 'a', Attributes: { ApproximateReceiveCount: '1' } });
    expect(await receive('one')).toEqual([]);
    vi.setSystemTime(Date.now() + 5000);
    const [second] = await receive('one', { AttributeNames: ['All'] });
    expect(second).toMatchObject({ Body: 'a', Attributes: { ApproximateReceiveCount: '2' } });
    expect(second?.['ReceiptHandle']).not.toBe(first?.['ReceiptHandle']);
  });

  test('goes to only one of two receivers that ask at once', async () => {
    const { call, receive } = await queues({ one: { redrive_policy: redrive('none', 5) } });
    await call('SendMessage', { QueueUrl: url('one'), MessageBody: 'a' });
    const answers = await Promise.all([receive('one'), receive('one')]);
    expect(answers.flat()).toHaveLength(1);
  });

  test('that was deleted is gone, and deleting it again is no error', async () => {
    const { call, receive, cloud } = await queues({ one: { visibility_timeout_seconds: 0 } });
    await call('SendMessage', { QueueUrl: url('one'), MessageBody: 'a' });
    const [message] = await receive('one');
    const deletion = { QueueUrl: url('one'), ReceiptHandle: message?.['ReceiptHandle'] };
    await call('DeleteMessage', deletion);
    await call('DeleteMessage', deletion);
    expect(await receive('one')).toEqual([]);
    expect(await cloud.state.namespace('sqs').list()).toEqual([]);
  });

  test('keeps the trace that it was sent in', async () => {
    const { call, receive, cloud } = await queues({ one: {} });
    const attribute = { AWSTraceHeader: { DataType: 'String', StringValue: 'Root=1-a-b' } };
    await call('SendMessage', {
      ...{ QueueUrl: url('one'), MessageBody: 'own', MessageSystemAttributes: attribute },
    });
    await cloud.ports.queues.send(arn('one'), 'port', {}, { traceHeader: 'Root=1-c-d' });
    const messages = await receive('one', { MessageSystemAttributeNames: ['AWSTraceHeader'] });
    expect(messages).toMatchObject([
      { Body: 'own', Attributes: { AWSTraceHeader: 'Root=1-a-b' } },
      { Body: 'port', Attributes: { AWSTraceHeader: 'Root=1-c-d' } },
    ]);
  });

  test('ends a long poll that waits for it', async () => {
    const { call, receive, cloud } = await queues({ one: {} });
    const waiting = receive('one', { WaitTimeSeconds: 20 });
    await cloud.ports.queues.send(arn('one'), 'late', { Why: 'because' });
    expect(await waiting).toMatchObject([{ Body: 'late' }]);
    expect(await call('GetQueueAttributes', { QueueUrl: url('one'), AttributeNames: ['All'] })).toMatchObject(
      {
        Attributes: { ApproximateNumberOfMessages: '0', ApproximateNumberOfMessagesNotVisible: '1' },
      },
    );
  });

  test('may be given more time, or back at once', async () => {
    const { call, receive } = await queues({ one: {} });
    await call('SendMessage', { QueueUrl: url('one'), MessageBody: 'a' });
    const [message] = await receive('one');
    const change = { QueueUrl: url('one'), ReceiptHandle: message?.['ReceiptHandle'], VisibilityTimeout: 0 };
    await call('ChangeMessageVisibility', change);
    expect(await receive('one')).toHaveLength(1);
  });

  test('is still there after a restart, with its receipt', async () => {
    const first = await queues({ one: {} });
    await first.call('SendMessage', { QueueUrl: url('one'), MessageBody: 'taken' });
    await first.call('SendMessage', { QueueUrl: url('one'), MessageBody: 'kept' });
    const [taken] = await first.receive('one', { MaxNumberOfMessages: 1 });
    const second = await queues({ one: {} }, { state: first.cloud.state });
    await second.call('DeleteMessage', { QueueUrl: url('one'), ReceiptHandle: taken?.['ReceiptHandle'] });
    expect(await second.receive('one')).toMatchObject([{ Body: 'kept' }]);
  });
});

describe('a message received too often', () => {
  test('moves to the dead-letter queue with its id and its origin', async () => {
    const { call, receive } = await queues({
      dead: {},
      one: { visibility_timeout_seconds: 0, redrive_policy: redrive('dead', 2) },
    });
    const { MessageId } = await call('SendMessage', { QueueUrl: url('one'), MessageBody: 'a' });
    expect(await receive('one')).toHaveLength(1);
    expect(await receive('one')).toHaveLength(1);
    expect(await receive('one')).toEqual([]);
    expect(await receive('dead', { AttributeNames: ['All'] })).toMatchObject([
      {
        MessageId,
        Body: 'a',
        Attributes: { DeadLetterQueueSourceArn: arn('one'), ApproximateReceiveCount: '3' },
      },
    ]);
  });

  test('stays where it is when there is no such queue, and the log says so', async () => {
    const { call, receive, cloud } = await queues({
      one: { visibility_timeout_seconds: 0, redrive_policy: redrive('nowhere', 1) },
    });
    await call('SendMessage', { QueueUrl: url('one'), MessageBody: 'a' });
    await receive('one');
    expect(await receive('one')).toHaveLength(1);
    expect(cloud.recorded.log).toContainEqual(expect.objectContaining({ level: 'warn' }));
  });
});

describe('what is refused', () => {
  test('a queue that does not exist, under both of its names', async () => {
    const { call } = await queues({});
    await expect(call('GetQueueUrl', { QueueName: 'none' })).rejects.toMatchObject({
      code: 'QueueDoesNotExist',
      details: { queryErrorCode: 'AWS.SimpleQueueService.NonExistentQueue' },
    });
  });

  test.each([
    ['an empty batch', 'SendMessageBatch', { Entries: [] }, 'EmptyBatchRequest'],
    ['a batch of eleven', 'SendMessageBatch', { Entries: entries(11) }, 'TooManyEntriesInBatchRequest'],
    [
      'an id twice',
      'SendMessageBatch',
      { Entries: [...entries(1), ...entries(1)] },
      'BatchEntryIdsNotDistinct',
    ],
    ['an odd id', 'SendMessageBatch', { Entries: [{ Id: 'a b', MessageBody: 'x' }] }, 'InvalidBatchEntryId'],
    ['a large batch', 'SendMessageBatch', { Entries: entries(3, 100_000) }, 'BatchRequestTooLong'],
    ['a large message', 'SendMessage', { MessageBody: 'x'.repeat(262_145) }, 'InvalidParameterValue'],
    ['no body', 'SendMessage', {}, 'MissingParameter'],
    ['eleven at once', 'ReceiveMessage', { MaxNumberOfMessages: 11 }, 'InvalidParameterValue'],
    ['an odd receipt', 'DeleteMessage', { ReceiptHandle: 'x' }, 'ReceiptHandleIsInvalid'],
  ])('%s', async (_case, operation, input, code) => {
    const { call } = await queues({ one: {} });
    await expect(call(operation, { QueueUrl: url('one'), ...input })).rejects.toMatchObject({ code });
  });

  test('a FIFO queue', async () => {
    await expect(queues({ 'one.fifo': { fifo_queue: true } })).rejects.toMatchObject({
      code: 'NotImplemented',
    });
  });

  test('one entry of a batch does not keep the others back', async () => {
    const { call, receive } = await queues({ one: {} });
    const Entries = [
      { Id: 'a', MessageBody: 'fine' },
      { Id: 'b', MessageBody: '' },
    ];
    expect(await call('SendMessageBatch', { QueueUrl: url('one'), Entries })).toMatchObject({
      Successful: [{ Id: 'a' }],
      Failed: [{ Id: 'b', SenderFault: true, Code: 'MissingParameter' }],
    });
    expect(await receive('one')).toHaveLength(1);
  });
});

test('a queue exports what Terraform code may refer to', async () => {
  const { attributes, sqs, call } = await queues({ one: { message_retention_seconds: 60 } });
  expect(attributes['one']).toMatchObject({ id: url('one'), url: url('one'), arn: arn('one'), name: 'one' });
  await apply(sqs, 'aws_sqs_queue_policy', { queue_url: url('one'), policy: '{}' });
  expect(
    await call('GetQueueAttributes', { QueueUrl: url('one'), AttributeNames: ['Policy', 'QueueArn'] }),
  ).toEqual({
    Attributes: { Policy: '{}', QueueArn: arn('one') },
  });
});

test('stopping lets a long poll go', async () => {
  const { sqs, receive } = await queues({ one: {} });
  const waiting = receive('one', { WaitTimeSeconds: 20 });
  await sqs.stop?.();
  expect(await waiting).toEqual([]);
});

function redrive(target: string, maxReceiveCount: number): string {
  return JSON.stringify({ deadLetterTargetArn: arn(target), maxReceiveCount });
}

function entries(count: number, size = 1) {
  return Array.from({ length: count }, (_, index) => ({ Id: `e${index}`, MessageBody: 'x'.repeat(size) }));
}
