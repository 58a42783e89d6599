import { applyParameters, checkSize, numberAt } from './data-flow.ts';
import type { MachineDefinition, StateDefinition } from './definition.ts';
import { evaluate, fillTemplate, type Scope } from './expressions.ts';
import type { Line } from './line.ts';
import { childRun, type Run, type RunStates } from './run.ts';
import { runtimeError, StateError } from './state-error.ts';

/** One of the lines that run within a state. */
interface Inner {
  machine: MachineDefinition;
  /** Answered when the line is begun, and not again after a restart. */
  input(): unknown;
  /** The context of its states. */
  context(run: Run): Run['context'];
  /** An item of a Map state by its name and place, which the history tells. */
  item?: { name: string; index: number };
}

/** Runs the branches of a Parallel state at once; the first that fails ends the others. */
export async function runParallel(
  state: StateDefinition,
  scope: Scope,
  line: Line,
  run: Run,
  runStates: RunStates,
): Promise<unknown[]> {
  const input = applyParameters(state, scope);
  const branches = (state.Branches ?? []).map(
    (machine): Inner => ({ machine, input: () => input, context: ({ context }) => context }),
  );
  if (!line.position.nested) {
    line.record('ParallelStateStarted');
    line.change({ nested: true });
  }
  return together(branches, branches.length, line, run, runStates, 'ParallelState');
}

/** Inline Map states work on so many items at once. */
const mostAtOnce = 40;

/** Runs the inner machine of a Map state once per item, at most `MaxConcurrency` at a time. */
export async function runMap(
  state: StateDefinition,
  scope: Scope,
  line: Line,
  run: Run,
  runStates: RunStates,
): Promise<unknown[]> {
  const { state: name } = line.position;
  const items = state.ItemsPath === undefined ? scope.input : evaluate(state.ItemsPath, scope, 'ItemsPath');
  if (!Array.isArray(items)) {
    throw runtimeError(`Reference path "${state.ItemsPath ?? '$'}" must point to array.`);
  }
  const machine = state.ItemProcessor ?? state.Iterator;
  if (!machine) throw runtimeError(`The map state '${name}' lacks its ItemProcessor.`);
  const concurrency =
    state.MaxConcurrencyPath === undefined ? state.MaxConcurrency : numberAt(state.MaxConcurrencyPath, scope);
  if (!line.position.nested) {
    line.record('MapStateStarted', { length: items.length });
    line.change({ nested: true });
  }
  const inner = items.map((value: unknown, index): Inner => {
    const item = { Map: { Item: { Index: index, Value: value } } };
    const template = state.ItemSelector ?? state.Parameters;
    return {
      machine,
      input: () =>
        template === undefined
          ? value
          : fillTemplate(template, { ...scope, context: { ...scope.context, ...item } }),
      context: ({ context }) => ({ ...context, ...item }),
      item: { name, index },
    };
  });
  return together(inner, Math.min(concurrency || mostAtOnce, mostAtOnce), line, run, runStates, 'MapState');
}

async function together(
  inner: Inner[],
  concurrency: number,
  line: Line,
  run: Run,
  runStates: RunStates,
  kind: 'MapState' | 'ParallelState',
): Promise<unknown[]> {
  const child = childRun(run);
  const results: unknown[] = new Array(inner.length);
  const waiting = inner.entries();
  let failure: unknown;
  const worker = async (): Promise<void> => {
    let after: Line | undefined;
    for (const [index, each] of waiting) {
      if (child.run.signal.aborted) return;
      try {
        results[index] = await runInner(each, index, line, after, child.run, runStates);
        after = line.child(index);
      } catch (error) {
        failure ??= error;
        child.abort(error instanceof Error ? error : new Error(String(error)));
        return;
      }
    }
  };
  // All have come to rest before the state itself ends, so that none of them writes afterwards.
  await Promise.all(Array.from({ length: Math.min(concurrency, inner.length) }, worker));
  child.release();
  const join = () => line.join(inner.map((_, index) => line.child(index)));
  run.signal.throwIfAborted();
  try {
    if (failure !== undefined) throw failure;
    checkSize(results, line.position.state);
  } catch (error) {
    join();
    if (error instanceof StateError) line.record(`${kind}Failed`);
    throw error;
  }
  join();
  line.recordAside(`${kind}Succeeded`);
  return results;
}

async function runInner(
  { machine, input, context, item }: Inner,
  index: number,
  parent: Line,
  after: Line | undefined,
  run: Run,
  runStates: RunStates,
): Promise<unknown> {
  let line = parent.child(index);
  if (line?.position.ended) return line.position.ended.output;
  if (!line) {
    const given = input();
    line = parent.beginChild(index, machine.StartAt, given, run.clock.now(), after);
    if (item) line.record('MapIterationStarted', item);
  }
  try {
    const output = await runStates(machine, line, { ...run, context: context(run) });
    const last = item && line.recordAside('MapIterationSucceeded', item);
    line.change({ ended: { output, eventId: last?.id ?? line.position.eventId } });
    await line.save();
    return output;
  } catch (error) {
    const isOver = run.signal.reason instanceof StateError || !run.signal.aborted;
    if (item && error instanceof StateError && isOver) {
      line.record(run.signal.aborted ? 'MapIterationAborted' : 'MapIterationFailed', item);
    }
    throw error;
  }
}
