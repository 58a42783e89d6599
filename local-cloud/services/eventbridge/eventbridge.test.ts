import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { administrator } from '../../core/access.ts';
import { AwsError } from '../../core/errors.ts';
import type { Attributes, AwsRequest, Service } from '../../core/service.ts';
import { createTestCloud, type TestCloud, testResource } from '../../core/testing.ts';
import { createEventBridge } from './index.ts';

const request: AwsRequest = {
  method: 'POST',
  path: '/',
  query: new URLSearchParams(),
  headers: {},
  body: Buffer.alloc(0),
  region: 'us-east-1',
  caller: administrator,
};
const functionArn = 'arn:aws:lambda:us-east-1:000000000000:function:f';
const queueArn = 'arn:aws:sqs:us-east-1:000000000000:dead';

let cloud: TestCloud;
let service: Service;
const enqueue = vi.fn<(arn: string, payload: unknown, options?: { traceHeader?: string }) => Promise<void>>();
const send = vi.fn<(arn: string, body: string, attributes?: Record<string, string>) => Promise<void>>();

beforeEach(async () => {
  enqueue.mockReset().mockResolvedValue();
  send.mockReset().mockResolvedValue();
  cloud = createTestCloud();
  await open();
});

afterEach(async () => {
  await service.stop?.();
  cloud.remove();
});

async function open(): Promise<void> {
  service = await createEventBridge(cloud);
  cloud.ports.functions = { enqueue, invoke: () => Promise.reject(new Error('not asked')) };
  cloud.ports.queues = { send };
}

async function apply(type: string, desired: Attributes): Promise<Attributes> {
  const handler = service.resources[`aws_cloudwatch_event_${type}`];
  if (!handler) throw new Error(`no ${type}`);
  return handler.apply(testResource(`aws_cloudwatch_event_${type}`, 'it', desired), undefined);
}

async function applyRule(target: Attributes = {}): Promise<void> {
  await apply('bus', { name: 'app' });
  await apply('rule', { name: 'all', event_bus_name: 'app', event_pattern: '{"source":["shop"]}' });
  await apply('target', { rule: 'all', event_bus_name: 'app', target_id: 't', arn: functionArn, ...target });
}

async function call(operation: string, input: Record<string, unknown>): Promise<Record<string, unknown>> {
  const run = service.operations?.[operation];
  if (!run) throw new Error(`no ${operation}`);
  return { ...(await run(input, request)) };
}

const entry = { Source: 'shop', DetailType: 'Sold', Detail: '{"id":1}', EventBusName: 'app' };
const pending = () => cloud.state.namespace('eventbridge').list('delivery/');

test('a matching event arrives in AWS form, with its trace, and is forgotten', async () => {
  await applyRule();
  const answer = await call('PutEvents', {
    Entries: [{ ...entry, Time: 1_700_000_000.9, Resources: ['r'], TraceHeader: 'Root=1-a-b' }],
  });
  expect(answer).toMatchObject({ FailedEntryCount: 0, Entries: [{ EventId: expect.any(String) }] });
  await vi.waitFor(async () => expect(await pending()).toEqual([]));
  expect(enqueue).toHaveBeenCalledExactlyOnceWith(
    functionArn,
    {
      version: '0',
      id: expect.stringMatching(/^[0-9a-f-]{36}$/u),
      'detail-type': 'Sold',
      source: 'shop',
      account: '000000000000',
      time: '2023-11-14T22:13:20Z',
      region: 'us-east-1',
      resources: ['r'],
      detail: { id: 1 },
    },
    { traceHeader: 'Root=1-a-b' },
  );
  const recorded = cloud.recorded.metrics.filter(({ dimensions }) => dimensions['EventBusName'] === 'app');
  expect(recorded.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['MatchedEvents', 'TriggeredRules', 'Invocations']),
  );
});

test('an accepted event is on disk before the answer, and a restart delivers it', async () => {
  await applyRule();
  enqueue.mockReturnValue(new Promise<void>(() => undefined));
  await call('PutEvents', { Entries: [entry] });
  expect(await pending()).toHaveLength(1);
  enqueue.mockReset().mockResolvedValue();
  await open();
  await service.resume?.();
  await vi.waitFor(async () => expect(await pending()).toEqual([]));
  expect(enqueue).toHaveBeenCalledOnce();
});

test('a failing target is tried again until it takes the event', async () => {
  await applyRule();
  enqueue.mockRejectedValueOnce(new AwsError('TooManyRequestsException', 'Rate exceeded', 429));
  await call('PutEvents', { Entries: [entry] });
  await vi.waitFor(() => expect(enqueue).toHaveBeenCalledTimes(2), 5_000);
  await vi.waitFor(async () => expect(await pending()).toEqual([]));
});

test('an event that used up its attempts goes to the dead-letter queue with the reason', async () => {
  await applyRule({ retry_policy: { maximum_retry_attempts: 0 }, dead_letter_config: [{ arn: queueArn }] });
  enqueue.mockRejectedValue(new AwsError('TooManyRequestsException', 'Rate exceeded', 429));
  await call('PutEvents', { Entries: [entry] });
  await vi.waitFor(async () => expect(await pending()).toEqual([]));
  const [arn, body, attributes] = send.mock.calls[0] ?? [];
  expect(arn).toBe(queueArn);
  expect(JSON.parse(body ?? '')).toMatchObject({ source: 'shop', detail: { id: 1 } });
  expect(attributes).toEqual({
    RULE_ARN: 'arn:aws:events:us-east-1:000000000000:rule/app/all',
    TARGET_ARN: functionArn,
    ERROR_CODE: 'THROTTLING',
    ERROR_MESSAGE: 'Rate exceeded',
    RETRY_ATTEMPTS: '0',
    EXHAUSTED_RETRY_CONDITION: 'MaximumRetryAttempts',
  });
});

test('an event for a target that does not exist is not tried again', async () => {
  await applyRule({ dead_letter_config: { arn: queueArn } });
  enqueue.mockRejectedValue(new AwsError('ResourceNotFoundException', 'Function not found', 404));
  await call('PutEvents', { Entries: [entry] });
  await vi.waitFor(() => expect(send).toHaveBeenCalledOnce());
  expect(enqueue).toHaveBeenCalledOnce();
  expect(send.mock.calls[0]?.[2]).toMatchObject({ ERROR_CODE: 'NO_RESOURCE' });
});

test('wrong entries fail alone and the others pass', async () => {
  const answer = await call('PutEvents', {
    Entries: [
      entry,
      { ...entry, Detail: '{' },
      { ...entry, Detail: '[]' },
      { ...entry, Source: undefined },
      { ...entry, Source: 'aws.ec2' },
      { ...entry, EventBusName: 'nowhere' },
    ],
  });
  expect(answer['FailedEntryCount']).toBe(4);
  expect(answer['Entries']).toEqual([
    { EventId: expect.any(String) },
    { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' },
    { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' },
    expect.objectContaining({ ErrorCode: 'InvalidArgument' }),
    expect.objectContaining({ ErrorCode: 'NotAuthorizedForSourceException' }),
    { EventId: expect.any(String) },
  ]);
});

test.each<[string, unknown, string]>([
  ['no entries', undefined, 'ValidationException'],
  ['an empty list', [], 'ValidationException'],
  ['eleven entries', Array(11).fill(entry), 'ValidationException'],
  [
    'too many bytes',
    [{ ...entry, Detail: JSON.stringify({ a: 'x'.repeat(262_144) }) }],
    'ValidationException',
  ],
  ['an entry that is none', ['x'], 'SerializationException'],
  ['a source that is no text', [{ ...entry, Source: 1 }], 'SerializationException'],
  ['a time that is no number', [{ ...entry, Time: 'now' }], 'SerializationException'],
])('%s fails the request', async (_, entries, code) => {
  await expect(call('PutEvents', { Entries: entries })).rejects.toMatchObject({ code });
});

test('an input transformer fills its template', async () => {
  await applyRule({
    input_transformer: [
      {
        input_paths: { id: '$.detail.id', gone: '$.detail.gone', kind: '$.detail-type' },
        input_template: '{"id": <id>, "text": "sold <id> by <kind><gone>", "rule": <aws.events.rule-name>}',
      },
    ],
  });
  await call('PutEvents', { Entries: [entry] });
  await vi.waitFor(() => expect(enqueue).toHaveBeenCalledOnce());
  expect(enqueue.mock.calls[0]?.[1]).toEqual({ id: 1, text: 'sold 1 by Sold', rule: 'all' });
});

test('rules, targets and buses are described as AWS does', async () => {
  await applyRule({ input: '{"a":1}' });
  expect(await call('ListEventBuses', {})).toEqual({
    EventBuses: [
      { Name: 'default', Arn: 'arn:aws:events:us-east-1:000000000000:event-bus/default' },
      { Name: 'app', Arn: 'arn:aws:events:us-east-1:000000000000:event-bus/app' },
    ],
  });
  expect(await call('DescribeRule', { Name: 'all', EventBusName: 'app' })).toMatchObject({
    State: 'ENABLED',
  });
  expect(await call('ListTargetsByRule', { Rule: 'all', EventBusName: 'app' })).toMatchObject({
    Targets: [{ Id: 't', Arn: functionArn, Input: '{"a":1}', RetryPolicy: { MaximumRetryAttempts: 185 } }],
  });
  await expect(call('DescribeRule', { Name: 'none' })).rejects.toMatchObject({
    code: 'ResourceNotFoundException',
    message: 'Rule none does not exist on EventBus default.',
  });
});

test('a disabled rule sends nothing', async () => {
  await applyRule();
  await call('DisableRule', { Name: 'all', EventBusName: 'app' });
  await call('PutEvents', { Entries: [entry] });
  expect(await pending()).toEqual([]);
});

test('a target that cannot be reached here fails the apply by name', async () => {
  await expect(applyRule({ arn: 'arn:aws:kinesis:us-east-1:000000000000:stream/s' })).rejects.toThrow(
    'stream/s',
  );
  await expect(applyRule({ ecs_target: { task_count: 1 } })).rejects.toThrow('ecs_target');
});

test('a rule passes events from bus to bus', async () => {
  await applyRule();
  await apply('rule', { name: 'copy', event_pattern: '{"source":["shop"]}' });
  await apply('target', { rule: 'copy', arn: 'arn:aws:events:us-east-1:000000000000:event-bus/app' });
  await cloud.ports.buses.put([{ source: 'shop', detailType: 'Sold', detail: { id: 2 } }]);
  await vi.waitFor(() => expect(enqueue).toHaveBeenCalledOnce());
  expect(enqueue.mock.calls[0]?.[1]).toMatchObject({ source: 'shop', detail: { id: 2 } });
});
