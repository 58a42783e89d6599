import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { administrator } from '../../core/access.ts';
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
const queueArn = 'arn:aws:sqs:us-east-1:000000000000:sold';
const pattern = '{"source":["shop"]}';

let cloud: TestCloud;
let service: Service;
const send = vi.fn<(arn: string, body: string) => Promise<void>>();

beforeEach(async () => {
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
  cloud.ports.queues = { send };
}

/** As after a restart: the Terraform is applied again before the service starts. */
async function reopen(apply: () => Promise<unknown> = async () => undefined): Promise<void> {
  await service.stop?.();
  await open();
  await apply();
  await service.start?.();
  await service.resume?.();
}

async function call(operation: string, input: Attributes): Promise<Attributes> {
  const run = service.operations?.[operation];
  if (!run) throw new Error(`no ${operation}`);
  return { ...(await run(input, request)) };
}

async function apply(type: string, desired: Attributes): Promise<Attributes> {
  const handler = service.resources[`aws_cloudwatch_event_${type}`];
  if (!handler) throw new Error(`no ${type}`);
  return handler.apply(testResource(`aws_cloudwatch_event_${type}`, 'it', desired), undefined);
}

async function makeAll(): Promise<void> {
  await call('CreateEventBus', { Name: 'app', Description: 'The shop', Tags: [{ Key: 'team', Value: 'a' }] });
  await call('PutRule', { Name: 'sold', EventBusName: 'app', EventPattern: pattern });
  await call('PutTargets', { Rule: 'sold', EventBusName: 'app', Targets: [{ Id: 'q', Arn: queueArn }] });
}

const putEvent = () =>
  call('PutEvents', {
    Entries: [{ Source: 'shop', DetailType: 'Sold', Detail: '{}', EventBusName: 'app' }],
  });

test('what clients make outlasts a restart', async () => {
  await makeAll();
  await call('DisableRule', { Name: 'sold', EventBusName: 'app' });
  await reopen();
  expect(await call('DescribeEventBus', { Name: 'app' })).toMatchObject({ Description: 'The shop' });
  expect(await call('DescribeRule', { Name: 'sold', EventBusName: 'app' })).toMatchObject({
    State: 'DISABLED',
    EventPattern: pattern,
  });
  await call('EnableRule', { Name: 'sold', EventBusName: 'app' });
  await reopen();
  await putEvent();
  await vi.waitFor(() => expect(send).toHaveBeenCalledOnce());
});

test('what clients delete stays away', async () => {
  await makeAll();
  await expect(call('DeleteEventBus', { Name: 'app' })).rejects.toThrow('since it has rules');
  await expect(call('DeleteRule', { Name: 'sold', EventBusName: 'app' })).rejects.toThrow('has targets');
  await call('RemoveTargets', { Rule: 'sold', EventBusName: 'app', Ids: ['q'] });
  await call('DeleteRule', { Name: 'sold', EventBusName: 'app' });
  await call('DeleteEventBus', { Name: 'app' });
  await reopen();
  await expect(call('DescribeEventBus', { Name: 'app' })).rejects.toMatchObject({
    code: 'ResourceNotFoundException',
  });
  expect(await cloud.state.namespace('eventbridge').list('made/')).toEqual([]);
});

test('the Terraform goes before what clients changed', async () => {
  const terraform = async () => {
    await apply('bus', { name: 'app' });
    await apply('rule', { name: 'all', event_bus_name: 'app', event_pattern: pattern, tags: { team: 'b' } });
  };
  await terraform();
  await call('PutRule', { Name: 'all', EventBusName: 'app', EventPattern: '{"source":["other"]}' });
  await call('PutRule', { Name: 'more', EventBusName: 'app', EventPattern: pattern });
  await reopen(terraform);
  const { Rules } = await call('ListRules', { EventBusName: 'app' });
  expect(Rules).toMatchObject([
    { Name: 'all', EventPattern: pattern },
    { Name: 'more', EventPattern: pattern },
  ]);
  const ResourceARN = 'arn:aws:events:us-east-1:000000000000:rule/app/all';
  expect(await call('ListTagsForResource', { ResourceARN })).toEqual({ Tags: [{ Key: 'team', Value: 'b' }] });
  await reopen();
  await apply('bus', { name: 'app' });
  expect(await call('ListRules', { EventBusName: 'app' })).toEqual({ Rules: [] });
});

test('tags are put, taken and kept', async () => {
  await makeAll();
  const ResourceARN = 'arn:aws:events:us-east-1:000000000000:event-bus/app';
  await call('TagResource', { ResourceARN, Tags: [{ Key: 'cost', Value: '1' }] });
  await call('UntagResource', { ResourceARN, TagKeys: ['team'] });
  await reopen();
  expect(await call('ListTagsForResource', { ResourceARN })).toEqual({ Tags: [{ Key: 'cost', Value: '1' }] });
});

test.each([
  ['CreateEventBus', { Name: 'app' }, 'ResourceAlreadyExistsException'],
  ['CreateEventBus', { Name: 'a b' }, 'ValidationException'],
  ['CreateEventBus', { Name: 'x', KmsKeyIdentifier: 'k' }, 'NotImplemented'],
  ['DeleteEventBus', { Name: 'default' }, 'ValidationException'],
  ['PutRule', { Name: 'r', EventBusName: 'app' }, 'ValidationException'],
  ['PutRule', { Name: 'r', EventBusName: 'none', EventPattern: pattern }, 'ResourceNotFoundException'],
  ['PutRule', { Name: 'r', EventPattern: '{"source":1}' }, 'InvalidEventPatternException'],
  ['PutRule', { Name: 'r', State: 'ON', EventPattern: pattern }, 'ValidationException'],
  ['PutTargets', { Rule: 'none', Targets: [{ Id: 'a', Arn: queueArn }] }, 'ResourceNotFoundException'],
])('%s refuses %j', async (operation, input, code) => {
  await makeAll();
  await expect(call(operation, input)).rejects.toMatchObject({ code });
});

test.each([
  [[{ Id: 'a' }], 'ValidationException'],
  [[{ Id: 'a', Arn: queueArn, EcsParameters: { TaskCount: 1 } }], 'NotImplemented'],
  [[{ Id: 'a', Arn: queueArn, RetryPolicy: { MaximumRetryAttempts: 186 } }], 'ValidationException'],
  [[{ Id: 'a', Arn: queueArn, Input: 'no json' }], 'ValidationException'],
  [Array.from({ length: 6 }, (_, index) => ({ Id: `${index}`, Arn: queueArn })), 'LimitExceededException'],
])('no target is put of %j', async (Targets, code) => {
  await makeAll();
  const put = call('PutTargets', { Rule: 'sold', EventBusName: 'app', Targets });
  await expect(put).rejects.toMatchObject({ code });
});
