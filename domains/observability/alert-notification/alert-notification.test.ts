import { describe, expect, test } from 'vitest';
import { fold } from '#shared/definition/aggregate.ts';
import { givenEventsOf } from '#shared/testing/given.ts';
import {
  AlertAcknowledged,
  AlertCommented,
  AlertRaised,
  AlertResolved,
  AlertSilenced,
} from '../alert/alert.ts';
import {
  alertNotification,
  drop,
  type Message,
  NotificationDelivered,
  NotificationDropped,
  NotificationFailed,
  NotificationRequested,
  NotificationSentAgain,
  NotificationWithheld,
  recordAttempt,
  request,
  sendAgain,
  withhold,
} from './alert-notification.ts';
import { alertStory } from './facts.ts';

const now = '2026-03-01T10:00:00.000Z';
const later = '2026-03-01T11:00:00.000Z';
const alarm = {
  reason: 'Threshold crossed',
  ruleName: 'Too many errors',
  severity: 'critical' as const,
  metric: { namespace: 'AWS/Lambda', metricName: 'Errors', dimensions: {} },
  statistic: 'Sum',
  comparison: 'GreaterThanThreshold' as const,
  threshold: 5,
};
const message: Message = {
  channelId: 'c1',
  channelName: 'On call',
  alertId: 'a1',
  episode: 1,
  moment: 'raised',
  at: now,
  facts: { ...alarm, raisedAt: now },
};
const requested = NotificationRequested(message);
const withheld = NotificationWithheld({ until: later });
const delivered = NotificationDelivered({ attempt: 1, status: 204, milliseconds: 12 });
const refusal = { outcome: 'failed' as const, status: 503, reason: 'It answered 503.', milliseconds: 9 };
const failure = (attempt: number, nextAttemptAt?: string) =>
  NotificationFailed({
    attempt,
    status: 503,
    reason: 'It answered 503.',
    milliseconds: 9,
    ...(nextAttemptAt ? { nextAttemptAt } : {}),
  });
const givenUp = [requested, failure(1, now), failure(2)];
const given = givenEventsOf(alertNotification);

describe('a message to a channel', () => {
  test('is asked for once, however often its moment is told', () => {
    given().when(request, message).thenRecords(requested);
    given(requested).when(request, message).thenNothing();
    given(requested, delivered).when(request, message).thenNothing();
  });

  test('is withheld until a silence ends, and longer when that is put off', () => {
    given(requested).when(withhold, { until: later }).thenRecords(withheld);
    given(requested, withheld).when(withhold, { until: later }).thenNothing();
    given(requested, withheld)
      .when(withhold, { until: now })
      .thenRecords(NotificationWithheld({ until: now }));
    given(requested, delivered).when(withhold, { until: later }).thenNothing();
  });

  test('is delivered once, out of every state in which it waits', () => {
    const attempt = { attempt: 1, outcome: 'delivered' as const, status: 204, milliseconds: 12 };
    given(requested).when(recordAttempt, attempt).thenRecords(delivered);
    given(requested, withheld).when(recordAttempt, attempt).thenRecords(delivered);
    given(requested, failure(1, later)).when(recordAttempt, attempt).thenRecords(delivered);
    given(requested, delivered).when(recordAttempt, attempt).thenNothing();
    given().when(recordAttempt, attempt).thenNothing();
  });

  test('is tried again after pauses that grow, and given up in the end', () => {
    const pauses = [30, 60, 300, 900, 3600].map((seconds) =>
      new Date(Date.parse(now) + seconds * 1000).toISOString(),
    );
    const tries = [...pauses, undefined].map((next, index) => failure(index + 1, next));
    tries.forEach((expected, index) => {
      given(requested, ...tries.slice(0, index))
        .when(recordAttempt, { attempt: index + 1, ...refusal }, { now })
        .thenRecords(expected);
    });
    given(requested, ...tries)
      .when(recordAttempt, { attempt: 7, ...refusal })
      .thenNothing();
  });

  test('counts an attempt that two made at once as one', () => {
    given(requested, failure(1, later))
      .when(recordAttempt, { attempt: 1, ...refusal })
      .thenNothing();
  });

  test('says something also where the failure said nothing', () => {
    given(requested)
      .when(recordAttempt, { attempt: 1, outcome: 'failed', milliseconds: 9 }, { now })
      .thenRecords(
        NotificationFailed({
          attempt: 1,
          reason: 'It failed without saying why.',
          milliseconds: 9,
          nextAttemptAt: '2026-03-01T10:00:30.000Z',
        }),
      );
  });

  test('is dropped when there is nobody or nothing to tell any more', () => {
    given(requested)
      .when(drop, { reason: 'channel-deleted' })
      .thenRecords(NotificationDropped({ reason: 'channel-deleted' }));
    given(requested, NotificationDropped({ reason: 'moment-passed' }))
      .when(drop, { reason: 'channel-deleted' })
      .thenNothing();
  });

  test('is sent again on request, from the first attempt on, when it failed', () => {
    const again = NotificationSentAgain({});
    given(...givenUp)
      .when(sendAgain, {})
      .thenRecords(again);
    given(requested, failure(1, later)).when(sendAgain, {}).thenRecords(again);
    given(...givenUp, again)
      .when(sendAgain, {})
      .thenNothing();
    given(...givenUp, again)
      .when(recordAttempt, { attempt: 1, ...refusal }, { now })
      .thenRecords(failure(1, '2026-03-01T10:00:30.000Z'));
  });

  test.each([
    ['it was delivered', [requested, delivered]],
    ['it is withheld', [requested, withheld]],
    ['it never was', [withheld]],
  ])('is not sent again when %s', (_, history) => {
    given(...history)
      .when(sendAgain, {})
      .thenRefused('notification-not-failed');
  });
});

describe('what is told of an alert', () => {
  const raised = AlertRaised({ ...alarm, episode: 1, changedAt: now });

  test('begins with what the rule and the alarm said', () => {
    expect(fold(alertStory, [raised])).toEqual({ 1: { ...alarm, raisedAt: now } });
  });

  test('goes on with who is on it and how it ended, episode by episode', () => {
    const story = fold(alertStory, [
      raised,
      AlertAcknowledged({ episode: 1, note: 'on it' }),
      AlertResolved({ episode: 1, changedAt: later, resolution: 'recovered', reason: 'fine' }),
      AlertRaised({ ...alarm, episode: 2, changedAt: later }),
      AlertAcknowledged({ episode: 2 }),
    ]);
    expect(story).toEqual({
      1: {
        ...alarm,
        raisedAt: now,
        note: 'on it',
        resolvedAt: later,
        resolution: 'recovered',
        reason: 'fine',
      },
      2: { ...alarm, raisedAt: later },
    });
  });

  test('leaves out what people say to each other', () => {
    const comment = AlertCommented({ episode: 1, text: 'hm' });
    const silence = AlertSilenced({ until: later, reason: 'planned' });
    expect(fold(alertStory, [silence, raised, comment])).toEqual({ 1: { ...alarm, raisedAt: now } });
  });
});
