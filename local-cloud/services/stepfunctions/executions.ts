import type { Cloud } from '../../core/cloud.ts';
import { AwsError } from '../../core/errors.ts';
import type { StateNamespace } from '../../core/state.ts';
import { type Release, Turns } from '../../core/turns.ts';
import type { MachineDefinition } from './definition.ts';
import { logEvent } from './execution-log.ts';
import { type ExecutionRecord, newExecution } from './execution-record.ts';
import { recordEnd, recordStart, recordTransition } from './execution-telemetry.ts';
import { traceExecution } from './execution-trace.ts';
import { createTrail, dataField, type HistoryEvent } from './history.ts';
import { runStates } from './interpreter.ts';
import type { Machines, StateMachine } from './machines.ts';
import { RecentExecutions } from './recent-executions.ts';
import { createAbortController, Interrupted, type Run, sleep } from './run.ts';
import { StateError } from './state-error.ts';
import { callTask } from './tasks.ts';

export interface StartOptions {
  name?: string;
  traceHeader?: string;
}

/**
 * Runs executions. EXPRESS ones run at least once: on disk when started, from the beginning again after a crash, and
 * gone when done. STANDARD ones keep their history, go on before the state they had reached, and stay for 90 days.
 */
export interface Executions {
  /** Durable when it returns. */
  start(machine: StateMachine, input: string, options?: StartOptions): Promise<ExecutionRecord>;
  /** Runs to the end before it answers; not kept, so a crash ends it. */
  startSync(machine: StateMachine, input: string, options?: StartOptions): Promise<ExecutionRecord>;
  /** Aborts a running execution and answers when that is recorded; undefined when it does not run. */
  abort(
    arn: string,
    error: string | undefined,
    cause: string | undefined,
  ): Promise<ExecutionRecord | undefined>;
  find(arn: string): Promise<ExecutionRecord | undefined>;
  /** Newest first. */
  list(machineArn: string): Promise<ExecutionRecord[]>;
  history(arn: string): Promise<readonly HistoryEvent[]>;
  /** Those that run and those that ended, of EXPRESS ones the last since the start; the newest first. */
  newest(machineArn: string): Promise<ExecutionRecord[]>;
  /** Goes on with what an earlier process left. */
  resume(): Promise<void>;
  /** Stops working; what runs stays on disk for the next start. */
  shutDown(): Promise<void>;
}

interface Running {
  record: ExecutionRecord;
  controller: AbortController;
  done: Promise<ExecutionRecord>;
  events: HistoryEvent[];
}

class Aborted extends StateError {}
class TimedOut extends StateError {}

const longestExpress = 5 * 60_000;
const retention = 90 * 86_400_000;

/** EXPRESS executions of one state machine that are under way at once; the others wait on disk. */
const expressAtOnce = 500;

const recordKey = (arn: string) => `execution/${arn}`;
const historyPrefix = (arn: string) => `history/${arn}/`;
const historyKey = (arn: string, id: number) => historyPrefix(arn) + String(id).padStart(8, '0');

export function createExecutions(cloud: Cloud, state: StateNamespace, machines: Machines): Executions {
  const running = new Map<string, Running>();
  const expressTurns = new Map<string, Turns>();
  const waiting = new Set<string>();
  const recent = new RecentExecutions();
  let stopped = false;

  /** Begins or continues; `kept` says whether it is on disk, or its caller waits for the answer instead. */
  function launch(
    record: ExecutionRecord,
    machine: StateMachine,
    before: HistoryEvent[],
    kept: boolean,
  ): Running {
    const controller = createAbortController();
    const events = [...before];
    const unwritten: HistoryEvent[] = [];
    const lastId = before.at(-1)?.id ?? 0;
    const trail = createTrail((event) => {
      logEvent(cloud, machine, record.arn, event);
      events.push(event);
      if (record.type === 'STANDARD') unwritten.push(event);
    }, lastId);
    const trace = traceExecution(cloud, machine, record);
    const save = (now: ExecutionRecord): Promise<void> =>
      state.batch([
        { put: recordKey(now.arn), value: now },
        ...unwritten.splice(0).map((event) => ({ put: historyKey(now.arn, event.id), value: event })),
      ]);
    const owner = {
      executionArn: record.arn,
      machineArn: machine.arn,
      role: { type: 'role', roleArn: machine.roleArn, session: machine.name } as const,
      background: kept,
    };
    const run: Run = {
      context: contextOf(record, machine),
      trail,
      signal: controller.signal,
      span: trace,
      callTask: (call) => callTask(cloud, call, owner),
      sleep,
      now: Date.now,
      transitioned: () => recordTransition(cloud, record),
      ...(record.type === 'STANDARD' ? { checkpoint: (next) => save({ ...record, checkpoint: next }) } : {}),
    };
    if (lastId === 0) {
      trail.record('ExecutionStarted', {
        ...dataField('input', JSON.parse(record.input)),
        roleArn: machine.roleArn,
      });
    }

    async function work(): Promise<ExecutionRecord> {
      const ended = await finish(record, machine, run, controller);
      trail.record(...closingEvent(ended));
      if (kept) await (record.type === 'EXPRESS' ? state.delete(recordKey(record.arn)) : save(ended));
      recordEnd(cloud, ended);
      recent.add(ended, events);
      trace.end(ended);
      return ended;
    }

    const done = work().finally(() => running.delete(record.arn));
    const entry = { record, controller, done, events };
    running.set(record.arn, entry);
    // Callers that wait see the failure too; this one only keeps it from going unnoticed.
    done.catch((error: unknown) => {
      if (error instanceof Interrupted) return;
      cloud.logger.error('An execution could not be recorded', {
        execution: record.arn,
        error: String(error),
      });
    });
    return entry;
  }

  async function restart(record: ExecutionRecord): Promise<void> {
    const machine = machines.get(record.machineArn);
    if (!machine) {
      cloud.logger.warn('An execution was dropped, as its state machine is gone', { execution: record.arn });
      await state.delete(recordKey(record.arn));
      return;
    }
    if (record.type === 'EXPRESS') begin(record, machine);
    else launch(record, machine, await historyOf(record.arn), true);
  }

  /** Begins at once, or when so many others of its state machine are not under way any more. */
  function begin(record: ExecutionRecord, machine: StateMachine): void {
    if (record.type === 'STANDARD') {
      launch(record, machine, [], true);
      return;
    }
    const turns = expressTurns.get(machine.arn) ?? new Turns(expressAtOnce);
    expressTurns.set(machine.arn, turns);
    const release = turns.takeFree();
    if (release) beginExpress(record, machine, release);
    else beginLater(turns, record.arn);
  }

  function beginExpress(record: ExecutionRecord, machine: StateMachine, release: Release): void {
    launch(record, machine, [], true).done.then(release, release);
  }

  /** Keeps the name alone, since very many may wait. */
  function beginLater(turns: Turns, arn: string): void {
    waiting.add(arn);
    turns
      .take()
      .then(async (release) => {
        waiting.delete(arn);
        if (stopped) return;
        const record = await state.get<ExecutionRecord>(recordKey(arn));
        const machine = record && machines.get(record.machineArn);
        if (machine) beginExpress(record, machine, release);
        else release();
      })
      .catch((error: unknown) =>
        cloud.logger.error('An execution could not be begun; it is at the next start', {
          execution: arn,
          error: String(error),
        }),
      );
  }

  async function historyOf(arn: string): Promise<HistoryEvent[]> {
    return (await state.list<HistoryEvent>(historyPrefix(arn))).map(({ value }) => value);
  }

  async function forget(arn: string): Promise<void> {
    const events = await state.list(historyPrefix(arn));
    await state.batch([{ delete: recordKey(arn) }, ...events.map(({ key }) => ({ delete: key }))]);
  }

  return {
    async start(machine, input, options) {
      const record = newExecution(machine, input, options);
      if (machine.type === 'STANDARD') {
        const existing = await state.get<ExecutionRecord>(recordKey(record.arn));
        if (existing) return sameOrRefused(existing, record);
      }
      await state.put(recordKey(record.arn), record);
      recordStart(cloud, record);
      begin(record, machine);
      return record;
    },
    async startSync(machine, input, options) {
      const record = newExecution(machine, input, options);
      recordStart(cloud, record);
      return launch(record, machine, [], false).done;
    },
    async abort(arn, error = '', cause = '') {
      const entry = running.get(arn);
      entry?.controller.abort(new Aborted(error, cause));
      return entry?.done;
    },
    find: async (arn) =>
      (await state.get<ExecutionRecord>(recordKey(arn))) ??
      recent.get(arn)?.record ??
      running.get(arn)?.record,
    async list(machineArn) {
      const all = await state.list<ExecutionRecord>(recordKey(''));
      return all
        .map(({ value }) => value)
        .filter((record) => record.machineArn === machineArn)
        .sort((one, other) => other.startedAt - one.startedAt);
    },
    history: async (arn) => running.get(arn)?.events ?? recent.get(arn)?.events ?? (await historyOf(arn)),
    async newest(machineArn) {
      if (machines.get(machineArn)?.type === 'STANDARD') return this.list(machineArn);
      const going = [...running.values()].filter(({ record }) => record.machineArn === machineArn);
      return [...going, ...recent.of(machineArn)].map(({ record }) => record);
    },
    async resume() {
      for (const { value: record } of await state.list<ExecutionRecord>(recordKey(''))) {
        if (running.has(record.arn) || waiting.has(record.arn)) continue;
        if (record.status === 'RUNNING') await restart(record);
        else if ((record.stoppedAt ?? 0) < Date.now() - retention) await forget(record.arn);
      }
    },
    async shutDown() {
      stopped = true;
      const entries = [...running.values()];
      for (const { controller } of entries) controller.abort(new Interrupted('The local cloud is stopping.'));
      await Promise.allSettled(entries.map(({ done }) => done));
    },
  };
}

/** Runs to an end; rejects with `Interrupted` when the process is ending. */
async function finish(
  record: ExecutionRecord,
  machine: StateMachine,
  run: Run,
  controller: AbortController,
): Promise<ExecutionRecord> {
  const definition =
    record.definition === undefined
      ? machine.definition
      : (JSON.parse(record.definition) as MachineDefinition);
  const timer = limit(record, definition, controller);
  try {
    const output = await runStates(definition, JSON.parse(record.input), run, record.checkpoint);
    return { ...closed(record, 'SUCCEEDED'), output: JSON.stringify(output) };
  } catch (failure) {
    if (failure instanceof Interrupted) throw failure;
    const { error, cause } =
      failure instanceof StateError
        ? failure
        : new StateError('States.Runtime', failure instanceof Error ? failure.message : String(failure));
    const status =
      failure instanceof Aborted ? 'ABORTED' : failure instanceof TimedOut ? 'TIMED_OUT' : 'FAILED';
    return { ...closed(record, status), error, cause };
  } finally {
    clearTimeout(timer);
  }
}

function closed(record: ExecutionRecord, status: ExecutionRecord['status']): ExecutionRecord {
  const { checkpoint: _, ...rest } = record;
  return { ...rest, status, stoppedAt: Date.now() };
}

function limit(record: ExecutionRecord, definition: MachineDefinition, controller: AbortController) {
  const given = definition.TimeoutSeconds === undefined ? undefined : definition.TimeoutSeconds * 1000;
  const allowed = record.type === 'EXPRESS' ? Math.min(given ?? longestExpress, longestExpress) : given;
  if (allowed === undefined) return undefined;
  // An EXPRESS execution that is run again after a crash has its whole time again.
  const begun = record.type === 'EXPRESS' ? Date.now() : record.startedAt;
  const remaining = Math.max(0, begun + allowed - Date.now());
  if (remaining > 2 ** 31 - 1) return undefined;
  return setTimeout(() => controller.abort(new TimedOut('States.Timeout', '')), remaining);
}

function contextOf(record: ExecutionRecord, machine: StateMachine) {
  return {
    Execution: {
      Id: record.arn,
      Input: JSON.parse(record.input) as unknown,
      Name: record.name,
      RoleArn: machine.roleArn,
      StartTime: new Date(record.startedAt).toISOString(),
      RedriveCount: 0,
    },
    StateMachine: { Id: machine.arn, Name: machine.name },
  };
}

function closingEvent(ended: ExecutionRecord): [string, Record<string, unknown>] {
  const failure = { error: ended.error, cause: ended.cause };
  if (ended.status === 'SUCCEEDED') {
    return ['ExecutionSucceeded', { output: ended.output, outputDetails: { truncated: false } }];
  }
  if (ended.status === 'ABORTED') return ['ExecutionAborted', failure];
  return [ended.status === 'TIMED_OUT' ? 'ExecutionTimedOut' : 'ExecutionFailed', failure];
}

/** AWS answers a repeated start with the running execution when the input is the same. */
function sameOrRefused(existing: ExecutionRecord, wanted: ExecutionRecord): ExecutionRecord {
  if (existing.status === 'RUNNING' && existing.input === wanted.input) return existing;
  throw new AwsError('ExecutionAlreadyExists', `Execution Already Exists: '${existing.arn}'`);
}
