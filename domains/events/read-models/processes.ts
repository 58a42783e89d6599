import { type Recorded, readModelOfProcesses } from '#shared/definition/read-model.ts';
import type { Envelope } from '#shared/messages/envelope.ts';
import type { ProcessEvent, ProcessSubject, StepName } from '#shared/processes/process-events.ts';

export type ProcessStatus = 'running' | 'compensating' | 'completed' | 'compensated' | 'failed';

/** A process: what it is about, what it has done, and what it is at or waits for. */
export interface ProcessRow extends ProcessSubject {
  readonly processId: string;
  readonly domain: string;
  /** The type of its stream: `alert-escalation-process`. */
  readonly type: string;
  readonly status: ProcessStatus;
  readonly startedAt: string;
  /** Since when it is as it is. */
  readonly changedAt: string;
  readonly correlationId: string;
  readonly done: readonly StepName[];
  /** The step that is being done. */
  readonly step?: StepName & { readonly attempt: number };
  readonly waitingFor?: string;
  /** When it looks again, whatever happens. */
  readonly until?: string | undefined;
  /** Why its last step failed, or why it ended or is being undone. */
  readonly reason?: string;
  readonly version: number;
}

/** The lists of those that are not over, and of those that are. */
export const running = 'running';
export const ended = 'ended';

type Of<Type extends ProcessEvent['type']> = Recorded<Extract<ProcessEvent, { type: Type }>>;

/** What is true now; what it was at, waited for and why is over with the next event. */
function moved(row: ProcessRow | undefined, { version, time }: Envelope, now: Partial<ProcessRow>) {
  if (!row) return undefined;
  const { step: _step, waitingFor: _waitingFor, until: _until, reason: _reason, ...rest } = row;
  return { ...rest, ...now, changedAt: time, version };
}

/** How each event changes the row of a process. */
export const processSteps = {
  ProcessStarted: (_: ProcessRow | undefined, event: Of<'ProcessStarted'>): ProcessRow => ({
    ...event.data,
    processId: event.stream.id,
    domain: event.source.replace(/^skafu\./, ''),
    type: event.stream.type,
    status: 'running',
    startedAt: event.time,
    changedAt: event.time,
    correlationId: event.correlationId,
    done: [],
    version: event.version,
  }),
  ProcessWaiting: (row: ProcessRow | undefined, event: Of<'ProcessWaiting'>) =>
    moved(row, event, { waitingFor: event.data.for, until: event.data.until }),
  ProcessStepStarted: (row: ProcessRow | undefined, event: Of<'ProcessStepStarted'>) => {
    const { step, on, attempt, until } = event.data;
    return moved(row, event, { step: { step, on, attempt }, until });
  },
  ProcessStepDone: (row: ProcessRow | undefined, event: Of<'ProcessStepDone'>) =>
    moved(row, event, { done: [...(row?.done ?? []), event.data] }),
  ProcessStepFailed: (row: ProcessRow | undefined, event: Of<'ProcessStepFailed'>) => {
    const { step, on, attempt, reason, retryAt } = event.data;
    return moved(row, event, { step: { step, on, attempt }, reason, until: retryAt });
  },
  ProcessCompensating: (row: ProcessRow | undefined, event: Of<'ProcessCompensating'>) =>
    moved(row, event, { status: 'compensating', reason: event.data.reason }),
  ProcessStepCompensated: (row: ProcessRow | undefined, event: Of<'ProcessStepCompensated'>) => {
    const { step, on } = event.data;
    return moved(row, event, {
      done: (row?.done ?? []).filter((each) => each.step !== step || each.on !== on),
    });
  },
  ProcessEnded: (row: ProcessRow | undefined, event: Of<'ProcessEnded'>) =>
    moved(row, event, { status: event.data.outcome, reason: event.data.reason }),
};

export const isOver = ({ status }: Pick<ProcessRow, 'status'>) =>
  status !== 'running' && status !== 'compensating';

/** Processes that are not over, and those that are; each list with that which changed last first. */
export const processes = readModelOfProcesses<ProcessRow>({
  listed: (row) => ({
    list: isOver(row) ? ended : running,
    order: `${row.changedAt}#${row.processId}`,
  }),
  project: processSteps,
});
