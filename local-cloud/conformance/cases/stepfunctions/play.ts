import { CreateTableCommand } from '@aws-sdk/client-dynamodb';
import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  type DescribeExecutionCommandOutput,
  GetExecutionHistoryCommand,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { expect, vi } from 'vitest';
import type { Case, Clients } from '../../case.ts';

export const service = 'Step Functions';

export const one = (state: object, name = 'Only') => ({ StartAt: name, States: { [name]: state } });
export const pass = (more: object, name = 'Only') => one({ Type: 'Pass', End: true, ...more }, name);

export async function machine(
  { states, name, role }: Clients,
  definition: object,
  more = {},
): Promise<string> {
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

export async function start(clients: Clients, definition: object, input: unknown = {}): Promise<string> {
  const stateMachineArn = await machine(clients, definition);
  const { executionArn = '' } = await clients.states.send(
    new StartExecutionCommand({ stateMachineArn, name: clients.name(), input: JSON.stringify(input) }),
  );
  return executionArn;
}

export async function endOf(
  { states }: Clients,
  executionArn: string,
): Promise<DescribeExecutionCommandOutput> {
  return vi.waitFor(
    async () => {
      const execution = await states.send(new DescribeExecutionCommand({ executionArn }));
      expect(execution.status).not.toBe('RUNNING');
      return execution;
    },
    { timeout: 15_000, interval: 100 },
  );
}

export async function run(clients: Clients, definition: object, input: unknown = {}) {
  return endOf(clients, await start(clients, definition, input));
}

/** What the only state of a machine gives. */
export async function outputOf(clients: Clients, state: object, input: unknown = {}): Promise<unknown> {
  const { status, output = '', error, cause } = await run(clients, one({ End: true, ...state }), input);
  expect([status, error, cause]).toEqual(['SUCCEEDED', undefined, undefined]);
  return JSON.parse(output);
}

export async function historyOf({ states }: Clients, executionArn: string, more = {}) {
  const { events = [] } = await states.send(new GetExecutionHistoryCommand({ executionArn, ...more }));
  return events;
}

export async function newTable({ dynamodb, name }: Clients): Promise<string> {
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
export function gives(name: string, state: object, input: unknown, output: unknown, settled?: string): Case {
  return {
    service,
    name,
    operations: ['CreateStateMachine', 'StartExecution', 'DescribeExecution'],
    ...(settled === undefined ? {} : { settled }),
    run: async (clients) => expect(await outputOf(clients, state, input)).toEqual(output),
  };
}

export const paths = 'https://docs.aws.amazon.com/step-functions/latest/dg/amazon-states-language-paths.html';
export const functions = 'https://docs.aws.amazon.com/step-functions/latest/dg/intrinsic-functions.html';
export const errors = 'https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html';
export const variables = 'https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html';
