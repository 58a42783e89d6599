import { aggregate, type Decision } from '#shared/definition/aggregate.ts';
import { type DomainEvent, type EventOf, event } from '#shared/messages/event.ts';
import { refused } from '#shared/messages/problem.ts';
import { integer, list, oneOf, optional, text, type ValueOf } from '#shared/messages/schema.ts';
import { requireAddress } from './channel-address.ts';

// What a channel says: where messages go, and which. Its signing secret is in no event: it is derived from the key of
// the installation, the channel and the number of the secret (`generation`).

export const moments = ['raised', 'escalated', 'acknowledged', 'resolved'] as const;
export type Moment = (typeof moments)[number];

export const channelFields = {
  name: text(100),
  kind: oneOf('webhook'),
  url: text(2048),
  severities: list(oneOf('critical', 'warning', 'info'), { minItems: 1, maxItems: 3 }),
  moments: list(oneOf(...moments), { minItems: 1, maxItems: moments.length }),
  /** For how many minutes nobody has acknowledged an alert that is escalated. */
  escalateAfter: optional(integer({ minimum: 1, maximum: 1440 })),
  /** Where the links in messages lead: the console's address, which no function knows by itself. */
  consoleUrl: optional(text(2048)),
};
export type Channel = ValueOf<typeof channelFields>;

/** For how many minutes people are left to acknowledge an alert, where a channel does not say. */
export const defaultEscalateAfter = 15;

const generation = integer({ minimum: 1 });
/** The number of a test, counted from 1. */
const test = integer({ minimum: 1 });

/** How an attempt to send went; `status` is the receiver's answer, where there was one. */
export const outcomeFields = {
  outcome: oneOf('delivered', 'failed'),
  status: optional(integer()),
  reason: optional(text(500)),
  milliseconds: integer({ minimum: 0 }),
};
export type Outcome = ValueOf<typeof outcomeFields>;

// Events

export const NotificationChannelCreated = event('NotificationChannelCreated', {
  ...channelFields,
  generation,
});
export const NotificationChannelChanged = event('NotificationChannelChanged', channelFields);
export const NotificationChannelDisabled = event('NotificationChannelDisabled', {});
export const NotificationChannelEnabled = event('NotificationChannelEnabled', {});
export const NotificationChannelSecretRotated = event('NotificationChannelSecretRotated', { generation });
export const NotificationChannelTestRequested = event('NotificationChannelTestRequested', { test });
export const NotificationChannelTested = event('NotificationChannelTested', { test, ...outcomeFields });
export const NotificationChannelDeleted = event('NotificationChannelDeleted', {});

const events = [
  NotificationChannelCreated,
  NotificationChannelChanged,
  NotificationChannelDisabled,
  NotificationChannelEnabled,
  NotificationChannelSecretRotated,
  NotificationChannelTestRequested,
  NotificationChannelTested,
  NotificationChannelDeleted,
] as const;
export type NotificationChannelEvent = EventOf<(typeof events)[number]> & DomainEvent;

// State

export interface StandingChannel {
  readonly status: 'enabled' | 'disabled';
  readonly channel: Channel;
  readonly generation: number;
  /** How many tests were asked for, and the number of the last that was answered. */
  readonly tests: number;
  readonly tested: number;
}

export type NotificationChannel =
  | { readonly status: 'undefined' }
  | StandingChannel
  | { readonly status: 'deleted' };

// Evolve

const evolve = (state: NotificationChannel, event: NotificationChannelEvent): NotificationChannel => {
  if (event.type === 'NotificationChannelCreated') {
    const { generation, ...channel } = event.data;
    return { status: 'enabled', channel, generation, tests: 0, tested: 0 };
  }
  if (!('channel' in state)) return state;
  switch (event.type) {
    case 'NotificationChannelChanged':
      return { ...state, channel: event.data };
    case 'NotificationChannelDisabled':
      return { ...state, status: 'disabled' };
    case 'NotificationChannelEnabled':
      return { ...state, status: 'enabled' };
    case 'NotificationChannelSecretRotated':
      return { ...state, generation: event.data.generation };
    case 'NotificationChannelTestRequested':
      return { ...state, tests: event.data.test };
    case 'NotificationChannelTested':
      return { ...state, tested: event.data.test };
    case 'NotificationChannelDeleted':
      return { status: 'deleted' };
  }
};

export const notificationChannel = aggregate<NotificationChannel, NotificationChannelEvent>(
  'observability/notification-channel',
  {
    events,
    initial: { status: 'undefined' },
    evolve,
    // People tell channels apart by their names, in whatever case they write them.
    unique: { name: (state) => ('channel' in state ? state.channel.name.toLowerCase() : undefined) },
  },
);

// Decisions

type Decide<Input> = Decision<NotificationChannel, Input, NotificationChannelEvent>;

/** What is asked for, and whether plain HTTP to this machine is allowed, as it is on a developer's machine. */
export type Wish = Channel & { readonly allowLoopback: boolean };

export const create: Decide<Wish> = (state, { allowLoopback, ...channel }) => {
  if (state.status !== 'undefined')
    throw refused('notification-channel-exists', 'This notification channel is already there.');
  requireAddress(channel, allowLoopback);
  return [NotificationChannelCreated({ ...channel, generation: 1 })];
};

export const change: Decide<Wish> = (state, { allowLoopback, ...channel }) => {
  const standing = standingChannel(state);
  requireAddress(channel, allowLoopback);
  return equal(standing.channel, channel) ? [] : [NotificationChannelChanged(channel)];
};

export const disable: Decide<object> = (state) =>
  standingChannel(state).status === 'disabled' ? [] : [NotificationChannelDisabled({})];

export const enable: Decide<object> = (state) =>
  standingChannel(state).status === 'enabled' ? [] : [NotificationChannelEnabled({})];

export const rotateSecret: Decide<object> = (state) => [
  NotificationChannelSecretRotated({ generation: standingChannel(state).generation + 1 }),
];

export const requestTest: Decide<object> = (state) => [
  NotificationChannelTestRequested({ test: standingChannel(state).tests + 1 }),
];

/** An answer that comes twice, or to a test that a newer one has replaced, says nothing new. */
export const recordTest: Decide<{ test: number } & Outcome> = (state, result) =>
  'channel' in state && result.test > state.tested && result.test <= state.tests
    ? [NotificationChannelTested(result)]
    : [];

export const remove: Decide<object> = (state) =>
  state.status === 'deleted' ? [] : [NotificationChannelDeleted({})];

function standingChannel(state: NotificationChannel): StandingChannel {
  if ('channel' in state) return state;
  throw refused('notification-channel-deleted', 'This notification channel was deleted. Create a new one.');
}

const equal = (one: Channel, other: Channel) =>
  JSON.stringify(inOrder(one)) === JSON.stringify(inOrder(other));

/** With fields and choices in one order, so that two spellings of a channel compare equal. */
function inOrder({ name, kind, url, severities, moments, escalateAfter, consoleUrl }: Channel) {
  return [name, kind, url, [...severities].sort(), [...moments].sort(), escalateAfter, consoleUrl];
}
