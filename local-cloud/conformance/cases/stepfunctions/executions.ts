import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import {
  CreateActivityCommand,
  DescribeExecutionCommand,
  DescribeStateMachineCommand,
  GetActivityTaskCommand,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  SendTaskFailureCommand,
  SendTaskSuccessCommand,
  StartExecutionCommand,
  StartSyncExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import { CreateQueueCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { expect } from 'vitest';
import { type Case, refusalOf } from '../../case.ts';
import { endOf, historyOf, machine, newTable, one, outputOf, pass, run, service, start } from './play.ts';

/** Executions as the API tells of them. */
export const executions: Case[] = [
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

/** What tasks call, and what they wait for. */
export const integrations: Case[] = [
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
