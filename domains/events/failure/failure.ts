import { aggregate, type Decision } from '#shared/definition/aggregate.ts';
import { type DomainEvent, type EventOf, event } from '#shared/messages/event.ts';
import { refused } from '#shared/messages/problem.ts';
import { boolean, instant, integer, optional, text } from '#shared/messages/schema.ts';
import { occurrenceFields, type Target, targetFields, targetKey } from './occurrence.ts';
import { minuteOf, type Reported, tell } from './storm.ts';

// All failures of one cause, known by their fingerprint. While it is open, somebody should look at it; ignored, it is
// only counted; resolved, the next occurrence opens it again.

const reason = text(500);

// Events

export const FailureOccurred = event('FailureOccurred', {
  ...occurrenceFields,
  /** How many occurrences this event stands for; what it tells is of the last of them. */
  times: integer({ minimum: 1 }),
  /** The stream was not among those that the failure concerned. */
  newlyAffected: optional(boolean()),
  /** Once each time that the failure is opened: it is long, and repetitions have the same. */
  stack: optional(text(8_000)),
});
export const FailureReopened = event('FailureReopened', { reason: optional(reason) });
export const FailureIgnored = event('FailureIgnored', { reason });
export const FailureResolved = event('FailureResolved', { reason, at: instant });
export const StreamRedriven = event('StreamRedriven', { ...targetFields, at: instant });
export const StreamReleased = event('StreamReleased', { ...targetFields, at: instant });

const events = [
  FailureOccurred,
  FailureReopened,
  FailureIgnored,
  FailureResolved,
  StreamRedriven,
  StreamReleased,
] as const;
export type FailureEvent = EventOf<(typeof events)[number]> & DomainEvent;

// State

/** A stream that waits behind an event that failed, or that a function could not act on. */
export interface Affected {
  readonly target: Target;
  readonly recordedAt: string;
  /** Delivered again, and not heard of since. */
  readonly redriven: boolean;
}

export interface Known {
  /** By `targetKey`. */
  readonly affected: Readonly<Record<string, Affected>>;
  /** The minute of the latest occurrence, and how many events it has taken. */
  readonly minute: string;
  readonly inMinute: number;
}

export type Failure =
  | { readonly status: 'unknown' }
  | (Known & { readonly status: 'open' | 'ignored' })
  | (Known & { readonly status: 'resolved'; readonly resolvedAt: string });

const nothing: Known = { affected: {}, minute: '', inMinute: 0 };

// Evolve

const evolve = (state: Failure, event: FailureEvent): Failure => {
  const before = state.status === 'unknown' ? { ...nothing, status: 'open' as const } : state;
  switch (event.type) {
    case 'FailureOccurred': {
      const { at, target } = event.data;
      const minute = minuteOf(at);
      const inMinute = minute === before.minute ? before.inMinute + 1 : 1;
      if (!target) return { ...before, minute, inMinute };
      const affected = {
        ...before.affected,
        [targetKey(target)]: { target, recordedAt: at, redriven: false },
      };
      return { ...before, affected, minute, inMinute };
    }
    case 'FailureReopened':
      return { ...knownOf(before), status: 'open' };
    case 'FailureIgnored':
      return { ...knownOf(before), status: 'ignored' };
    case 'FailureResolved':
      return { ...knownOf(before), status: 'resolved', resolvedAt: event.data.at };
    case 'StreamRedriven': {
      const key = targetKey(event.data);
      const waiting = before.affected[key];
      // Nobody tells when a function has acted, so it is only heard of again when it fails again.
      if (!waiting || event.data.kind === 'function') return without(before, key);
      return { ...before, affected: { ...before.affected, [key]: { ...waiting, redriven: true } } };
    }
    case 'StreamReleased':
      return without(before, targetKey(event.data));
  }
};

function without<State extends Known>(state: State, key: string): State {
  const { [key]: _, ...affected } = state.affected;
  return { ...state, affected };
}

const knownOf = ({ affected, minute, inMinute }: Known): Known => ({ affected, minute, inMinute });

export const failure = aggregate<Failure, FailureEvent>('events/failure', {
  events,
  initial: { status: 'unknown' },
  evolve,
});

// Decisions

type Decide<Input> = Decision<Failure, Input, FailureEvent>;

/** So many streams are delivered again by one command. */
const maximumRedriven = 100;

/** Opens the failure, or opens it again, or only counts, in as few events as tell what is new. */
export const record: Decide<{ occurrences: readonly Reported[] }> = (state, { occurrences }) => {
  const reopens = state.status === 'resolved' && occurrences.some(({ at }) => at > state.resolvedAt);
  const known = state.status === 'unknown' ? nothing : state;
  // What is told of a failure that was thought resolved is news, whatever was told before.
  const told = tell(reopens ? withoutRecords(known) : known, occurrences);
  const opens = reopens || state.status === 'unknown';
  return [
    ...(reopens && told.length > 0 ? [FailureReopened({})] : []),
    ...told.map(({ stack, ...one }, index) =>
      FailureOccurred({ ...one, ...(opens && index === 0 && stack ? { stack } : {}) }),
    ),
  ];
};

export const ignore: Decide<{ reason: string }> = (state, { reason }) =>
  state.status === 'ignored' ? [] : [FailureIgnored({ reason })];

export const resolve: Decide<{ reason: string }> = (state, { reason }, { now }) =>
  state.status === 'resolved' ? [] : [FailureResolved({ reason, at: now })];

export const reopen: Decide<{ reason?: string | undefined }> = (state, { reason }) =>
  state.status === 'open' ? [] : [FailureReopened({ reason })];

/** Delivers again what waits: of one stream, named as `targetKey` does, or of all. */
export const redrive: Decide<{ stream?: string | undefined }> = (state, { stream }, { now }) => {
  const affected = state.status === 'unknown' ? {} : state.affected;
  const chosen = Object.entries(affected).filter(([key]) => stream === undefined || key === stream);
  if (chosen.length === 0)
    throw refused('nothing-to-redrive', 'No stream waits here, or not this one: it may have been released.');
  return chosen.slice(0, maximumRedriven).map(([, { target }]) => StreamRedriven({ ...target, at: now }));
};

/** A read model has passed what failed. What failed later meanwhile stays held. */
export const release: Decide<{ targets: readonly Target[] }> = (state, { targets }, { now }) => {
  if (state.status === 'unknown') return [];
  return targets
    .filter((target) => state.affected[targetKey(target)]?.target.version === target.version)
    .map((target) => StreamReleased({ ...target, at: now }));
};

function withoutRecords(known: Known): Known {
  const affected = Object.entries(known.affected).map(([key, one]) => [key, { ...one, redriven: true }]);
  return { ...known, affected: Object.fromEntries(affected) };
}
