import { chosenRule } from './choice.ts';
import {
  applyParameters,
  assigned,
  numberAt,
  placeResult,
  selectInput,
  selectOutput,
  selectResult,
} from './data-flow.ts';
import type { MachineDefinition, StateDefinition } from './definition.ts';
import { causeOf } from './execution-trace.ts';
import { evaluate, type Scope } from './expressions.ts';
import { dataField } from './history.ts';
import type { Line } from './line.ts';
import { runMap, runParallel } from './nested.ts';
import { catcherOf, createRetries } from './retry.ts';
import { type Run, sleep } from './run.ts';
import { EvaluationError, runtimeError, StateError } from './state-error.ts';
import { runTask } from './task-state.ts';

interface Step {
  output: unknown;
  /** All variables of the line, and those that the state set. */
  variables: Record<string, unknown>;
  changed?: Record<string, unknown> | undefined;
  /** The state that comes next; absent at the end. */
  next?: string | undefined;
}

/** Runs states one after the other to the end. Rejects with a `StateError` when the line fails. */
export async function runStates(machine: MachineDefinition, line: Line, run: Run): Promise<unknown> {
  for (;;) {
    const name = line.position.state;
    const state = machine.States[name];
    if (!state) throw runtimeError(`The state '${name}' does not exist.`);
    const { output, next, variables } = await runTraced(state, line, run);
    if (next === undefined) return output;
    line.moveTo(next, output, variables, run.clock.now());
    await line.save();
    run.signal.throwIfAborted();
  }
}

/** What runs within a state stands beneath it in the trace; what failed is a fault, also when it was caught. */
async function runTraced(state: StateDefinition, line: Line, run: Run): Promise<Step> {
  const span = run.span.begin(line.position.state);
  let failed: object = {};
  const onFailure = (error: StateError) => {
    failed = { fault: true, ...causeOf(error.error, error.cause) };
  };
  try {
    const result = await runState(state, line, { ...run, span }, onFailure);
    span.end(failed);
    return result;
  } catch (error) {
    // What the end of the process interrupts has not ended: it goes on after the next start.
    if (error instanceof StateError) {
      onFailure(error);
      span.end(failed);
    }
    throw error;
  }
}

async function runState(
  state: StateDefinition,
  line: Line,
  run: Run,
  onFailure: (error: StateError) => void,
): Promise<Step> {
  const at = line.position;
  if (at.entryId === undefined) {
    const entry = line.record(`${state.Type}StateEntered`, {
      name: at.state,
      ...dataField('input', at.input),
    });
    line.change({ entryId: entry.id });
    run.transitioned?.();
  }
  const retries = createRetries(state, at.retries);
  for (;;) {
    const scope = {
      input: at.input,
      context: contextOf(state, line, run, retries.count),
      variables: at.variables,
    };
    try {
      if (at.retryAt !== undefined) {
        await sleep(run, at.retryAt - run.clock.now());
        line.change({ retryAt: undefined });
        run.transitioned?.();
      }
      return exit(state, line, await visit(state, line, scope, run));
    } catch (failure) {
      if (run.signal.aborted) throw aborted(state, line, run, failure);
      if (!(failure instanceof StateError)) throw failure;
      const error = failure instanceof EvaluationError ? failure.placed(at.state, at.entryId) : failure;
      const wait = retries.next(error);
      if (wait !== undefined) {
        line.forgetAttempt();
        line.change({ retries: retries.used, retryAt: run.clock.now() + wait });
        await line.save();
        continue;
      }
      const catcher = catcherOf(state, error);
      if (!catcher) throw error;
      onFailure(error);
      const given = { Error: error.error, Cause: error.cause };
      const output = placeResult(catcher.ResultPath, at.input, given);
      const step = { output, next: catcher.Next, ...assigned(catcher.Assign, { ...scope, input: given }) };
      return exit(state, line, step);
    }
  }
}

/** AWS records which states were under way when something else ended them. */
function aborted(state: StateDefinition, line: Line, run: Run, failure: unknown): unknown {
  const isRecorded = ['Task', 'Wait', 'Parallel', 'Map'].includes(state.Type);
  if (isRecorded && run.signal.reason instanceof StateError) line.record(`${state.Type}StateAborted`);
  return failure;
}

function contextOf({ Type, Retry }: StateDefinition, { position }: Line, run: Run, retries: number) {
  const mayRetry = Retry !== undefined || Type === 'Task';
  return {
    ...run.context,
    State: {
      EnteredTime: new Date(position.enteredAt).toISOString(),
      Name: position.state,
      ...(mayRetry ? { RetryCount: retries } : {}),
    },
  };
}

function exit(state: StateDefinition, line: Line, step: Step): Step {
  const { output, changed } = step;
  line.record(`${state.Type}StateExited`, {
    name: line.position.state,
    ...dataField('output', output),
    ...(changed === undefined ? {} : assignedFields(changed)),
  });
  return step;
}

function assignedFields(changed: Record<string, unknown>) {
  const texts = Object.entries(changed).map(([name, value]) => [name, JSON.stringify(value)]);
  return {
    assignedVariables: Object.fromEntries(texts) as Record<string, string>,
    assignedVariablesDetails: { truncated: false },
  };
}

async function visit(state: StateDefinition, line: Line, raw: Scope, run: Run): Promise<Step> {
  const at = line.position;
  if (state.Type === 'Fail') {
    throw new StateError(text(state.Error, state.ErrorPath, raw), text(state.Cause, state.CausePath, raw));
  }
  const scope = { ...raw, input: selectInput(state, raw) };
  const finish = (result: unknown): Step => {
    const placed = placeResult(state.ResultPath, raw.input, result);
    const output = selectOutput(state, { ...raw, input: placed }, at.state);
    return { output, next: state.Next, ...assigned(state.Assign, { ...scope, input: result }) };
  };
  const pass = (next = state.Next, assign = state.Assign): Step => ({
    output: selectOutput(state, scope, at.state),
    next,
    ...assigned(assign, scope),
  });
  switch (state.Type) {
    case 'Pass':
      return finish(state.Result === undefined ? applyParameters(state, scope) : state.Result);
    case 'Task': {
      const result = await runTask(state, scope, line, run);
      return finish(selectResult(state, result, scope));
    }
    case 'Parallel': {
      const result = await runParallel(state, scope, line, run, runStates);
      return finish(selectResult(state, result, scope));
    }
    case 'Map': {
      const result = await runMap(state, scope, line, run, runStates);
      return finish(selectResult(state, result, scope));
    }
    case 'Choice': {
      const rule = chosenRule(state, scope);
      const next = rule?.Next ?? state.Default;
      if (next === undefined) {
        throw new EvaluationError(
          'States.NoChoiceMatched',
          'Failed to transition out of the state. The state does not point to a next state.',
        );
      }
      return pass(next, rule ? rule.Assign : state.Assign);
    }
    case 'Wait':
      await sleep(run, waitUntil(state, at.enteredAt, scope) - run.clock.now());
      return pass();
    case 'Succeed':
      return pass();
  }
}

/** Epoch milliseconds at which a Wait state ends; counted from its first entry, also after a restart. */
function waitUntil(state: StateDefinition, enteredAt: number, scope: Scope): number {
  if (state.Seconds !== undefined) return enteredAt + state.Seconds * 1000;
  if (state.SecondsPath !== undefined) return enteredAt + numberAt(state.SecondsPath, scope) * 1000;
  const path = state.TimestampPath ?? '';
  const timestamp = state.Timestamp ?? evaluate(path, scope, 'TimestampPath');
  const time = typeof timestamp === 'string' ? Date.parse(timestamp) : Number.NaN;
  if (Number.isNaN(time)) {
    throw runtimeError(
      `The TimestampPath parameter does not reference a valid ISO-8601 extended offset date-time format string: ${path} == ${JSON.stringify(timestamp)}`,
    );
  }
  return time;
}

function text(value: string | undefined, path: string | undefined, scope: Scope): string {
  if (path === undefined) return value ?? '';
  const found = evaluate(path, scope);
  if (typeof found !== 'string') throw runtimeError(`The path '${path}' does not name a string.`);
  return found;
}

/** What became of one state that was run once. */
export interface Tried {
  status: 'SUCCEEDED' | 'FAILED' | 'RETRIABLE' | 'CAUGHT_ERROR';
  output?: unknown;
  next?: string;
  failure?: StateError;
}

/** Runs one state once: a retry is told instead of made. */
export async function runOneState(state: StateDefinition, line: Line, run: Run): Promise<Tried> {
  const failures: StateError[] = [];
  const isRetried = createRetries(state);
  const { Retry: _, ...once } = state;
  try {
    const { output, next } = await runState(once, line, run, (error) => void failures.push(error));
    const [failure] = failures;
    const status = failure
      ? isRetried.next(failure) === undefined
        ? 'CAUGHT_ERROR'
        : 'RETRIABLE'
      : 'SUCCEEDED';
    return { status, output, ...(next === undefined ? {} : { next }), ...(failure ? { failure } : {}) };
  } catch (failure) {
    if (!(failure instanceof StateError)) throw failure;
    return { status: isRetried.next(failure) === undefined ? 'FAILED' : 'RETRIABLE', failure };
  }
}
