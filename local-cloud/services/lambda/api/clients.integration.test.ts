import {
  AddPermissionCommand,
  CreateAliasCommand,
  CreateEventSourceMappingCommand,
  CreateFunctionCommand,
  DeleteAliasCommand,
  DeleteFunctionCommand,
  GetAccountSettingsCommand,
  GetEventSourceMappingCommand,
  GetFunctionCommand,
  GetFunctionConcurrencyCommand,
  GetFunctionEventInvokeConfigCommand,
  GetPolicyCommand,
  InvokeCommand,
  LambdaClient,
  ListAliasesCommand,
  ListTagsCommand,
  ListVersionsByFunctionCommand,
  PublishVersionCommand,
  PutFunctionConcurrencyCommand,
  PutFunctionEventInvokeConfigCommand,
  PutProvisionedConcurrencyConfigCommand,
  RemovePermissionCommand,
  TagResourceCommand,
  UpdateAliasCommand,
  UpdateEventSourceMappingCommand,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createMemoryState } from '../../../core/memory-state.ts';
import { type Gateway, listen } from '../../../gateway/gateway.ts';
import { archiveOf, createLambdaFixture, type LambdaFixture } from '../lambda-fixture.ts';

const logger = { info() {}, warn() {}, error() {} };
const state = createMemoryState();
const opened: { gateway: Gateway; fixture: LambdaFixture }[] = [];
const FunctionName = 'shop';
const ZipFile = archiveOf('export const handler = async (event) => ["first", process.env.MODE, event];');
let client: LambdaClient;

/** A process of the local cloud, on the data of the one before. */
async function start(): Promise<LambdaClient> {
  const gateway = await listen(0, logger);
  const dataDirectory = opened[0]?.fixture.cloud.dataDirectory;
  const fixture = createLambdaFixture({
    cloud: { endpointUrl: gateway.url, state, ...(dataDirectory ? { dataDirectory } : {}) },
  });
  gateway.open([fixture.lambda], fixture.cloud);
  await fixture.lambda.prepare?.();
  await fixture.lambda.resume?.();
  opened.unshift({ gateway, fixture });
  return new LambdaClient({
    endpoint: gateway.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  });
}

async function invoke(Qualifier?: string) {
  const { Payload, ExecutedVersion } = await client.send(
    new InvokeCommand({ FunctionName, Qualifier, Payload: '1' }),
  );
  return { answer: JSON.parse(Buffer.from(Payload ?? []).toString()), ExecutedVersion };
}

beforeAll(async () => {
  client = await start();
});
afterAll(async () => {
  await opened[0]?.fixture.lambda.stop?.();
  for (const { gateway } of opened) await gateway.close();
  await opened.at(-1)?.fixture.close();
});

test('a client makes a function, publishes it, and goes on with it', async () => {
  const created = await client.send(
    new CreateFunctionCommand({
      ...{ FunctionName, Handler: 'index.handler', Runtime: 'nodejs22.x', Timeout: 20, Publish: true },
      ...{ Role: 'arn:aws:iam::000000000000:role/shop', Code: { ZipFile }, Tags: { team: 'a' } },
      Environment: { Variables: { MODE: 'one' } },
    }),
  );
  expect(created).toMatchObject({ Version: '1', State: 'Active', CodeSize: ZipFile.length });
  const changed = archiveOf('export const handler = async (event) => ["second", process.env.MODE, event];');
  await client.send(new UpdateFunctionCodeCommand({ FunctionName, ZipFile: changed }));
  await client.send(
    new UpdateFunctionConfigurationCommand({ FunctionName, Environment: { Variables: { MODE: 'two' } } }),
  );
  const { Version, CodeSha256 } = await client.send(new PublishVersionCommand({ FunctionName }));
  expect(Version).toBe('2');
  expect(await client.send(new PublishVersionCommand({ FunctionName, CodeSha256 }))).toMatchObject({
    Version,
  });
  expect(await invoke('1')).toEqual({ answer: ['first', 'one', 1], ExecutedVersion: '1' });
  expect(await invoke()).toEqual({ answer: ['second', 'two', 1], ExecutedVersion: '$LATEST' });
});

test('and names versions by aliases, with shares of the calls', async () => {
  await client.send(new CreateAliasCommand({ FunctionName, Name: 'live', FunctionVersion: '1' }));
  expect((await invoke('live')).ExecutedVersion).toBe('1');
  const RoutingConfig = { AdditionalVersionWeights: { 2: 1 } };
  expect(
    await client.send(new UpdateAliasCommand({ FunctionName, Name: 'live', RoutingConfig })),
  ).toMatchObject({
    ...{ FunctionVersion: '1', RoutingConfig },
  });
  expect((await invoke('live')).ExecutedVersion).toBe('2');
  const remove = client.send(new DeleteFunctionCommand({ FunctionName, Qualifier: '1' }));
  await expect(remove).rejects.toMatchObject({ name: 'ResourceConflictException' });
});

test('says who may call it, how often at once, and what becomes of its events', async () => {
  const permission = {
    ...{ FunctionName, StatementId: 'rule', Action: 'lambda:InvokeFunction', Qualifier: 'live' },
    ...{ Principal: 'events.amazonaws.com', SourceArn: 'arn:aws:events:us-east-1:000000000000:rule/a' },
  };
  await client.send(new AddPermissionCommand(permission));
  await expect(client.send(new AddPermissionCommand(permission))).rejects.toMatchObject({
    name: 'ResourceConflictException',
  });
  const policy = await client.send(new GetPolicyCommand({ FunctionName, Qualifier: 'live' }));
  expect(JSON.parse(policy.Policy ?? '')).toMatchObject({
    Statement: [
      {
        ...{ Sid: 'rule', Effect: 'Allow', Principal: { Service: 'events.amazonaws.com' } },
        Resource: 'arn:aws:lambda:us-east-1:000000000000:function:shop:live',
        Condition: { ArnLike: { 'AWS:SourceArn': permission.SourceArn } },
      },
    ],
  });
  await client.send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: 0 }));
  await expect(invoke()).rejects.toMatchObject({
    name: 'TooManyRequestsException',
    Reason: 'ReservedFunctionConcurrentInvocationLimitExceeded',
  });
  expect((await client.send(new GetAccountSettingsCommand({}))).AccountLimit).toMatchObject({
    UnreservedConcurrentExecutions: 1000,
  });
  await client.send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: 7 }));
  await client.send(
    new PutProvisionedConcurrencyConfigCommand({
      ...{ FunctionName, Qualifier: '2', ProvisionedConcurrentExecutions: 1 },
    }),
  );
  await client.send(new PutFunctionEventInvokeConfigCommand({ FunctionName, MaximumRetryAttempts: 0 }));
  await client.send(
    new TagResourceCommand({
      ...{ Resource: 'arn:aws:lambda:us-east-1:000000000000:function:shop', Tags: { stage: 'test' } },
    }),
  );
});

test('reads a queue by a mapping that it can change', async () => {
  const mapping = {
    ...{ FunctionName: 'shop:live', EventSourceArn: 'arn:aws:sqs:us-east-1:000000000000:orders' },
    ...{ Enabled: false, FilterCriteria: { Filters: [{ Pattern: '{"body":{"a":[1]}}' }] } },
  };
  const { UUID } = await client.send(new CreateEventSourceMappingCommand(mapping));
  await expect(client.send(new CreateEventSourceMappingCommand(mapping))).rejects.toMatchObject({
    name: 'ResourceConflictException',
  });
  await client.send(new UpdateEventSourceMappingCommand({ UUID, BatchSize: 3 }));
  client.destroy();
  await opened[0]?.fixture.lambda.stop?.();
  client = await start();
  expect(await client.send(new GetEventSourceMappingCommand({ UUID }))).toMatchObject({
    ...{ BatchSize: 3, State: 'Disabled', FilterCriteria: mapping.FilterCriteria },
    FunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:shop:live',
  });
});

test('all of which outlasts a restart', async () => {
  expect(await invoke()).toMatchObject({ answer: ['second', 'two', 1] });
  expect((await invoke('live')).ExecutedVersion).toBe('2');
  const { Configuration, Concurrency, Tags } = await client.send(new GetFunctionCommand({ FunctionName }));
  expect({ ...Configuration, Concurrency, Tags }).toMatchObject({
    ...{ Timeout: 20, Version: '$LATEST', Concurrency: { ReservedConcurrentExecutions: 7 } },
    Tags: { team: 'a', stage: 'test' },
  });
  const { Versions = [] } = await client.send(new ListVersionsByFunctionCommand({ FunctionName }));
  expect(Versions.map(({ Version }) => Version)).toEqual(['$LATEST', '1', '2']);
  expect(await client.send(new GetFunctionConcurrencyCommand({ FunctionName }))).toMatchObject({
    ReservedConcurrentExecutions: 7,
  });
  expect(await client.send(new GetFunctionEventInvokeConfigCommand({ FunctionName }))).toMatchObject({
    MaximumRetryAttempts: 0,
  });
  const Resource = 'arn:aws:lambda:us-east-1:000000000000:function:shop';
  expect((await client.send(new ListTagsCommand({ Resource }))).Tags).toEqual({ team: 'a', stage: 'test' });
  await client.send(new RemovePermissionCommand({ FunctionName, Qualifier: 'live', StatementId: 'rule' }));
  await expect(client.send(new GetPolicyCommand({ FunctionName, Qualifier: 'live' }))).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
  });
});

test('until the client removes it', async () => {
  await client.send(new DeleteAliasCommand({ FunctionName, Name: 'live' }));
  expect((await client.send(new ListAliasesCommand({ FunctionName }))).Aliases).toEqual([]);
  await client.send(new DeleteFunctionCommand({ FunctionName }));
  await expect(invoke()).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  expect(await state.namespace('lambda-functions').list()).toEqual([]);
});
