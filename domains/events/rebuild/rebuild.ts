import { aggregate, type Decision } from '#shared/definition/aggregate.ts';
import { type DomainEvent, type EventOf, event } from '#shared/messages/event.ts';
import { refused } from '#shared/messages/problem.ts';
import { integer, number, text } from '#shared/messages/schema.ts';

// One making of a read model's rows anew, into its idle table. What it has copied stands in checkpoints beside the rows;
// here is what people ask for and are told. Each step that is recorded wakes who does the next one.

const count = integer({ minimum: 0 });

/** What it will take, as it was told before the start. */
const estimateFields = {
  items: count,
  bytes: count,
  rows: count,
  readUnits: count,
  writeUnits: count,
  dollars: number({ minimum: 0 }),
  seconds: count,
  segments: integer({ minimum: 1 }),
};
/** All that was read and written so far. */
const copiedFields = { items: count, events: count, rows: count, rowsPerSecond: number({ minimum: 0 }) };

// Events

export const RebuildStarted = event('RebuildStarted', {
  /** `<domain>/<model>` */
  model: text(128),
});
export const RebuildPlanned = event('RebuildPlanned', estimateFields);
export const RebuildTableEmptied = event('RebuildTableEmptied', {});
export const RebuildProgressed = event('RebuildProgressed', copiedFields);
export const RebuildResumed = event('RebuildResumed', {});
/** Everything is copied. Readers turn to the new table within seconds, and nothing can stop that any more. */
export const RebuildCopied = event('RebuildCopied', copiedFields);
export const RebuildSwitched = event('RebuildSwitched', {});
export const RebuildCancelled = event('RebuildCancelled', { reason: text(500) });
export const RebuildFailed = event('RebuildFailed', { reason: text(2_000) });

const events = [
  RebuildStarted,
  RebuildPlanned,
  RebuildTableEmptied,
  RebuildProgressed,
  RebuildResumed,
  RebuildCopied,
  RebuildSwitched,
  RebuildCancelled,
  RebuildFailed,
] as const;
export type RebuildEvent = EventOf<(typeof events)[number]> & DomainEvent;

export type Planned = Extract<RebuildEvent, { type: 'RebuildPlanned' }>['data'];
export type Progressed = Extract<RebuildEvent, { type: 'RebuildProgressed' }>['data'];

// State

/** What is to be done next, or how it ended. */
export type RebuildStatus =
  | 'unknown'
  | 'planning'
  | 'emptying'
  | 'copying'
  | 'switching'
  | 'switched'
  | 'cancelled'
  | 'failed';

export interface Rebuild {
  readonly status: RebuildStatus;
  readonly model: string;
  readonly segments: number;
}

/** Whether it still has something to do. */
export function isRunning({ status }: Pick<Rebuild, 'status'>): boolean {
  return status === 'planning' || status === 'emptying' || status === 'copying' || status === 'switching';
}

// Evolve

const evolve = (state: Rebuild, event: RebuildEvent): Rebuild => {
  switch (event.type) {
    case 'RebuildStarted':
      return { ...state, status: 'planning', model: event.data.model };
    case 'RebuildPlanned':
      return { ...state, status: 'emptying', segments: event.data.segments };
    case 'RebuildTableEmptied':
      return { ...state, status: 'copying' };
    case 'RebuildProgressed':
    case 'RebuildResumed':
      return state;
    case 'RebuildCopied':
      return { ...state, status: 'switching' };
    case 'RebuildSwitched':
      return { ...state, status: 'switched' };
    case 'RebuildCancelled':
      return { ...state, status: 'cancelled' };
    case 'RebuildFailed':
      return { ...state, status: 'failed' };
  }
};

export const rebuild = aggregate<Rebuild, RebuildEvent>('events/rebuild', {
  events,
  initial: { status: 'unknown', model: '', segments: 1 },
  evolve,
  // Two rebuilds of one model would fill the same table.
  unique: { model: (state) => (isRunning(state) ? state.model : undefined) },
});

// Decisions

type Decide<Input> = Decision<Rebuild, Input, RebuildEvent>;

export const startRebuildOf: Decide<{ model: string }> = (state, { model }) =>
  state.status === 'unknown' ? [RebuildStarted({ model })] : [];

export const plan: Decide<Planned> = ({ status }, estimate) =>
  status === 'planning' ? [RebuildPlanned(estimate)] : [];

export const noteEmptied: Decide<object> = ({ status }) =>
  status === 'emptying' ? [RebuildTableEmptied({})] : [];

export const noteProgress: Decide<Progressed> = ({ status }, progress) =>
  status === 'copying' ? [RebuildProgressed(progress)] : [];

export const noteCopied: Decide<Progressed> = ({ status }, progress) =>
  status === 'copying' ? [RebuildCopied(progress)] : [];

export const noteSwitched: Decide<object> = ({ status }) =>
  status === 'switching' ? [RebuildSwitched({})] : [];

/** Wakes whoever works at it: after a crash nobody else would. */
export const resume: Decide<object> = (state) => (isRunning(state) ? [RebuildResumed({})] : []);

export const fail: Decide<{ reason: string }> = (state, { reason }) =>
  isRunning(state) ? [RebuildFailed({ reason })] : [];

export const cancel: Decide<{ reason: string }> = (state, { reason }) => {
  if (state.status === 'cancelled') return [];
  if (state.status === 'switching')
    throw refused('rebuild-switching', 'Everything is copied, and readers are turning to the new table now.');
  if (!isRunning(state)) throw refused('rebuild-over', 'The rebuild is over; there is nothing to cancel.');
  return [RebuildCancelled({ reason })];
};
