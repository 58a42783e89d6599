import { afterEach, beforeEach, vi } from 'vitest';
import { administrator } from '../../core/access.ts';
import type { Functions, Invocation, Logs } from '../../core/cloud.ts';
import type { Attributes, AwsRequest, Service } from '../../core/service.ts';
import { createTestCloud, type TestCloud, testResource } from '../../core/testing.ts';
import { checkedKey } from './definition-check.ts';
import { createStepFunctions } from './index.ts';

const request: AwsRequest = {
  method: 'POST',
  path: '/',
  query: new URLSearchParams(),
  headers: {},
  body: Buffer.alloc(0),
  region: 'us-east-1',
  caller: administrator,
};

export const machineArn = 'arn:aws:states:us-east-1:000000000000:stateMachine:m';
export const roleArn = 'arn:aws:iam::000000000000:role/r';
export const functionArn = (name: string) => `arn:aws:lambda:us-east-1:000000000000:function:${name}`;

/** Functions that hand their payload back until a test says otherwise. */
export const invoke = vi.fn<Functions['invoke']>();
export const write = vi.fn<Logs['write']>();

export const answer = (payload: unknown): Invocation => ({ payload, requestId: 'r' });
export const failure = (errorType: string): Invocation => ({
  payload: { errorType, errorMessage: 'no' },
  functionError: 'Unhandled',
  requestId: 'r',
});
export const never = () => new Promise<Invocation>(() => undefined);

/** The service under test, new for each test of the file that calls this. */
export function stepFunctionsFixture() {
  let cloud: TestCloud;
  let service: Service;

  beforeEach(async () => {
    invoke.mockReset().mockImplementation(async (_, payload) => answer(payload));
    write.mockReset();
    cloud = createTestCloud();
    await open();
  });

  afterEach(async () => {
    await service.stop?.();
    cloud.remove();
  });

  async function open(): Promise<void> {
    service = await createStepFunctions(cloud);
    cloud.ports.functions = { invoke, enqueue: () => Promise.resolve() };
    cloud.ports.logs = { write };
  }

  async function trust(definition: unknown, type: 'STANDARD' | 'EXPRESS'): Promise<void> {
    await cloud.state.namespace('stepfunctions').put(checkedKey(JSON.stringify(definition), type), true);
  }

  async function apply(definition: unknown, more: Attributes = {}): Promise<Attributes> {
    const definitionText = JSON.stringify(definition);
    const desired = { name: 'm', type: 'EXPRESS', role_arn: roleArn, definition: definitionText, ...more };
    const handler = service.resources['aws_sfn_state_machine'];
    if (!handler) throw new Error('no state machine');
    return handler.apply(testResource('aws_sfn_state_machine', 'm', desired), undefined);
  }

  async function call(operation: string, input: Record<string, unknown>): Promise<Record<string, unknown>> {
    const run = service.operations?.[operation];
    if (!run) throw new Error(`no ${operation}`);
    return { ...(await run(input, request)) };
  }

  return {
    get cloud() {
      return cloud;
    },
    get service() {
      return service;
    },
    /** A new process over the same state. */
    open,
    apply,
    call,
    /** Takes a definition as checked: the full check takes as long as many executions. */
    trust,
    /** Applies a definition and runs it once to its end. */
    async run(definition: unknown, input: unknown = {}): Promise<Record<string, unknown>> {
      await trust(definition, 'EXPRESS');
      await apply(definition);
      return call('StartSyncExecution', { stateMachineArn: machineArn, input: JSON.stringify(input) });
    },
  };
}

export const output = (result: Record<string, unknown>): unknown => JSON.parse(String(result['output']));
export const one = (state: unknown, name = 'Only') => ({ StartAt: name, States: { [name]: state } });
export const task = (more: object = {}) => ({
  Type: 'Task',
  Resource: functionArn('f'),
  End: true,
  ...more,
});
