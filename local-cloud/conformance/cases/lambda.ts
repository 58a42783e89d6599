import { createHash } from 'node:crypto';
import {
  AddPermissionCommand,
  CreateAliasCommand,
  CreateEventSourceMappingCommand,
  CreateFunctionCommand,
  type CreateFunctionCommandInput,
  DeleteAliasCommand,
  DeleteEventSourceMappingCommand,
  DeleteFunctionCommand,
  DeleteFunctionConcurrencyCommand,
  DeleteFunctionEventInvokeConfigCommand,
  GetAliasCommand,
  GetEventSourceMappingCommand,
  GetFunctionCommand,
  GetFunctionConcurrencyCommand,
  GetFunctionConfigurationCommand,
  GetFunctionEventInvokeConfigCommand,
  GetPolicyCommand,
  InvokeCommand,
  ListAliasesCommand,
  ListEventSourceMappingsCommand,
  ListTagsCommand,
  ListVersionsByFunctionCommand,
  PublishVersionCommand,
  PutFunctionConcurrencyCommand,
  PutFunctionEventInvokeConfigCommand,
  paginateListFunctions,
  RemovePermissionCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateAliasCommand,
  UpdateEventSourceMappingCommand,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { CreateQueueCommand, GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { strToU8, zipSync } from 'fflate';
import { expect } from 'vitest';
import { type Case, type Clients, refusalOf } from '../case.ts';

const service = 'Lambda';
const api = 'https://docs.aws.amazon.com/lambda/latest/api/';
const guide = 'https://docs.aws.amazon.com/lambda/latest/dg/';

const zipOf = (source: string) => zipSync({ 'index.mjs': strToU8(source) });
const echo =
  'export const handler = async (event, context) => ({ event, version: context.functionVersion });';

/** Makes a function of one module; answers its name and ARN. */
async function make(clients: Clients, source = echo, settings: Partial<CreateFunctionCommandInput> = {}) {
  const FunctionName = clients.name();
  const created = await clients.lambda.send(
    new CreateFunctionCommand({
      ...{ FunctionName, Handler: 'index.handler', Runtime: 'nodejs22.x', Role: clients.role },
      ...{ Code: { ZipFile: zipOf(source) }, ...settings },
    }),
  );
  return { FunctionName, created, arn: created.FunctionArn ?? '' };
}

const textOf = (payload: Uint8Array | undefined) =>
  JSON.parse(Buffer.from(payload ?? []).toString()) as unknown;

export const lambdaCases: Case[] = [
  {
    service,
    name: 'a function is told with its settings and the hash of its code',
    operations: ['CreateFunction', 'GetFunction', 'GetFunctionConfiguration'],
    async run(clients) {
      const { FunctionName, created } = await make(clients, echo, {
        ...{ Timeout: 7, MemorySize: 256, Description: 'of a shop', Tags: { team: 'a' } },
        Environment: { Variables: { MODE: 'one' } },
      });
      const told = {
        ...{ FunctionName, Timeout: 7, MemorySize: 256, Description: 'of a shop', Version: '$LATEST' },
        ...{ Runtime: 'nodejs22.x', Handler: 'index.handler', State: 'Active', PackageType: 'Zip' },
        CodeSha256: createHash('sha256').update(zipOf(echo)).digest('base64'),
        Environment: { Variables: { MODE: 'one' } },
      };
      expect(created).toMatchObject({ ...told, State: expect.stringMatching(/^(Active|Pending)$/u) });
      const { Configuration, Tags } = await clients.lambda.send(new GetFunctionCommand({ FunctionName }));
      expect(Configuration).toMatchObject(told);
      expect(Tags).toEqual({ team: 'a' });
      const alone = await clients.lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
      expect(alone).toMatchObject(told);
    },
  },
  {
    service,
    name: 'a name is given once, and a function that is not there is refused by name',
    operations: ['CreateFunction', 'GetFunction', 'DeleteFunction'],
    async run(clients) {
      const { FunctionName } = await make(clients);
      const again = make({ ...clients, name: () => FunctionName });
      expect(await refusalOf(again)).toBe('ResourceConflictException');
      await clients.lambda.send(new DeleteFunctionCommand({ FunctionName }));
      const get = clients.lambda.send(new GetFunctionCommand({ FunctionName }));
      expect(await refusalOf(get)).toBe('ResourceNotFoundException');
      const remove = clients.lambda.send(new DeleteFunctionCommand({ FunctionName }));
      expect(await refusalOf(remove)).toBe('ResourceNotFoundException');
    },
  },
  {
    service,
    name: 'all functions are listed, by pages',
    operations: ['ListFunctions'],
    async run(clients) {
      const made = [await make(clients), await make(clients), await make(clients)];
      const names: (string | undefined)[] = [];
      for await (const { Functions = [] } of paginateListFunctions(
        { client: clients.lambda, pageSize: 2 },
        {},
      )) {
        expect(Functions.length).toBeLessThanOrEqual(2);
        names.push(...Functions.map(({ FunctionName }) => FunctionName));
      }
      for (const { FunctionName } of made) expect(names).toContain(FunctionName);
    },
    settled: `MaxItems bounds a page: ${api}API_ListFunctions.html`,
  },
  {
    service,
    name: 'a change of settings leaves the others as they are',
    operations: ['UpdateFunctionConfiguration'],
    async run(clients) {
      const { FunctionName } = await make(clients, echo, { Timeout: 7, Description: 'kept' });
      await clients.lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, MemorySize: 512 }));
      const told = await clients.lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
      expect(told).toMatchObject({ MemorySize: 512, Timeout: 7, Description: 'kept' });
    },
  },
  {
    service,
    name: 'a version keeps its code and its settings when the function goes on',
    operations: ['UpdateFunctionCode', 'PublishVersion', 'ListVersionsByFunction'],
    async run(clients) {
      const { FunctionName, created, arn } = await make(clients, echo, { Publish: true, Timeout: 7 });
      expect(created.Version).toBe('1');
      const ZipFile = zipOf(`${echo} // again`);
      await clients.lambda.send(new UpdateFunctionCodeCommand({ FunctionName, ZipFile }));
      await clients.lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, Timeout: 9 }));
      const second = await clients.lambda.send(new PublishVersionCommand({ FunctionName }));
      expect(second).toMatchObject({ Version: '2', FunctionArn: expect.stringMatching(/:2$/u) });
      const first = await clients.lambda.send(
        new GetFunctionConfigurationCommand({ FunctionName, Qualifier: '1' }),
      );
      expect(first).toMatchObject({ Timeout: 7, CodeSha256: created.CodeSha256, Version: '1' });
      expect(first.CodeSha256).not.toBe(second.CodeSha256);
      const { Versions = [] } = await clients.lambda.send(
        new ListVersionsByFunctionCommand({ FunctionName }),
      );
      expect(Versions.map(({ Version }) => Version)).toEqual(['$LATEST', '1', '2']);
      expect(arn).toContain(FunctionName);
    },
    settled: `PublishVersion makes a snapshot of code and configuration: ${guide}configuration-versions.html`,
  },
  {
    service,
    name: 'what has not changed is not published again',
    operations: ['PublishVersion'],
    async run(clients) {
      const { FunctionName } = await make(clients);
      const publish = () => clients.lambda.send(new PublishVersionCommand({ FunctionName }));
      expect((await publish()).Version).toBe('1');
      expect((await publish()).Version).toBe('1');
    },
    settled: `Lambda publishes no version if code and configuration have not changed: ${api}API_PublishVersion.html`,
  },
  {
    service,
    name: 'an alias names a version, and another one after a change',
    operations: ['CreateAlias', 'GetAlias', 'UpdateAlias', 'ListAliases', 'DeleteAlias'],
    settled: `ResourceConflictException, 409: ${api}API_CreateAlias.html`,
    async run(clients) {
      const { lambda } = clients;
      const { FunctionName } = await make(clients, echo, { Publish: true });
      const ZipFile = zipOf(`${echo} // again`);
      await lambda.send(new UpdateFunctionCodeCommand({ FunctionName, ZipFile, Publish: true }));
      const named = { FunctionName, Name: 'live' };
      const created = await lambda.send(new CreateAliasCommand({ ...named, FunctionVersion: '1' }));
      expect(created).toMatchObject({ Name: 'live', FunctionVersion: '1' });
      expect(created.AliasArn).toMatch(/:live$/u);
      const RoutingConfig = { AdditionalVersionWeights: { 2: 0.5 } };
      await lambda.send(new UpdateAliasCommand({ ...named, RoutingConfig }));
      expect(await lambda.send(new GetAliasCommand(named))).toMatchObject({
        FunctionVersion: '1',
        RoutingConfig,
      });
      const { Aliases } = await lambda.send(new ListAliasesCommand({ FunctionName }));
      expect(Aliases).toMatchObject([{ Name: 'live' }]);
      const again = lambda.send(new CreateAliasCommand({ ...named, FunctionVersion: '1' }));
      expect(await refusalOf(again)).toBe('ResourceConflictException');
      await lambda.send(new DeleteAliasCommand(named));
      expect(await refusalOf(lambda.send(new GetAliasCommand(named)))).toBe('ResourceNotFoundException');
    },
  },
  {
    service,
    name: 'a permission is a statement of the policy, whose name is given once',
    operations: ['AddPermission', 'GetPolicy', 'RemovePermission'],
    async run(clients) {
      const { lambda } = clients;
      const { FunctionName, arn } = await make(clients);
      const permission = {
        ...{ FunctionName, StatementId: 'rule', Action: 'lambda:InvokeFunction' },
        ...{ Principal: 'events.amazonaws.com', SourceArn: 'arn:aws:events:us-east-1:123456789012:rule/a' },
      };
      await lambda.send(new AddPermissionCommand(permission));
      const { Policy } = await lambda.send(new GetPolicyCommand({ FunctionName }));
      expect(JSON.parse(Policy ?? '')).toMatchObject({
        Statement: [
          {
            ...{ Sid: 'rule', Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: arn },
            Principal: { Service: 'events.amazonaws.com' },
            Condition: { ArnLike: { 'AWS:SourceArn': permission.SourceArn } },
          },
        ],
      });
      const again = lambda.send(new AddPermissionCommand(permission));
      expect(await refusalOf(again)).toBe('ResourceConflictException');
      await lambda.send(new RemovePermissionCommand({ FunctionName, StatementId: 'rule' }));
      const none = lambda.send(new GetPolicyCommand({ FunctionName }));
      expect(await refusalOf(none)).toBe('ResourceNotFoundException');
    },
    settled: `ResourceConflictException, 409: ${api}API_AddPermission.html`,
  },
  {
    service,
    name: 'concurrency is reserved, told and given back',
    operations: ['PutFunctionConcurrency', 'GetFunctionConcurrency', 'DeleteFunctionConcurrency'],
    async run(clients) {
      const { lambda } = clients;
      const { FunctionName } = await make(clients);
      const get = () => lambda.send(new GetFunctionConcurrencyCommand({ FunctionName }));
      await lambda.send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: 5 }));
      expect((await get()).ReservedConcurrentExecutions).toBe(5);
      await lambda.send(new DeleteFunctionConcurrencyCommand({ FunctionName }));
      expect((await get()).ReservedConcurrentExecutions).toBeUndefined();
    },
  },
  {
    service,
    name: 'tags are added and taken away',
    operations: ['TagResource', 'UntagResource', 'ListTags'],
    async run(clients) {
      const { lambda } = clients;
      const { arn: Resource } = await make(clients, echo, { Tags: { a: '1' } });
      await lambda.send(new TagResourceCommand({ Resource, Tags: { b: '2' } }));
      await lambda.send(new UntagResourceCommand({ Resource, TagKeys: ['a'] }));
      expect((await lambda.send(new ListTagsCommand({ Resource }))).Tags).toEqual({ b: '2' });
    },
  },
  {
    service,
    name: 'the retries and destinations of events are settings of their own',
    operations: [
      'PutFunctionEventInvokeConfig',
      'GetFunctionEventInvokeConfig',
      'DeleteFunctionEventInvokeConfig',
    ],
    async run(clients) {
      const { lambda } = clients;
      const { FunctionName } = await make(clients);
      const settings = { MaximumRetryAttempts: 1, MaximumEventAgeInSeconds: 300 };
      await lambda.send(new PutFunctionEventInvokeConfigCommand({ FunctionName, ...settings }));
      const get = () => lambda.send(new GetFunctionEventInvokeConfigCommand({ FunctionName }));
      expect(await get()).toMatchObject(settings);
      await lambda.send(new DeleteFunctionEventInvokeConfigCommand({ FunctionName }));
      expect(await refusalOf(get())).toBe('ResourceNotFoundException');
    },
  },
  {
    service,
    name: 'an event source mapping is made, changed and removed',
    operations: [
      ...['CreateEventSourceMapping', 'GetEventSourceMapping', 'ListEventSourceMappings'],
      ...['UpdateEventSourceMapping', 'DeleteEventSourceMapping'],
    ],
    async run(clients) {
      const { lambda, sqs } = clients;
      const { FunctionName, arn } = await make(clients);
      const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: clients.name() }));
      const { Attributes } = await sqs.send(
        new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }),
      );
      const EventSourceArn = Attributes?.['QueueArn'];
      const { UUID } = await lambda.send(
        new CreateEventSourceMappingCommand({ FunctionName, EventSourceArn, BatchSize: 5, Enabled: false }),
      );
      await lambda.send(new UpdateEventSourceMappingCommand({ UUID, BatchSize: 7 }));
      const told = { UUID, EventSourceArn, FunctionArn: arn, BatchSize: 7 };
      expect(await lambda.send(new GetEventSourceMappingCommand({ UUID }))).toMatchObject(told);
      const { EventSourceMappings } = await lambda.send(
        new ListEventSourceMappingsCommand({ FunctionName, EventSourceArn }),
      );
      expect(EventSourceMappings).toMatchObject([told]);
      const deleted = await lambda.send(new DeleteEventSourceMappingCommand({ UUID }));
      expect(deleted.State).toBe('Deleting');
    },
  },
  {
    service,
    name: 'a call answers what the function returns, and which version ran',
    operations: ['Invoke'],
    settled: `Payload, ExecutedVersion: ${api}API_Invoke.html (the reference needs Docker to run a function)`,
    async run(clients) {
      const { FunctionName } = await make(clients, echo, { Publish: true });
      const { Payload, ExecutedVersion, StatusCode } = await clients.lambda.send(
        new InvokeCommand({ FunctionName, Qualifier: '1', Payload: '{"a":1}' }),
      );
      expect(textOf(Payload)).toEqual({ event: { a: 1 }, version: '1' });
      expect({ ExecutedVersion, StatusCode }).toEqual({ ExecutedVersion: '1', StatusCode: 200 });
    },
  },
  {
    service,
    name: 'an error that is thrown is answered as one, with its type, and the end of the log where it is asked for',
    operations: ['Invoke'],
    settled: `FunctionError, LogResult: ${guide}nodejs-exceptions.html (the reference needs Docker)`,
    async run(clients) {
      const { FunctionName } = await make(
        clients,
        'export const handler = async () => { throw new RangeError("too far"); };',
      );
      const { Payload, FunctionError, LogResult, StatusCode } = await clients.lambda.send(
        new InvokeCommand({ FunctionName, LogType: 'Tail' }),
      );
      expect({ FunctionError, StatusCode }).toEqual({ FunctionError: 'Unhandled', StatusCode: 200 });
      expect(textOf(Payload)).toMatchObject({ errorType: 'RangeError', errorMessage: 'too far' });
      expect(Buffer.from(LogResult ?? '', 'base64').toString()).toMatch(/REPORT RequestId: /u);
    },
  },
  {
    service,
    name: 'a function that takes too long is ended',
    operations: ['Invoke'],
    settled: `Task timed out: ${guide}configuration-timeout.html (the reference needs Docker)`,
    async run(clients) {
      const source = 'export const handler = () => new Promise((done) => setTimeout(done, 20000));';
      const { FunctionName } = await make(clients, source, { Timeout: 1 });
      const { Payload, FunctionError } = await clients.lambda.send(new InvokeCommand({ FunctionName }));
      expect(FunctionError).toBe('Unhandled');
      expect(textOf(Payload)).toMatchObject({
        errorMessage: expect.stringContaining('Task timed out after 1.00 seconds'),
      });
    },
  },
  {
    service,
    name: 'an answer of more than six megabytes is an error of the function',
    operations: ['Invoke'],
    settled: `6 MB each for request and response: ${guide}gettingstarted-limits.html (the reference needs Docker)`,
    async run(clients) {
      const { FunctionName } = await make(clients, 'export const handler = async () => "x".repeat(7e6);', {
        Timeout: 10,
      });
      const { Payload, FunctionError } = await clients.lambda.send(new InvokeCommand({ FunctionName }));
      expect(FunctionError).toBe('Unhandled');
      expect(textOf(Payload)).toMatchObject({ errorType: 'Function.ResponseSizeTooLarge' });
    },
  },
  {
    service,
    name: 'a reservation of none stops a function, and the refusal says why',
    operations: ['Invoke', 'PutFunctionConcurrency'],
    settled: `ReservedFunctionConcurrentInvocationLimitExceeded: ${api}API_Invoke.html`,
    async run(clients) {
      const { FunctionName } = await make(clients);
      await clients.lambda.send(
        new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: 0 }),
      );
      await expect(clients.lambda.send(new InvokeCommand({ FunctionName }))).rejects.toMatchObject({
        name: 'TooManyRequestsException',
        Reason: 'ReservedFunctionConcurrentInvocationLimitExceeded',
      });
    },
  },
  {
    service,
    name: 'a payload that is no JSON is refused, and a dry run runs nothing',
    operations: ['Invoke'],
    settled: `InvalidRequestContentException; DryRun answers 204: ${api}API_Invoke.html`,
    async run(clients) {
      const { FunctionName } = await make(clients);
      const invoke = clients.lambda.send(new InvokeCommand({ FunctionName, Payload: '{' }));
      expect(await refusalOf(invoke)).toBe('InvalidRequestContentException');
      const dry = await clients.lambda.send(new InvokeCommand({ FunctionName, InvocationType: 'DryRun' }));
      expect(dry.StatusCode).toBe(204);
    },
  },
];
