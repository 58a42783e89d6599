import {
  CreateScheduleCommand,
  CreateScheduleGroupCommand,
  DeleteScheduleCommand,
  GetScheduleCommand,
  ListSchedulesCommand,
  ListTagsForResourceCommand,
  SchedulerClient,
  TagResourceCommand,
  type Target,
  UntagResourceCommand,
} from '@aws-sdk/client-scheduler';
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Attributes, Service } from '../../core/service.ts';
import { createTestCloud, type TestCloud, testResource } from '../../core/testing.ts';
import { type Gateway, listen } from '../../gateway/gateway.ts';
import { createEventBridge } from '../eventbridge/index.ts';
import { createIam } from '../iam/index.ts';
import { createSqs } from '../sqs/index.ts';
import { createSsm } from '../ssm/index.ts';
import { createEventBridgeScheduler } from './index.ts';

let gateway: Gateway;
let cloud: TestCloud;
let services: Service[];
let scheduler: SchedulerClient;
let sqs: SQSClient;
let ssm: SSMClient;
const account = 'us-east-1:000000000000';

beforeAll(async () => {
  gateway = await listen(0, { info: () => undefined, warn: () => undefined, error: console.error });
  cloud = createTestCloud({ endpointUrl: gateway.url });
  services = [
    await createIam(cloud),
    await createSqs(cloud),
    await createEventBridge(cloud),
    await createSsm(cloud),
    await createEventBridgeScheduler(cloud),
  ];
  gateway.open(services, cloud);
  for (const service of services) await service.start?.();
  const settings = {
    ...{ endpoint: gateway.url, region: 'us-east-1', maxAttempts: 1 },
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  };
  [scheduler, sqs, ssm] = [new SchedulerClient(settings), new SQSClient(settings), new SSMClient(settings)];
});
afterAll(async () => {
  for (const service of services.toReversed()) await service.stop?.();
  await gateway.close();
  cloud.remove();
});

async function apply(type: string, name: string, desired: Attributes): Promise<Attributes> {
  const handler = services.flatMap((service) => service.resources[type] ?? [])[0];
  if (!handler) throw new Error(`No service makes ${type}.`);
  return handler.apply(testResource(type, name, desired), undefined);
}

async function role(name: string, actions: string[], service = 'scheduler.amazonaws.com'): Promise<string> {
  const assume_role_policy = JSON.stringify({
    Statement: { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: service } },
  });
  const { arn } = await apply('aws_iam_role', name, { name, assume_role_policy });
  const policy = JSON.stringify({ Statement: { Effect: 'Allow', Action: actions, Resource: '*' } });
  await apply('aws_iam_role_policy', name, { name, role: name, policy });
  return String(arn);
}

const create = (Name: string, Target: Target) =>
  scheduler.send(
    new CreateScheduleCommand({
      ...{ Name, Target, ScheduleExpression: 'rate(1 hour)', FlexibleTimeWindow: { Mode: 'OFF' } },
    }),
  );

async function queue(QueueName: string) {
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName }));
  return {
    arn: `arn:aws:sqs:${account}:${QueueName}`,
    url: QueueUrl,
    async next() {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 10, MessageAttributeNames: ['All'] }),
      );
      return Messages[0];
    },
  };
}

test('a schedule sends to a queue, and asks any service, as its role', async () => {
  const RoleArn = await role('sender', ['sqs:SendMessage', 'ssm:PutParameter']);
  const work = await queue('work');
  await create('templated', { Arn: work.arn, RoleArn, Input: 'hello' });
  expect((await work.next())?.Body).toBe('hello');
  const Input = JSON.stringify({ QueueUrl: work.url, MessageBody: '<aws.scheduler.schedule-arn>' });
  await create('universal', { Arn: 'arn:aws:scheduler:::aws-sdk:sqs:sendMessage', RoleArn, Input });
  await vi.waitFor(async () => {
    expect((await work.next())?.Body).toBe(`arn:aws:scheduler:${account}:schedule/default/universal`);
  });
  const parameter = JSON.stringify({ Name: '/tick', Value: 'tock', Type: 'String' });
  await create('parameter', {
    ...{ Arn: 'arn:aws:scheduler:::aws-sdk:ssm:putParameter', RoleArn, Input: parameter },
  });
  await vi.waitFor(async () => {
    const { Parameter } = await ssm.send(new GetParameterCommand({ Name: '/tick' }));
    expect(Parameter?.Value).toBe('tock');
  });
});

test('what its role may not do goes to the dead-letter queue', async () => {
  const RoleArn = await role('poor', ['sqs:SendMessage']);
  const dead = await queue('dead');
  await create('refused', {
    ...{ Arn: 'arn:aws:scheduler:::aws-sdk:ssm:putParameter', RoleArn },
    ...{ Input: '{"Name":"/no","Value":"x","Type":"String"}', DeadLetterConfig: { Arn: dead.arn } },
  });
  const letter = await dead.next();
  expect(letter?.MessageAttributes).toMatchObject({ ERROR_CODE: { StringValue: 'NO_PERMISSIONS' } });
});

test('a role that does not trust the scheduler is refused', async () => {
  const RoleArn = await role('stranger', ['sqs:*'], 'lambda.amazonaws.com');
  await expect(create('stranger', { Arn: `arn:aws:sqs:${account}:work`, RoleArn })).rejects.toThrow(
    /must allow AWS EventBridge Scheduler to assume the role/u,
  );
});

test('groups, tags, pages and errors are those of AWS’s client', async () => {
  const RoleArn = await role('any', ['sqs:SendMessage']);
  const { ScheduleGroupArn: ResourceArn } = await scheduler.send(
    new CreateScheduleGroupCommand({ Name: 'shop', Tags: [{ Key: 'a', Value: '1' }] }),
  );
  await scheduler.send(new TagResourceCommand({ ResourceArn, Tags: [{ Key: 'b', Value: '2' }] }));
  await scheduler.send(new UntagResourceCommand({ ResourceArn, TagKeys: ['a'] }));
  const { Tags } = await scheduler.send(new ListTagsForResourceCommand({ ResourceArn }));
  expect(Tags).toEqual([{ Key: 'b', Value: '2' }]);
  const StartDate = new Date('2030-01-01T00:00:00Z');
  for (const Name of ['one', 'two', 'three']) {
    await scheduler.send(
      new CreateScheduleCommand({
        ...{ Name, GroupName: 'shop', StartDate, ScheduleExpression: 'rate(1 day)' },
        ...{ FlexibleTimeWindow: { Mode: 'OFF' }, Target: { Arn: `arn:aws:sqs:${account}:work`, RoleArn } },
      }),
    );
  }
  const told = await scheduler.send(new GetScheduleCommand({ Name: 'one', GroupName: 'shop' }));
  expect(told.StartDate).toEqual(StartDate);
  expect(told.CreationDate?.getTime()).toBeGreaterThan(Date.now() - 60_000);
  const list = (NextToken?: string) =>
    scheduler.send(new ListSchedulesCommand({ GroupName: 'shop', MaxResults: 2, NextToken }));
  const first = await list();
  const second = await list(first.NextToken);
  expect([...(first.Schedules ?? []), ...(second.Schedules ?? [])].map(({ Name }) => Name)).toEqual([
    ...['one', 'three', 'two'],
  ]);
  await expect(scheduler.send(new DeleteScheduleCommand({ Name: 'one' }))).rejects.toMatchObject({
    ...{ name: 'ResourceNotFoundException', $metadata: { httpStatusCode: 404 } },
  });
});
