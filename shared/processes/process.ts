import { type Aggregate, aggregate, type Decision } from '../definition/aggregate.ts';
import {
  ProcessCompensating,
  ProcessEnded,
  type ProcessEvent,
  ProcessStarted,
  ProcessStepCompensated,
  ProcessStepDone,
  ProcessStepFailed,
  ProcessStepStarted,
  type ProcessSubject,
  ProcessWaiting,
  processEvents,
  type StepName,
} from './process-events.ts';

// What one run of a process manager remembers: the steps that stand, the one it is at, and what it waits for.

// State

interface Memory extends ProcessSubject {
  /** The steps that were done, or maybe half done, and not compensated, in the order in which they were. */
  readonly done: readonly StepName[];
  readonly waiting?: Parameters<typeof ProcessWaiting>[0] | undefined;
  readonly current?: Parameters<typeof ProcessStepStarted>[0] | undefined;
  readonly failed?: Parameters<typeof ProcessStepFailed>[0] | undefined;
}

export type Process =
  | { readonly status: 'unknown' }
  | (Memory & { readonly status: 'running' })
  | (Memory & { readonly status: 'compensating'; readonly reason: string })
  | (Memory & { readonly status: 'ended' } & Parameters<typeof ProcessEnded>[0]);

// Evolve

const evolve = (process: Process, event: ProcessEvent): Process => {
  if (event.type === 'ProcessStarted') return { status: 'running', ...event.data, done: [] };
  if (process.status === 'unknown') return process;
  const { waiting: _waiting, current, failed, ...rest } = process;
  switch (event.type) {
    case 'ProcessWaiting':
      return { ...rest, waiting: event.data };
    case 'ProcessStepStarted':
      return { ...rest, current: event.data };
    case 'ProcessStepDone':
      return { ...rest, done: [...process.done, event.data] };
    case 'ProcessStepFailed':
      return { ...rest, failed: event.data };
    case 'ProcessCompensating': {
      // A step that failed, or whose doer died, may have been half done: it is to be undone as well.
      const halfDone = current ?? failed;
      const done = halfDone ? [...process.done, nameOf(halfDone)] : process.done;
      return { ...rest, status: 'compensating', reason: event.data.reason, done };
    }
    case 'ProcessStepCompensated':
      return { ...rest, done: process.done.filter((step) => !isSameStep(step, event.data)) };
    case 'ProcessEnded':
      return { ...rest, status: 'ended', ...event.data };
  }
};

/** Defines the aggregate of a process: what each of its runs remembers. The type must end in `-process`. */
export function processAggregate(name: `${string}/${string}-process`): Aggregate<Process, ProcessEvent> {
  return aggregate<Process, ProcessEvent>(name, {
    events: processEvents,
    initial: { status: 'unknown' },
    evolve,
  });
}

// Decisions. Each begins the process where it has not begun, in the same commit.

type Decide<Input> = Decision<Process, ProcessSubject & Input, ProcessEvent>;

export const wait: Decide<Parameters<typeof ProcessWaiting>[0]> = (process, { until, ...input }) => {
  if (process.status === 'ended') return [];
  const { waiting } = process.status === 'unknown' ? {} : process;
  if (waiting?.for === input.for && waiting.until === until) return [];
  return [...beginning(process, input), ProcessWaiting({ for: input.for, until })];
};

/** Claims a step, unless somebody else is at one. */
export const startStep: Decide<Parameters<typeof ProcessStepStarted>[0]> = (process, input, { now }) => {
  if (process.status === 'ended') return [];
  if (process.status !== 'unknown' && process.current && process.current.until > now) return [];
  const { subject: _subject, key: _key, ...claimed } = input;
  return [...beginning(process, input), ProcessStepStarted(claimed)];
};

export const finishStep: Decide<StepName> = (process, { step, on }) =>
  isAt(process, { step, on }) ? [finished(process.status)({ step, on })] : [];

export const failStep: Decide<Parameters<typeof ProcessStepFailed>[0]> = (process, input) => {
  const { subject: _subject, key: _key, ...failure } = input;
  return isAt(process, failure) ? [ProcessStepFailed(failure)] : [];
};

export const compensate: Decide<{ reason: string }> = (process, { reason }) =>
  process.status === 'running' ? [ProcessCompensating({ reason })] : [];

export const end: Decide<Parameters<typeof ProcessEnded>[0]> = (process, { outcome, reason }) =>
  process.status === 'running' || process.status === 'compensating'
    ? [ProcessEnded({ outcome, reason })]
    : [];

const finished = (status: Process['status']) =>
  status === 'compensating' ? ProcessStepCompensated : ProcessStepDone;

function beginning({ status }: Process, { subject, key }: ProcessSubject): ProcessEvent[] {
  return status === 'unknown' ? [ProcessStarted({ subject, key })] : [];
}

function isAt(process: Process, step: StepName): boolean {
  return 'current' in process && process.current !== undefined && isSameStep(process.current, step);
}

function nameOf({ step, on }: StepName): StepName {
  return on === undefined ? { step } : { step, on };
}

/** Whether two names are of one step. */
export function isSameStep(one: StepName, other: StepName): boolean {
  return one.step === other.step && one.on === other.on;
}
