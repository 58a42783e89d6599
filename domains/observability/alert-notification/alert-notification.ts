import { aggregate, type Decision } from '#shared/definition/aggregate.ts';
import { type DomainEvent, type EventOf, event } from '#shared/messages/event.ts';
import { refused } from '#shared/messages/problem.ts';
import { instant, integer, object, oneOf, optional, text, type ValueOf } from '#shared/messages/schema.ts';
import { moments, type Outcome } from '../notification-channel/notification-channel.ts';
import { factFields } from './facts.ts';

// One message to one channel about one moment of one episode of an alert. What it tells is fixed when the moment comes;
// whether and when it goes out follows from what stands then.

export const subjectFields = {
  channelId: text(100),
  /** As the channel was called then: it may be renamed or deleted later. */
  channelName: text(100),
  alertId: text(100),
  episode: integer({ minimum: 1 }),
  moment: oneOf(...moments),
  /** When the moment was. */
  at: instant,
};
export type Subject = ValueOf<typeof subjectFields>;

const attempt = integer({ minimum: 1 });
const milliseconds = integer({ minimum: 0 });

// Events

export const NotificationRequested = event('NotificationRequested', {
  ...subjectFields,
  facts: object(factFields),
});
export const NotificationWithheld = event('NotificationWithheld', { until: instant });
export const NotificationDelivered = event('NotificationDelivered', {
  attempt,
  status: optional(integer()),
  milliseconds,
});
export const NotificationFailed = event('NotificationFailed', {
  attempt,
  status: optional(integer()),
  reason: text(500),
  milliseconds,
  /** Absent: given up. */
  nextAttemptAt: optional(instant),
});
export const NotificationDropped = event('NotificationDropped', {
  reason: oneOf('moment-passed', 'channel-disabled', 'channel-deleted'),
});
export const NotificationSentAgain = event('NotificationSentAgain', {});

const events = [
  NotificationRequested,
  NotificationWithheld,
  NotificationDelivered,
  NotificationFailed,
  NotificationDropped,
  NotificationSentAgain,
] as const;
export type AlertNotificationEvent = EventOf<(typeof events)[number]> & DomainEvent;

// State

export interface Message extends Subject {
  readonly facts: ValueOf<typeof factFields>;
}

interface Known {
  readonly message: Message;
  readonly attempts: number;
}

/** Still to go out: at once, when a silence ends, or when it is tried again. */
export type Pending = Known &
  (
    | { readonly status: 'due' }
    | { readonly status: 'withheld'; readonly until: string }
    | { readonly status: 'retrying'; readonly nextAttemptAt: string }
  );

export type AlertNotification =
  | { readonly status: 'unknown' }
  | Pending
  | (Known & { readonly status: 'delivered' | 'failed' | 'dropped' });

// Evolve

const evolve = (state: AlertNotification, event: AlertNotificationEvent): AlertNotification => {
  if (event.type === 'NotificationRequested') return { status: 'due', message: event.data, attempts: 0 };
  if (state.status === 'unknown') return state;
  const { message, attempts } = state;
  switch (event.type) {
    case 'NotificationWithheld':
      return { status: 'withheld', message, attempts, until: event.data.until };
    case 'NotificationDelivered':
      return { status: 'delivered', message, attempts: event.data.attempt };
    case 'NotificationFailed': {
      const { attempt, nextAttemptAt } = event.data;
      return nextAttemptAt
        ? { status: 'retrying', message, attempts: attempt, nextAttemptAt }
        : { status: 'failed', message, attempts: attempt };
    }
    case 'NotificationDropped':
      return { status: 'dropped', message, attempts };
    case 'NotificationSentAgain':
      return { status: 'due', message, attempts: 0 };
  }
};

export const alertNotification = aggregate<AlertNotification, AlertNotificationEvent>(
  'observability/alert-notification',
  { events, initial: { status: 'unknown' }, evolve },
);

// Decisions

type Decide<Input> = Decision<AlertNotification, Input, AlertNotificationEvent>;

/** After each failed attempt, the pause until the next, in seconds; after the last it is given up. */
const pauses = [30, 60, 300, 900, 3600];

export const request: Decide<Message> = (state, message) =>
  state.status === 'unknown' ? [NotificationRequested(message)] : [];

export const withhold: Decide<{ until: string }> = (state, { until }) => {
  if (!isPending(state) || (state.status === 'withheld' && state.until === until)) return [];
  return [NotificationWithheld({ until })];
};

export const drop: Decide<Parameters<typeof NotificationDropped>[0]> = (state, { reason }) =>
  isPending(state) ? [NotificationDropped({ reason })] : [];

/** How an attempt went. What another recorded meanwhile stands, except that a delivery is always worth knowing. */
export const recordAttempt: Decide<Outcome & { attempt: number }> = (state, result, { now }) => {
  if (!isPending(state)) return [];
  const { attempt, outcome, status, reason = 'It failed without saying why.', milliseconds } = result;
  if (outcome === 'delivered') return [NotificationDelivered({ attempt, status, milliseconds })];
  if (attempt !== state.attempts + 1) return [];
  const pause = pauses[state.attempts];
  const nextAttemptAt =
    pause === undefined ? undefined : new Date(Date.parse(now) + pause * 1000).toISOString();
  return [NotificationFailed({ attempt, status, reason, milliseconds, nextAttemptAt })];
};

export const sendAgain: Decide<object> = (state) => {
  if (state.status === 'due') return [];
  if (state.status === 'failed' || state.status === 'retrying') return [NotificationSentAgain({})];
  throw refused('notification-not-failed', 'Only a notification that failed can be sent again.');
};

export function isPending(state: AlertNotification): state is Pending {
  return state.status === 'due' || state.status === 'withheld' || state.status === 'retrying';
}
