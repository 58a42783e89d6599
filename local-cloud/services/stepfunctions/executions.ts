import type { Cloud } from '../../core/cloud.ts';
import { AwsError } from '../../core/errors.ts';
import type { StateNamespace } from '../../core/state.ts';
import { createWaitingTasks } from './child-executions.ts';
import { logEvent } from './execution-log.ts';
import { type ExecutionRecord, newExecution, type StartOptions } from './execution-record.ts';
import { Aborted, closingEvent, contextOf, definitionOf, finish, rootLine } from './execution-run.ts';
import { recordEnd, recordStart, recordTransition } from './execution-telemetry.ts';
import { traceExecution } from './execution-trace.ts';
import { ExpressTurns } from './express-turns.ts';
import { dataField, type HistoryEvent } from './history.ts';
import {
  createJournal,
  type Journal,
  type KeptJournal,
  readHistory,
  readJournal,
  removalOfJournal,
} from './journal.ts';
import type { StateMachine } from './machines.ts';
import { RecentExecutions } from './recent-executions.ts';
import { redriven } from './redrive.ts';
import type { Registry } from './registry.ts';
import { createAbortController, Interrupted, type Run } from './run.ts';
import { callTask } from './tasks.ts';
import type { ActivityTasks, TaskTokens } from './waiting-tasks.ts';

/**
 * Runs executions. EXPRESS ones run at least once: on disk when started, from the beginning again after a crash, and
 * gone when done. STANDARD ones keep their history, go on where they stood, and stay for 90 days.
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
  /** Goes on with one that did not succeed, from the states that did not. Throws `ExecutionNotRedrivable`. */
  redrive(arn: string): Promise<ExecutionRecord>;
  /** The execution once it does not run any more; undefined when there is none. */
  ended(arn: string): Promise<ExecutionRecord | undefined>;
  find(arn: string): Promise<ExecutionRecord | undefined>;
  /** Newest first. */
  list(machineArn: string): Promise<ExecutionRecord[]>;
  history(arn: string): Promise<readonly HistoryEvent[]>;
  /** Those that run and those that ended, of EXPRESS ones the last since the start; the newest first. */
  newest(machineArn: string): Promise<ExecutionRecord[]>;
  /** Stops all executions of a machine and forgets them. */
  removeAll(machineArn: string): Promise<void>;
  /** Goes on with what an earlier process left. */
  resume(): Promise<void>;
  /** Stops working; what runs stays on disk for the next start. */
  shutDown(): Promise<void>;
}

interface Running {
  record: ExecutionRecord;
  controller: AbortController;
  done: Promise<ExecutionRecord>;
  events: readonly HistoryEvent[];
}

const retention = 90 * 86_400_000;
const nothingKept: KeptJournal = { events: [], lines: [] };
const recordKey = (arn: string) => `execution/${arn}`;

export function createExecutions(
  cloud: Cloud,
  state: StateNamespace,
  registry: Registry,
  tokens: TaskTokens,
  activities: ActivityTasks,
): Executions {
  const running = new Map<string, Running>();
  const recent = new RecentExecutions();
  let stopped = false;

  function openJournal(
    record: ExecutionRecord,
    machine: StateMachine,
    kept: KeptJournal = nothingKept,
  ): Journal {
    const log = (event: HistoryEvent) => logEvent(cloud, machine, record, event);
    return createJournal(record.arn, kept, log, cloud.clock, record.type === 'STANDARD' ? state : undefined);
  }

  /** Begins or continues; `isKept` says whether it is on disk, or its caller waits for the answer instead. */
  function launch(
    record: ExecutionRecord,
    machine: StateMachine,
    journal: Journal,
    isKept: boolean,
  ): Running {
    const controller = createAbortController();
    const trace = traceExecution(cloud, machine, record);
    const owner = {
      executionArn: record.arn,
      machineArn: machine.arn,
      role: { type: 'role', roleArn: machine.roleArn, session: machine.name } as const,
      background: isKept,
    };
    const run: Run = {
      context: contextOf(record, machine),
      signal: controller.signal,
      span: trace,
      callTask: (call) => callTask(cloud, call, owner),
      tasks: createWaitingTasks({ cloud, executions, tokens, activities, owner, also: journal.also }),
      clock: cloud.clock,
      name: record.name,
      transitioned: () => recordTransition(cloud, record),
    };
    const done = work(record, machine, run, journal, controller, isKept)
      .then((ended) => {
        recordEnd(cloud, ended);
        if (ended.type === 'EXPRESS') recent.add(ended, journal.events);
        trace.end(ended);
        return ended;
      })
      .finally(() => running.delete(record.arn));
    const entry = { record, controller, done, events: journal.events };
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

  async function work(
    record: ExecutionRecord,
    machine: StateMachine,
    run: Run,
    journal: Journal,
    controller: AbortController,
    isKept: boolean,
  ): Promise<ExecutionRecord> {
    if (journal.events.length === 0) {
      const input = dataField('input', JSON.parse(record.input));
      const version = record.versionArn === undefined ? {} : { stateMachineVersionArn: record.versionArn };
      const alias = record.aliasArn === undefined ? {} : { stateMachineAliasArn: record.aliasArn };
      journal.record('ExecutionStarted', { ...input, roleArn: machine.roleArn, ...alias, ...version }, 0);
    }
    const definition = definitionOf(record, machine);
    const line = rootLine(journal, record, definition, cloud.clock.now());
    const ended = await finish(record, definition, line, run, controller);
    journal.record(...closingEvent(ended), line.position.eventId);
    if (!isKept) return ended;
    if (record.type === 'EXPRESS') {
      await state.delete(recordKey(record.arn));
      return ended;
    }
    // The lines of one that did not succeed are where a redrive goes on.
    if (ended.status === 'SUCCEEDED') journal.forgetLines();
    for (const write of await tokens.removalOf(record.arn)) journal.also(write);
    journal.also({ put: recordKey(record.arn), value: ended });
    await journal.save();
    return ended;
  }

  const express = new ExpressTurns({
    launch: (record, machine) => launch(record, machine, openJournal(record, machine), true).done,
    async find(arn) {
      const record = await state.get<ExecutionRecord>(recordKey(arn));
      const machine = record && registry.machineOf(record);
      return stopped || !record || !machine ? undefined : { record, machine };
    },
    onFailure: (arn, error) =>
      cloud.logger.error('An execution could not be begun; it is at the next start', {
        execution: arn,
        error: String(error),
      }),
  });

  /** Goes on with what an earlier process left, unless it has been done meanwhile. */
  async function restart(arn: string): Promise<void> {
    const isOurs = () => running.has(arn) || express.isWaiting(arn);
    if (isOurs()) return;
    const record = await state.get<ExecutionRecord>(recordKey(arn));
    if (record?.status !== 'RUNNING') return;
    const machine = registry.machineOf(record);
    if (!machine) {
      cloud.logger.warn('An execution was dropped, as its state machine is gone', { execution: arn });
      await forget(arn);
      return;
    }
    const kept = record.type === 'EXPRESS' ? nothingKept : await readJournal(state, arn);
    if (isOurs()) return;
    if (record.type === 'EXPRESS') express.begin(record, machine);
    else launch(record, machine, openJournal(record, machine, kept), true);
  }

  async function forget(arn: string): Promise<void> {
    const others = [...(await removalOfJournal(state, arn)), ...(await tokens.removalOf(arn))];
    await state.batch([{ delete: recordKey(arn) }, ...others]);
  }

  const executions: Executions = {
    async start(machine, input, options) {
      const record = newExecution(machine, input, cloud.clock.now(), options);
      if (machine.type === 'STANDARD') {
        const existing = await state.get<ExecutionRecord>(recordKey(record.arn));
        if (existing) return sameOrRefused(existing, record);
      }
      await state.put(recordKey(record.arn), record);
      recordStart(cloud, record);
      if (machine.type === 'EXPRESS') express.begin(record, machine);
      else launch(record, machine, openJournal(record, machine), true);
      return record;
    },
    async startSync(machine, input, options) {
      const record = newExecution(machine, input, cloud.clock.now(), options);
      recordStart(cloud, record);
      return launch(record, machine, openJournal(record, machine), false).done;
    },
    async abort(arn, error = '', cause = '') {
      await restart(arn);
      const entry = running.get(arn);
      entry?.controller.abort(new Aborted(error, cause));
      return entry?.done;
    },
    async redrive(arn) {
      const before = await state.get<ExecutionRecord>(recordKey(arn));
      if (!before) throw notThere(arn);
      const record = redriven(before, cloud.clock.now());
      const machine = registry.machineOf(record);
      if (!machine || running.has(arn)) throw notThere(arn);
      const journal = openJournal(record, machine, await readJournal(state, arn));
      journal.giveAnotherChance();
      const line = rootLine(journal, record, definitionOf(record, machine), cloud.clock.now());
      line.record('ExecutionRedriven', { redriveCount: record.redriveCount });
      journal.also({ put: recordKey(arn), value: record });
      await journal.save();
      recordStart(cloud, record);
      launch(record, machine, journal, true);
      return record;
    },
    async ended(arn) {
      // An earlier process may have left it, and this one not have come to it yet.
      await restart(arn);
      return running.get(arn)?.done ?? state.get<ExecutionRecord>(recordKey(arn));
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
    history: async (arn) =>
      running.get(arn)?.events ?? recent.get(arn)?.events ?? (await readHistory(state, arn)),
    async newest(machineArn) {
      if (registry.current(machineArn)?.type === 'STANDARD') return this.list(machineArn);
      const going = [...running.values()].filter(({ record }) => record.machineArn === machineArn);
      return [...going, ...recent.of(machineArn)].map(({ record }) => record);
    },
    async removeAll(machineArn) {
      for (const { arn } of await this.list(machineArn)) {
        await this.abort(arn, '', 'The state machine was deleted.');
        await forget(arn);
      }
    },
    async resume() {
      for (const { value: record } of await state.list<ExecutionRecord>(recordKey(''))) {
        if (record.status === 'RUNNING') await restart(record.arn);
        else if ((record.stoppedAt ?? 0) < cloud.clock.now() - retention) await forget(record.arn);
      }
    },
    async shutDown() {
      stopped = true;
      const entries = [...running.values()];
      for (const { controller } of entries) controller.abort(new Interrupted('The local cloud is stopping.'));
      await Promise.allSettled(entries.map(({ done }) => done));
    },
  };
  return executions;
}

function notThere(arn: string): AwsError {
  return new AwsError('ExecutionDoesNotExist', `Execution Does Not Exist: '${arn}'`);
}

/** AWS answers a repeated start with the running execution when the input is the same. */
function sameOrRefused(existing: ExecutionRecord, wanted: ExecutionRecord): ExecutionRecord {
  if (existing.status === 'RUNNING' && existing.input === wanted.input) return existing;
  throw new AwsError('ExecutionAlreadyExists', `Execution Already Exists: '${existing.arn}'`);
}
