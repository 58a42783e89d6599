import { randomUUID } from 'node:crypto';
import { AwsError } from '../../../core/errors.ts';
import type { Operation } from '../../../core/service.ts';
import type { StateDefinition } from '../definition.ts';
import { checkDefinition } from '../definition-check.ts';
import { runOneState } from '../interpreter.ts';
import { createJournal } from '../journal.ts';
import type { Parts } from '../operations.ts';
import { createAbortController, type Run } from '../run.ts';
import { expressProblem } from '../task-resources.ts';
import { callTask } from '../tasks.ts';
import { requiredText, textOf } from '../values.ts';

type Input = Record<string, unknown>;

/** TestState: one state of a definition, run once without retries, as a role. */
export function testStateOperations({ cloud, state }: Parts): Record<string, Operation> {
  return {
    async TestState(input) {
      const text = requiredText(input, 'definition');
      for (const name of ['mock', 'context', 'stateConfiguration', 'stateName', 'inspectionLevel']) {
        if (input[name] !== undefined && input[name] !== 'INFO') throw unsupported(name);
      }
      const given = await stateOf(text, (whole) => checkDefinition(whole, 'EXPRESS', state));
      const roleArn = textOf(input, 'roleArn') ?? '';
      if (given.Type === 'Task' && roleArn === '') {
        throw new AwsError('ValidationException', 'A Task state is tested with a roleArn.');
      }
      const variables = parsed(input, 'variables');
      const execution = `arn:aws:states:${cloud.region}:${cloud.accountId}:express:TestState:${randomUUID()}`;
      const journal = createJournal(execution, { events: [], lines: [] }, () => undefined, cloud.clock);
      const line = journal.begin('', {
        state: 'TestState',
        input: parsed(input, 'input'),
        enteredAt: cloud.clock.now(),
        variables: variables as Record<string, unknown>,
        eventId: 0,
      });
      const role = { type: 'role', roleArn, session: 'TestState' } as const;
      const owner = { executionArn: execution, machineArn: execution, role, background: false };
      const run: Run = {
        context: {
          Execution: { Id: execution, RoleArn: roleArn },
          StateMachine: { Id: '', Name: 'TestState' },
        },
        signal: createAbortController().signal,
        span: untraced,
        callTask: (call) => callTask(cloud, call, owner),
        tasks: noWaiting,
        clock: cloud.clock,
        name: 'TestState',
      };
      const result = await runOneState(given, line, run);
      return {
        status: result.status,
        ...(result.output === undefined ? {} : { output: JSON.stringify(result.output) }),
        ...(result.next === undefined ? {} : { nextState: result.next }),
        ...(result.failure ? { error: result.failure.error, cause: result.failure.cause } : {}),
      };
    },
  };
}

const untraced: Run['span'] = { begin: () => untraced, end: () => undefined };

const refuse = () => {
  throw new AwsError('ValidationException', 'A state that waits for something else cannot be tested.');
};
const noWaiting: Run['tasks'] = {
  newToken: refuse,
  open: refuse,
  offerActivity: refuse,
  startChild: refuse,
  endOfChild: refuse,
};

/** Checks the state as if it were the only one, with its targets beside it. Throws `InvalidDefinition`. */
async function stateOf(text: string, check: (whole: string) => Promise<unknown>): Promise<StateDefinition> {
  let state: unknown;
  try {
    state = JSON.parse(text);
  } catch (error) {
    throw new AwsError('InvalidDefinition', `Invalid State Machine Definition: '${String(error)}'`);
  }
  if (typeof state !== 'object' || state === null || !('Type' in state)) {
    throw new AwsError('InvalidDefinition', "Invalid State Machine Definition: 'A state needs a Type'");
  }
  const given = state as StateDefinition;
  if (given.Resource !== undefined && expressProblem(given.Resource) !== undefined) refuse();
  const rules = [...(given.Choices ?? []), ...(given.Catch ?? [])];
  const targets = [given.Next, given.Default, ...rules.map(({ Next }) => Next)];
  const others = targets.flatMap((name) => (name === undefined ? [] : [[name, { Type: 'Succeed' }]]));
  const states = { ...(Object.fromEntries(others) as object), TestState: state };
  await check(JSON.stringify({ StartAt: 'TestState', States: states }));
  return given;
}

function parsed(input: Input, name: string): unknown {
  const text = textOf(input, name) ?? '{}';
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new AwsError('InvalidExecutionInput', `Invalid ${name}: '${String(error)}'`);
  }
}

function unsupported(name: string): AwsError {
  return new AwsError(
    'NotImplemented',
    `The local cloud does not support the argument ${name} of TestState.`,
    501,
  );
}
