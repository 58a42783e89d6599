import { CreateTableCommand, GetItemCommand } from '@aws-sdk/client-dynamodb';
import {
  CreateActivityCommand,
  CreateStateMachineCommand,
  DeleteStateMachineCommand,
  DescribeExecutionCommand,
  type DescribeExecutionCommandOutput,
  DescribeStateMachineCommand,
  GetActivityTaskCommand,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  ListTagsForResourceCommand,
  SendTaskFailureCommand,
  SendTaskSuccessCommand,
  StartExecutionCommand,
  StartSyncExecutionCommand,
  StopExecutionCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateStateMachineCommand,
  ValidateStateMachineDefinitionCommand,
} from '@aws-sdk/client-sfn';
import { CreateQueueCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { expect, vi } from 'vitest';
import { type Case, type Clients, refusalOf } from '../case.ts';

const service = 'Step Functions';

const one = (state: object, name = 'Only') => ({ StartAt: name, States: { [name]: state } });
const pass = (more: object, name = 'Only') => one({ Type: 'Pass', End: true, ...more }, name);

async function machine({ states, name, role }: Clients, definition: object, more = {}): Promise<string> {
  const { stateMachineArn = '' } = await states.send(
    new CreateStateMachineCommand({
      name: name(),
      definition: JSON.stringify(definition),
      roleArn: role,
      ...more,
    }),
  );
  return stateMachineArn;
}

async function start(clients: Clients, definition: object, input: unknown = {}): Promise<string> {
  const stateMachineArn = await machine(clients, definition);
  const { executionArn = '' } = await clients.states.send(
    new StartExecutionCommand({ stateMachineArn, name: clients.name(), input: JSON.stringify(input) }),
  );
  return executionArn;
}

async function endOf({ states }: Clients, executionArn: string): Promise<DescribeExecutionCommandOutput> {
  return vi.waitFor(
    async () => {
      const execution = await states.send(new DescribeExecutionCommand({ executionArn }));
      expect(execution.status).not.toBe('RUNNING');
      return execution;
    },
    { timeout: 15_000, interval: 100 },
  );
}

async function run(clients: Clients, definition: object, input: unknown = {}) {
  return endOf(clients, await start(clients, definition, input));
}

/** What the only state of a machine gives. */
async function outputOf(clients: Clients, state: object, input: unknown = {}): Promise<unknown> {
  const { status, output = '', error, cause } = await run(clients, one({ End: true, ...state }), input);
  expect([status, error, cause]).toEqual(['SUCCEEDED', undefined, undefined]);
  return JSON.parse(output);
}

async function historyOf({ states }: Clients, executionArn: string, more = {}) {
  const { events = [] } = await states.send(new GetExecutionHistoryCommand({ executionArn, ...more }));
  return events;
}

async function newTable({ dynamodb, name }: Clients): Promise<string> {
  const TableName = name();
  await dynamodb.send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    }),
  );
  return TableName;
}

/** A sentence about what one state gives, as most of the language is. */
function gives(name: string, state: object, input: unknown, output: unknown, settled?: string): Case {
  return {
    service,
    name,
    operations: ['CreateStateMachine', 'StartExecution', 'DescribeExecution'],
    ...(settled === undefined ? {} : { settled }),
    run: async (clients) => expect(await outputOf(clients, state, input)).toEqual(output),
  };
}

const paths = 'https://docs.aws.amazon.com/step-functions/latest/dg/amazon-states-language-paths.html';
const functions = 'https://docs.aws.amazon.com/step-functions/latest/dg/intrinsic-functions.html';
const errors = 'https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html';
const variables = 'https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html';

const language: Case[] = [
  gives(
    'a path selects with filters, slices, wildcards and descent',
    {
      Type: 'Pass',
      Parameters: {
        'dear.$': '$.books[?(@.price > 10)].name',
        'two.$': '$.books[0:2].price',
        'all.$': '$..price',
        'last.$': '$.books[-1:].name',
      },
    },
    {
      books: [
        { name: 'a', price: 8 },
        { name: 'b', price: 12 },
        { name: 'c', price: 20 },
      ],
    },
    { dear: ['b', 'c'], two: [8, 12], all: [8, 12, 20], last: ['c'] },
    `A path is JSONPath: ${paths}`,
  ),
  gives(
    'a result is placed beside the input, and the output taken from both',
    { Type: 'Pass', InputPath: '$.a', Result: { r: 1 }, ResultPath: '$.placed.here', OutputPath: '$.placed' },
    { a: 1 },
    { here: { r: 1 } },
  ),
  gives(
    'a result that is placed nowhere is dropped',
    { Type: 'Pass', Result: 1, ResultPath: null },
    { a: 1 },
    { a: 1 },
  ),
  gives(
    'functions format, split, join and compute',
    {
      Type: 'Pass',
      Parameters: {
        'text.$': "States.Format('Hello {} and {}', $.name, States.ArrayLength($.list))",
        'parts.$': "States.StringSplit('a.b+c', '.+')",
        'pages.$': 'States.ArrayPartition($.list, 2)',
        'has.$': 'States.ArrayContains($.list, 2)',
        'range.$': 'States.ArrayRange(1, 9, 4)',
        'item.$': 'States.ArrayGetItem($.list, 1)',
        'unique.$': 'States.ArrayUnique($.list)',
        'encoded.$': 'States.Base64Encode($.name)',
        'decoded.$': "States.Base64Decode('YQ==')",
        'hash.$': "States.Hash('a', 'MD5')",
        'sum.$': 'States.MathAdd(40, 2)',
        'merged.$': 'States.JsonMerge($.one, $.two, false)',
        'json.$': 'States.StringToJson($.text)',
        'string.$': 'States.JsonToString($.one)',
      },
    },
    { name: 'a', list: [1, 2, 2], one: { x: 1, y: 1 }, two: { y: 2 }, text: '{"z":3}' },
    {
      text: 'Hello a and 3',
      parts: ['a', 'b', 'c'],
      pages: [[1, 2], [2]],
      has: true,
      range: [1, 5, 9],
      item: 2,
      unique: [1, 2],
      encoded: 'YQ==',
      decoded: 'a',
      hash: '0cc175b9c0f1b6a831c399e269772661',
      sum: 42,
      merged: { x: 1, y: 2 },
      json: { z: 3 },
      string: '{"x":1,"y":1}',
    },
    `The functions and what they answer: ${functions}`,
  ),
  gives(
    'branches give a list in their order',
    { Type: 'Parallel', Branches: [pass({ Result: 1 }, 'First'), pass({ Result: 2 }, 'Second')] },
    {},
    [1, 2],
  ),
  gives(
    'each item is mapped with its index, its value and the input around it',
    {
      Type: 'Map',
      ItemsPath: '$.items',
      MaxConcurrency: 1,
      ItemSelector: { 'i.$': '$$.Map.Item.Index', 'v.$': '$$.Map.Item.Value', 'tag.$': '$.tag' },
      ItemProcessor: { ProcessorConfig: { Mode: 'INLINE' }, ...pass({}, 'Item') },
      ResultSelector: { 'all.$': '$' },
    },
    { items: ['a', 'b'], tag: 't' },
    {
      all: [
        { i: 0, v: 'a', tag: 't' },
        { i: 1, v: 'b', tag: 't' },
      ],
    },
  ),
  gives('no items give no results', { Type: 'Map', ItemProcessor: pass({}, 'Item') }, [], []),
  {
    service,
    name: 'the context object names the execution, the state and the machine',
    operations: ['StartExecution', 'DescribeExecution'],
    async run(clients) {
      const {
        executionArn,
        stateMachineArn,
        output = '',
      } = await run(
        clients,
        pass({
          Parameters: {
            'id.$': '$$.Execution.Id',
            'input.$': '$$.Execution.Input',
            'state.$': '$$.State.Name',
            'machine.$': '$$.StateMachine.Id',
          },
        }),
        { a: 1 },
      );
      const told = { id: executionArn, input: { a: 1 }, state: 'Only', machine: stateMachineArn };
      expect(JSON.parse(output)).toEqual(told);
    },
  },
  {
    service,
    name: 'what a state assigns is a variable of all that follow',
    operations: ['StartExecution', 'DescribeExecution'],
    settled: `Assign sets variables, which $name reads: ${variables}`,
    async run(clients) {
      const { output } = await run(
        clients,
        {
          StartAt: 'Set',
          States: {
            Set: { Type: 'Pass', Assign: { 'kept.$': '$.v' }, Next: 'Show' },
            Show: { Type: 'Pass', Parameters: { 'kept.$': '$kept.deep[0]' }, End: true },
          },
        },
        { v: { deep: ['x'] } },
      );
      expect(output).toBe('{"kept":"x"}');
    },
  },
  {
    service,
    name: 'a choice follows the first rule that holds',
    operations: ['StartExecution', 'DescribeExecution'],
    async run(clients) {
      const chooses = {
        StartAt: 'Choose',
        States: {
          Choose: {
            Type: 'Choice',
            Choices: [
              {
                And: [
                  { Variable: '$.n', NumericGreaterThan: 1 },
                  { Not: { Variable: '$.s', StringMatches: 'no*' } },
                  { Variable: '$.absent', IsPresent: false },
                ],
                Next: 'Right',
              },
              { Variable: '$.at', TimestampLessThan: '2020-01-01T00:00:00Z', Next: 'Early' },
            ],
            Default: 'Other',
          },
          Right: { Type: 'Pass', Result: 'right', End: true },
          Early: { Type: 'Pass', Result: 'early', End: true },
          Other: { Type: 'Pass', Result: 'other', End: true },
        },
      };
      const inputs = [
        { n: 2, s: 'yes', at: '2010-01-01T00:00:00Z' },
        { n: 2, s: 'not', at: '2010-01-01T00:00:00Z' },
        { n: 1, s: 'yes', at: '2030-01-01T00:00:00Z' },
      ];
      const each = { Type: 'Map', ItemProcessor: chooses };
      expect(await outputOf(clients, each, inputs)).toEqual(['right', 'early', 'other']);
    },
  },
];

const failing: Case[] = [
  {
    service,
    name: 'a failing state fails the execution with its error and cause',
    operations: ['StartExecution', 'DescribeExecution', 'GetExecutionHistory'],
    async run(clients) {
      const ended = await run(clients, one({ Type: 'Fail', Error: 'Why', Cause: 'because' }));
      expect(ended).toMatchObject({ status: 'FAILED', error: 'Why', cause: 'because' });
      const last = (await historyOf(clients, ended.executionArn ?? '')).at(-1);
      expect(last).toMatchObject({
        type: 'ExecutionFailed',
        executionFailedEventDetails: { error: 'Why', cause: 'because' },
      });
    },
  },
  {
    service,
    name: 'a failing state takes its error and cause from the input',
    operations: ['StartExecution', 'DescribeExecution'],
    async run(clients) {
      const CausePath = "States.Format('It was {}', $.what)";
      const ended = await run(clients, one({ Type: 'Fail', ErrorPath: '$.error', CausePath }), {
        error: 'E',
        what: 'it',
      });
      expect(ended).toMatchObject({ status: 'FAILED', error: 'E', cause: 'It was it' });
    },
    settled: 'Fail: https://docs.aws.amazon.com/step-functions/latest/dg/state-fail.html',
  },
  {
    service,
    name: 'a failure within a branch is caught, and told where the catcher says',
    operations: ['StartExecution', 'DescribeExecution'],
    async run(clients) {
      const { output = '' } = await run(
        clients,
        {
          StartAt: 'Try',
          States: {
            Try: {
              Type: 'Parallel',
              Branches: [one({ Type: 'Fail', Error: 'Inner', Cause: 'c' }, 'Inner')],
              Catch: [
                { ErrorEquals: ['Other'], Next: 'Wrong' },
                { ErrorEquals: ['States.ALL'], ResultPath: '$.failed', Next: 'Caught' },
              ],
              End: true,
            },
            Wrong: { Type: 'Fail' },
            Caught: { Type: 'Pass', End: true },
          },
        },
        { a: 1 },
      );
      expect(JSON.parse(output)).toEqual({ a: 1, failed: { Error: 'Inner', Cause: 'c' } });
    },
  },
  {
    service,
    name: 'a path that names nothing fails with States.Runtime, which nothing catches',
    operations: ['StartExecution', 'DescribeExecution'],
    settled: `States.ALL does not catch States.Runtime: ${errors}`,
    async run(clients) {
      const ended = await run(clients, {
        StartAt: 'Try',
        States: {
          Try: {
            Type: 'Parallel',
            Branches: [pass({ Parameters: { 'a.$': '$.nothing' } }, 'Inner')],
            Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Caught' }],
            End: true,
          },
          Caught: { Type: 'Succeed' },
        },
      });
      expect(ended).toMatchObject({ status: 'FAILED', error: 'States.Runtime' });
    },
  },
  {
    service,
    name: 'an execution that takes longer than its machine allows times out',
    operations: ['StartExecution', 'DescribeExecution'],
    settled:
      'TimeoutSeconds: https://docs.aws.amazon.com/step-functions/latest/dg/statemachine-structure.html',
    async run(clients) {
      const wait = one({ Type: 'Wait', Seconds: 60, End: true });
      expect(await run(clients, { ...wait, TimeoutSeconds: 1 })).toMatchObject({ status: 'TIMED_OUT' });
    },
  },
];

const executions: Case[] = [
  {
    service,
    name: 'a history has every event, numbered, with the one before it',
    operations: ['GetExecutionHistory'],
    async run(clients) {
      const arn = await start(clients, pass({ Result: 1 }));
      await endOf(clients, arn);
      const events = await historyOf(clients, arn);
      expect(events.map(({ id, previousEventId, type }) => [id, previousEventId, type])).toEqual([
        [1, 0, 'ExecutionStarted'],
        [2, 0, 'PassStateEntered'],
        [3, 2, 'PassStateExited'],
        [4, 3, 'ExecutionSucceeded'],
      ]);
      expect(events[1]?.stateEnteredEventDetails).toMatchObject({ name: 'Only', input: '{}' });
      expect(events[3]?.executionSucceededEventDetails).toMatchObject({ output: '1' });
    },
  },
  {
    service,
    name: 'a history is read backwards and page by page',
    operations: ['GetExecutionHistory'],
    settled:
      'reverseOrder, maxResults and nextToken: https://docs.aws.amazon.com/step-functions/latest/apireference/API_GetExecutionHistory.html',
    async run(clients) {
      const executionArn = await start(clients, pass({}));
      await endOf(clients, executionArn);
      const page = (nextToken?: string) =>
        clients.states.send(
          new GetExecutionHistoryCommand({ executionArn, reverseOrder: true, maxResults: 3, nextToken }),
        );
      const first = await page();
      expect(first.events?.map(({ id }) => id)).toEqual([4, 3, 2]);
      expect((await page(first.nextToken)).events?.map(({ id }) => id)).toEqual([1]);
    },
  },
  {
    service,
    name: 'a name starts one execution: again with the same input it is answered, with another refused',
    operations: ['StartExecution'],
    async run(clients) {
      const stateMachineArn = await machine(clients, one({ Type: 'Wait', Seconds: 30, End: true }));
      const begin = (input: string) =>
        clients.states.send(new StartExecutionCommand({ stateMachineArn, name: 'x', input }));
      const { executionArn } = await begin('{"a":1}');
      expect(await begin('{"a":1}')).toMatchObject({ executionArn });
      expect(await refusalOf(begin('{"a":2}'))).toBe('ExecutionAlreadyExists');
      await clients.states.send(new StopExecutionCommand({ executionArn }));
    },
  },
  {
    service,
    name: 'an execution that is stopped is aborted, with the error and cause given',
    operations: ['StopExecution', 'DescribeExecution', 'ListExecutions'],
    settled:
      'error and cause: https://docs.aws.amazon.com/step-functions/latest/apireference/API_StopExecution.html',
    async run(clients) {
      const executionArn = await start(clients, one({ Type: 'Wait', Seconds: 30, End: true }));
      await clients.states.send(new StopExecutionCommand({ executionArn, error: 'Enough', cause: 'why' }));
      const ended = await endOf(clients, executionArn);
      expect(ended).toMatchObject({ status: 'ABORTED', error: 'Enough', cause: 'why' });
      const { stateMachineArn } = ended;
      const { executions: listed } = await clients.states.send(
        new ListExecutionsCommand({ stateMachineArn, statusFilter: 'ABORTED' }),
      );
      expect(listed).toMatchObject([{ executionArn, status: 'ABORTED' }]);
    },
  },
  {
    service,
    name: 'an EXPRESS machine answers synchronously, with what is billed',
    operations: ['StartSyncExecution'],
    settled: 'https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartSyncExecution.html',
    async run(clients) {
      const stateMachineArn = await machine(clients, pass({ Parameters: { 'b.$': '$.a' } }), {
        type: 'EXPRESS',
      });
      const answer = await clients.states.send(
        new StartSyncExecutionCommand({ stateMachineArn, input: '{"a":1}' }),
      );
      expect(answer).toMatchObject({ status: 'SUCCEEDED', output: '{"b":1}' });
      expect(answer.billingDetails?.billedDurationInMilliseconds).toBeGreaterThan(0);
    },
  },
  {
    service,
    name: 'a STANDARD machine is not run synchronously',
    operations: ['StartSyncExecution'],
    settled:
      'StateMachineTypeNotSupported: https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartSyncExecution.html',
    async run(clients) {
      const stateMachineArn = await machine(clients, pass({}));
      const call = clients.states.send(new StartSyncExecutionCommand({ stateMachineArn }));
      expect(await refusalOf(call)).toBe('StateMachineTypeNotSupported');
    },
  },
  {
    service,
    name: 'an execution that is not there, a machine that is not there and an input that is no JSON are refused',
    operations: ['DescribeExecution', 'DescribeStateMachine', 'StartExecution'],
    settled:
      'InvalidExecutionInput: https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html',
    async run(clients) {
      const stateMachineArn = await machine(clients, pass({}));
      const executionArn = `${stateMachineArn.replace(':stateMachine:', ':execution:')}:none`;
      const { states } = clients;
      expect(await refusalOf(states.send(new DescribeExecutionCommand({ executionArn })))).toBe(
        'ExecutionDoesNotExist',
      );
      const none = { stateMachineArn: `${stateMachineArn}x` };
      expect(await refusalOf(states.send(new DescribeStateMachineCommand(none)))).toBe(
        'StateMachineDoesNotExist',
      );
      const bad = new StartExecutionCommand({ stateMachineArn, input: '{' });
      expect(await refusalOf(states.send(bad))).toBe('InvalidExecutionInput');
    },
  },
];

const integrations: Case[] = [
  {
    service,
    name: 'an item is written by a task, and a condition that fails is caught by its name',
    operations: ['StartExecution'],
    settled: 'https://docs.aws.amazon.com/step-functions/latest/dg/connect-ddb.html',
    async run(clients) {
      const TableName = await newTable(clients);
      const put = {
        Type: 'Task',
        Resource: 'arn:aws:states:::dynamodb:putItem',
        Parameters: {
          TableName,
          Item: { id: { 'S.$': '$.id' } },
          ConditionExpression: 'attribute_not_exists(id)',
        },
        ResultPath: null,
      };
      const { output } = await run(
        clients,
        {
          StartAt: 'First',
          States: {
            First: { ...put, Next: 'Again' },
            Again: {
              ...put,
              Catch: [
                {
                  ErrorEquals: ['DynamoDB.ConditionalCheckFailedException'],
                  ResultPath: null,
                  Next: 'There',
                },
              ],
              End: true,
            },
            There: { Type: 'Pass', Result: 'there', End: true },
          },
        },
        { id: 'a' },
      );
      expect(output).toBe('"there"');
      const { Item } = await clients.dynamodb.send(
        new GetItemCommand({ TableName, Key: { id: { S: 'a' } } }),
      );
      expect(Item).toEqual({ id: { S: 'a' } });
    },
  },
  {
    service,
    name: 'any operation of a service is a task, its errors named as the service is',
    operations: ['StartExecution'],
    settled: 'https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html',
    async run(clients) {
      const TableName = await newTable(clients);
      const sdk = (action: string, Parameters: object) => ({
        Type: 'Task',
        Resource: `arn:aws:states:::aws-sdk:dynamodb:${action}`,
        Parameters,
        End: true,
      });
      const scanned = await outputOf(clients, sdk('scan', { TableName }));
      expect(scanned).toMatchObject({ Count: 0, Items: [] });
      const missing = await run(clients, one(sdk('scan', { TableName: clients.name() })));
      expect(missing).toMatchObject({ status: 'FAILED', error: 'DynamoDb.ResourceNotFoundException' });
    },
  },
  {
    service,
    name: 'a task that waits for its token ends with what is told by it',
    operations: ['SendTaskSuccess', 'SendTaskFailure'],
    settled: 'https://docs.aws.amazon.com/step-functions/latest/dg/connect-to-resource.html',
    async run(clients) {
      const { QueueUrl = '' } = await clients.sqs.send(new CreateQueueCommand({ QueueName: clients.name() }));
      const definition = one({
        Type: 'Task',
        Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken',
        Parameters: { QueueUrl, MessageBody: { 'token.$': '$$.Task.Token' } },
        End: true,
      });
      const asked = async () => {
        const arn = await start(clients, definition);
        const { Messages: [message] = [] } = await clients.sqs.send(
          new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 10 }),
        );
        return { arn, taskToken: (JSON.parse(message?.Body ?? '{}') as { token?: string }).token };
      };
      const yes = await asked();
      await clients.states.send(
        new SendTaskSuccessCommand({ taskToken: yes.taskToken, output: '{"yes":1}' }),
      );
      expect(await endOf(clients, yes.arn)).toMatchObject({ status: 'SUCCEEDED', output: '{"yes":1}' });
      const no = await asked();
      await clients.states.send(
        new SendTaskFailureCommand({ taskToken: no.taskToken, error: 'No', cause: 'why' }),
      );
      expect(await endOf(clients, no.arn)).toMatchObject({ status: 'FAILED', error: 'No', cause: 'why' });
    },
  },
  {
    service,
    name: 'a nested execution is waited for, its output as JSON',
    operations: ['StartExecution'],
    settled: 'https://docs.aws.amazon.com/step-functions/latest/dg/connect-stepfunctions.html',
    async run(clients) {
      const StateMachineArn = await machine(clients, pass({ Parameters: { 'got.$': '$.v' } }));
      const output = await outputOf(
        clients,
        {
          Type: 'Task',
          Resource: 'arn:aws:states:::states:startExecution.sync:2',
          Parameters: { StateMachineArn, Input: { 'v.$': '$.v' } },
          OutputPath: '$.Output',
        },
        { v: 7 },
      );
      expect(output).toEqual({ got: 7 });
    },
  },
  {
    service,
    name: 'an activity is done by the worker that fetches it',
    operations: ['CreateActivity', 'GetActivityTask', 'SendTaskSuccess'],
    settled: 'https://docs.aws.amazon.com/step-functions/latest/dg/concepts-activities.html',
    async run(clients) {
      const { activityArn } = await clients.states.send(new CreateActivityCommand({ name: clients.name() }));
      const arn = await start(clients, one({ Type: 'Task', Resource: activityArn, End: true }), { a: 1 });
      const task = await clients.states.send(new GetActivityTaskCommand({ activityArn, workerName: 'w' }));
      expect(task.input).toBe('{"a":1}');
      await clients.states.send(new SendTaskSuccessCommand({ taskToken: task.taskToken, output: '2' }));
      expect(await endOf(clients, arn)).toMatchObject({ status: 'SUCCEEDED', output: '2' });
    },
  },
];

const machines: Case[] = [
  {
    service,
    name: 'a machine is created, described, changed and deleted',
    operations: ['CreateStateMachine', 'DescribeStateMachine', 'UpdateStateMachine', 'DeleteStateMachine'],
    async run(clients) {
      const { states } = clients;
      const stateMachineArn = await machine(clients, pass({}));
      expect(await states.send(new DescribeStateMachineCommand({ stateMachineArn }))).toMatchObject({
        status: 'ACTIVE',
        type: 'STANDARD',
        definition: JSON.stringify(pass({})),
        roleArn: clients.role,
      });
      const definition = JSON.stringify(pass({ Result: 2 }));
      const { updateDate } = await states.send(
        new UpdateStateMachineCommand({ stateMachineArn, definition }),
      );
      expect(updateDate).toBeInstanceOf(Date);
      expect(await states.send(new DescribeStateMachineCommand({ stateMachineArn }))).toMatchObject({
        definition,
      });
      await states.send(new DeleteStateMachineCommand({ stateMachineArn }));
      expect(await refusalOf(states.send(new DescribeStateMachineCommand({ stateMachineArn })))).toBe(
        'StateMachineDoesNotExist',
      );
    },
  },
  {
    service,
    name: 'tags are put, listed and taken away',
    operations: ['TagResource', 'ListTagsForResource', 'UntagResource'],
    async run(clients) {
      const { states } = clients;
      const resourceArn = await machine(clients, pass({}), { tags: [{ key: 'a', value: '1' }] });
      await states.send(new TagResourceCommand({ resourceArn, tags: [{ key: 'b', value: '2' }] }));
      const tagsNow = async () => (await states.send(new ListTagsForResourceCommand({ resourceArn }))).tags;
      expect(await tagsNow()).toEqual([
        { key: 'a', value: '1' },
        { key: 'b', value: '2' },
      ]);
      await states.send(new UntagResourceCommand({ resourceArn, tagKeys: ['a'] }));
      expect(await tagsNow()).toEqual([{ key: 'b', value: '2' }]);
    },
  },
  {
    service,
    name: 'a definition with a target that is not there is refused',
    operations: ['CreateStateMachine'],
    settled:
      'InvalidDefinition: https://docs.aws.amazon.com/step-functions/latest/apireference/API_CreateStateMachine.html',
    async run(clients) {
      expect(await refusalOf(machine(clients, one({ Type: 'Pass', Next: 'Gone' })))).toBe(
        'InvalidDefinition',
      );
    },
  },
  {
    service,
    name: 'a definition is validated, and what is wrong has its place',
    operations: ['ValidateStateMachineDefinition'],
    settled:
      'https://docs.aws.amazon.com/step-functions/latest/apireference/API_ValidateStateMachineDefinition.html',
    async run({ states }) {
      const check = (definition: object) =>
        states.send(new ValidateStateMachineDefinitionCommand({ definition: JSON.stringify(definition) }));
      expect(await check(pass({}))).toMatchObject({ result: 'OK', diagnostics: [] });
      expect(await check({ States: pass({}).States })).toMatchObject({
        result: 'FAIL',
        diagnostics: [
          {
            severity: 'ERROR',
            code: 'SCHEMA_VALIDATION_FAILED',
            location: '/',
            message: 'These fields are required: [StartAt]',
          },
        ],
      });
    },
  },
];

export const stepFunctionsCases: Case[] = [
  ...language,
  ...failing,
  ...executions,
  ...integrations,
  ...machines,
];
