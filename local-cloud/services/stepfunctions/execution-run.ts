import type { Clock } from '../../core/clock.ts';
import type { MachineDefinition } from './definition.ts';
import type { ExecutionRecord } from './execution-record.ts';
import type { ContextObject } from './expressions.ts';
import { failureFields } from './history.ts';
import { runStates } from './interpreter.ts';
import type { Journal } from './journal.ts';
import type { Line } from './line.ts';
import type { StateMachine } from './machines.ts';
import { Interrupted, type Run } from './run.ts';
import { StateError } from './state-error.ts';

/** Somebody stopped the execution. */
export class Aborted extends StateError {}
class TimedOut extends StateError {}

const longestExpress = 5 * 60_000;

/** The definition that an execution runs: its own copy, or for EXPRESS that of the machine. */
export function definitionOf(record: ExecutionRecord, machine: StateMachine): MachineDefinition {
  return record.definition === undefined
    ? machine.definition
    : (JSON.parse(record.definition) as MachineDefinition);
}

/** The line of the execution itself, where it stood before or at its start. */
export function rootLine(
  journal: Journal,
  record: ExecutionRecord,
  definition: MachineDefinition,
  now: number,
): Line {
  return (
    journal.lineAt('') ??
    journal.begin('', {
      state: definition.StartAt,
      input: JSON.parse(record.input),
      enteredAt: now,
      variables: {},
      // AWS has the first state follow nothing, as if it stood beside ExecutionStarted.
      eventId: 0,
    })
  );
}

/** Runs to an end; rejects with `Interrupted` when the process is ending. */
export async function finish(
  record: ExecutionRecord,
  definition: MachineDefinition,
  line: Line,
  run: Run,
  controller: AbortController,
): Promise<ExecutionRecord> {
  const { clock } = run;
  const callOff = limit(record, definition, controller, clock);
  try {
    const output = await runStates(definition, line, run);
    return { ...record, status: 'SUCCEEDED', stoppedAt: clock.now(), output: JSON.stringify(output) };
  } catch (failure) {
    if (failure instanceof Interrupted) throw failure;
    const { error, cause } =
      failure instanceof StateError
        ? failure
        : new StateError('States.Runtime', failure instanceof Error ? failure.message : String(failure));
    const status =
      failure instanceof Aborted ? 'ABORTED' : failure instanceof TimedOut ? 'TIMED_OUT' : 'FAILED';
    return { ...record, status, stoppedAt: clock.now(), error, cause };
  } finally {
    callOff?.();
  }
}

function limit(
  record: ExecutionRecord,
  definition: MachineDefinition,
  controller: AbortController,
  clock: Clock,
) {
  const given = definition.TimeoutSeconds === undefined ? undefined : definition.TimeoutSeconds * 1000;
  const allowed = record.type === 'EXPRESS' ? Math.min(given ?? longestExpress, longestExpress) : given;
  if (allowed === undefined) return undefined;
  // An EXPRESS execution that is run again after a crash has its whole time again, and so has one that is redriven.
  const begun = record.type === 'EXPRESS' ? clock.now() : (record.redrivenAt ?? record.startedAt);
  return clock.after(begun + allowed - clock.now(), `the timeout of ${record.name}`, () =>
    controller.abort(new TimedOut('States.Timeout', '')),
  );
}

/** `Execution` and `StateMachine` of the context object. */
export function contextOf(record: ExecutionRecord, machine: StateMachine): ContextObject {
  return {
    Execution: {
      Id: record.arn,
      Input: JSON.parse(record.input) as unknown,
      Name: record.name,
      RoleArn: machine.roleArn,
      StartTime: new Date(record.startedAt).toISOString(),
      RedriveCount: record.redriveCount ?? 0,
      ...(record.redrivenAt === undefined ? {} : { RedriveTime: new Date(record.redrivenAt).toISOString() }),
    },
    StateMachine: { Id: machine.arn, Name: machine.name },
  };
}

/** The last event of an execution. */
export function closingEvent(ended: ExecutionRecord): [string, Record<string, unknown>] {
  if (ended.status === 'SUCCEEDED') {
    return ['ExecutionSucceeded', { output: ended.output, outputDetails: { truncated: false } }];
  }
  const failure = failureFields(ended.error, ended.cause);
  if (ended.status === 'ABORTED') return ['ExecutionAborted', failure];
  return [ended.status === 'TIMED_OUT' ? 'ExecutionTimedOut' : 'ExecutionFailed', failure];
}
