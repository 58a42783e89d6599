import { choiceHolds } from './choice.ts';
import {
  applyParameters,
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
import { runMap, runParallel } from './nested.ts';
import { catcherOf, createRetries } from './retry.ts';
import type { Checkpoint, Run } from './run.ts';
import { runtimeError, StateError } from './state-error.ts';
import { runTask } from './task-state.ts';

interface Step {
  output: unknown;
  /** The state that comes next; absent at the end. */
  next?: string | undefined;
}

/** Runs states one after the other to the end. Rejects with a `StateError` when the line fails. */
export async function runStates(
  machine: MachineDefinition,
  input: unknown,
  run: Run,
  from?: Checkpoint,
): Promise<unknown> {
  let at: Checkpoint = from ?? { state: machine.StartAt, input, enteredAt: run.now() };
  for (;;) {
    const state = machine.States[at.state];
    if (!state) throw runtimeError(`The state '${at.state}' does not exist.`);
    const step = await runTraced(state, at, run);
    if (step.next === undefined) return step.output;
    at = { state: step.next, input: step.output, enteredAt: run.now() };
    await run.checkpoint?.(at);
    run.signal.throwIfAborted();
  }
}

/** What runs within a state stands beneath it in the trace; what failed is a fault, also when it was caught. */
async function runTraced(state: StateDefinition, at: Checkpoint, run: Run): Promise<Step> {
  const span = run.span.begin(at.state);
  let failed: object = {};
  const onFailure = (error: StateError) => {
    failed = { fault: true, ...causeOf(error.error, error.cause) };
  };
  try {
    const result = await runState(state, at, { ...run, span }, onFailure);
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
  at: Checkpoint,
  run: Run,
  onFailure: (error: StateError) => void,
): Promise<Step> {
  run.trail.record(`${state.Type}StateEntered`, { name: at.state, ...dataField('input', at.input) });
  const retries = createRetries(state);
  for (;;) {
    run.transitioned?.();
    const context = {
      ...run.context,
      State: { EnteredTime: new Date(at.enteredAt).toISOString(), Name: at.state, RetryCount: retries.count },
    };
    try {
      return exit(state, at, await visit(state, at, { input: at.input, context }, run), run);
    } catch (error) {
      if (!(error instanceof StateError) || run.signal.aborted) throw error;
      const wait = retries.next(error);
      if (wait !== undefined) {
        await run.sleep(wait, run.signal);
        continue;
      }
      const catcher = catcherOf(state, error);
      if (!catcher) throw error;
      onFailure(error);
      const output = placeResult(catcher.ResultPath, at.input, { Error: error.error, Cause: error.cause });
      return exit(state, at, { output, next: catcher.Next }, run);
    }
  }
}

function exit(state: StateDefinition, at: Checkpoint, step: Step, run: Run): Step {
  run.trail.record(`${state.Type}StateExited`, { name: at.state, ...dataField('output', step.output) });
  return step;
}

async function visit(state: StateDefinition, at: Checkpoint, raw: Scope, run: Run): Promise<Step> {
  const scope = { ...raw, input: selectInput(state, raw) };
  const finish = (result: unknown): Step => {
    const placed = placeResult(state.ResultPath, raw.input, result);
    return { output: selectOutput(state, { ...raw, input: placed }), next: state.Next };
  };
  const pass = (next = state.Next): Step => ({ output: selectOutput(state, scope), next });
  switch (state.Type) {
    case 'Pass':
      return finish(state.Result ?? applyParameters(state, scope));
    case 'Task': {
      const result = await runTask(state, scope, run);
      return finish(selectResult(state, result, scope));
    }
    case 'Parallel': {
      const result = await runParallel(state, applyParameters(state, scope), run, runStates);
      return finish(selectResult(state, result, scope));
    }
    case 'Map': {
      const result = await runMap(state, at.state, scope, run, runStates);
      return finish(selectResult(state, result, scope));
    }
    case 'Choice': {
      const next = state.Choices?.find((rule) => choiceHolds(rule, scope))?.Next ?? state.Default;
      if (next === undefined) {
        throw new StateError(
          'States.NoChoiceMatched',
          `No choice of the state '${at.state}' matched its input.`,
        );
      }
      return pass(next);
    }
    case 'Wait':
      await run.sleep(waitUntil(state, at, scope) - run.now(), run.signal);
      return pass();
    case 'Succeed':
      return pass();
    case 'Fail':
      throw new StateError(
        text(state.Error, state.ErrorPath, scope),
        text(state.Cause, state.CausePath, scope),
      );
  }
}

/** Epoch milliseconds at which a Wait state ends; counted from its first entry, also after a restart. */
function waitUntil(state: StateDefinition, at: Checkpoint, scope: Scope): number {
  if (state.Seconds !== undefined) return at.enteredAt + state.Seconds * 1000;
  if (state.SecondsPath !== undefined) return at.enteredAt + numberAt(state.SecondsPath, scope) * 1000;
  const timestamp = state.Timestamp ?? evaluate(state.TimestampPath ?? '', scope);
  const time = typeof timestamp === 'string' ? Date.parse(timestamp) : Number.NaN;
  if (Number.isNaN(time)) throw runtimeError(`The wait state '${at.state}' has no valid timestamp.`);
  return time;
}

function text(value: string | undefined, path: string | undefined, scope: Scope): string {
  if (path === undefined) return value ?? '';
  const found = evaluate(path, scope);
  if (typeof found !== 'string') throw runtimeError(`The path '${path}' does not name a string.`);
  return found;
}
