import { checkSize, numberAt } from './data-flow.ts';
import type { MachineDefinition, StateDefinition } from './definition.ts';
import { evaluate, fillTemplate, type Scope } from './expressions.ts';
import { childRun, type Run, type RunStates } from './run.ts';
import { runtimeError, StateError } from './state-error.ts';

/** Runs the branches of a Parallel state at once; the first that fails ends the others. */
export async function runParallel(
  state: StateDefinition,
  input: unknown,
  run: Run,
  runStates: RunStates,
): Promise<unknown[]> {
  run.trail.record('ParallelStateStarted');
  const branches = (state.Branches ?? []).map((branch) => (inner: Run) => runStates(branch, input, inner));
  return together(branches, branches.length, run, 'ParallelState');
}

/** Runs the inner machine of a Map state once per item, at most `MaxConcurrency` at a time. */
export async function runMap(
  state: StateDefinition,
  name: string,
  scope: Scope,
  run: Run,
  runStates: RunStates,
): Promise<unknown[]> {
  const items = state.ItemsPath === undefined ? scope.input : evaluate(state.ItemsPath, scope, 'ItemsPath');
  if (!Array.isArray(items)) {
    throw runtimeError(`Reference path "${state.ItemsPath ?? '$'}" must point to array.`);
  }
  const machine = state.ItemProcessor ?? state.Iterator;
  if (!machine) throw runtimeError(`The map state '${name}' lacks its ItemProcessor.`);
  const concurrency =
    state.MaxConcurrencyPath === undefined ? state.MaxConcurrency : numberAt(state.MaxConcurrencyPath, scope);
  run.trail.record('MapStateStarted', { length: items.length });
  const iterations = items.map((value: unknown, index) => (inner: Run) => {
    return runIteration(state, name, machine, { index, value }, scope, inner, runStates);
  });
  return together(iterations, concurrency || iterations.length, run, 'MapState');
}

async function runIteration(
  state: StateDefinition,
  name: string,
  machine: MachineDefinition,
  { index, value }: { index: number; value: unknown },
  scope: Scope,
  run: Run,
  runStates: RunStates,
): Promise<unknown> {
  const item = { Map: { Item: { Index: index, Value: value } } };
  const context = { ...scope.context, ...item };
  const template = state.ItemSelector ?? state.Parameters;
  const input = template === undefined ? value : fillTemplate(template, { input: scope.input, context });
  run.trail.record('MapIterationStarted', { name, index });
  try {
    const output = await runStates(machine, input, { ...run, context: { ...run.context, ...item } });
    run.trail.record('MapIterationSucceeded', { name, index });
    return output;
  } catch (error) {
    if (error instanceof StateError && !run.signal.aborted)
      run.trail.record('MapIterationFailed', { name, index });
    throw error;
  }
}

async function together(
  lines: ((run: Run) => Promise<unknown>)[],
  concurrency: number,
  run: Run,
  kind: 'MapState' | 'ParallelState',
): Promise<unknown[]> {
  const child = childRun(run);
  const results: unknown[] = new Array(lines.length);
  const waiting = lines.entries();
  const worker = async (): Promise<void> => {
    for (const [index, line] of waiting) {
      child.run.signal.throwIfAborted();
      results[index] = await line({ ...child.run, trail: run.trail.fork() });
    }
  };
  try {
    await Promise.all(Array.from({ length: Math.min(concurrency, lines.length) }, worker));
    checkSize(results);
  } catch (error) {
    child.abort(error instanceof Error ? error : new Error(String(error)));
    if (error instanceof StateError && !run.signal.aborted) run.trail.record(`${kind}Failed`);
    throw error;
  } finally {
    child.release();
  }
  run.trail.record(`${kind}Succeeded`);
  return results;
}
