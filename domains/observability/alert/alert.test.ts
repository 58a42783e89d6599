import { describe, test } from 'vitest';
import { givenEventsOf } from '#shared/testing/given.ts';
import {
  AlertAcknowledged,
  AlertRaised,
  AlertResolved,
  acknowledge,
  alert,
  closeForDeletedRule,
  type Raise,
  raise,
  recover,
} from './alert.ts';

const alarm: Raise = {
  changedAt: '2026-03-01T10:00:00.000Z',
  reason: 'Threshold crossed',
  ruleName: 'Too many errors',
  severity: 'critical',
  metric: { namespace: 'AWS/Lambda', metricName: 'Errors', dimensions: {} },
  statistic: 'Sum',
  comparison: 'GreaterThanThreshold',
  threshold: 5,
};
const later = '2026-03-01T10:05:00.000Z';
const latest = '2026-03-01T10:10:00.000Z';
const raised = AlertRaised({ ...alarm, episode: 1 });
const acknowledged = AlertAcknowledged({ episode: 1, note: 'on it' });
const recovery = { changedAt: later, reason: 'Back to normal' };
const resolved = AlertResolved({ ...recovery, episode: 1, resolution: 'recovered' });
const given = givenEventsOf(alert);

describe('an alert', () => {
  test('is raised as its first episode', () => {
    given().when(raise, alarm).thenRecords(raised);
  });

  test('is raised once however often the alarm is told', () => {
    given(raised).when(raise, alarm).thenNothing();
    given(raised)
      .when(raise, { ...alarm, changedAt: later })
      .thenNothing();
  });

  test('is resolved when the metric recovers', () => {
    given(raised).when(recover, recovery).thenRecords(resolved);
    given(raised, acknowledged).when(recover, recovery).thenRecords(resolved);
  });

  test('ignores a recovery that is older than the raise, or that resolves nothing', () => {
    given(raised)
      .when(recover, { ...recovery, changedAt: alarm.changedAt })
      .thenNothing();
    given().when(recover, recovery).thenNothing();
    given(raised, resolved)
      .when(recover, { ...recovery, changedAt: latest })
      .thenNothing();
  });

  test('opens a new episode when it is raised again', () => {
    given(raised, resolved)
      .when(raise, { ...alarm, changedAt: latest })
      .thenRecords(AlertRaised({ ...alarm, changedAt: latest, episode: 2 }));
  });

  test('is not raised again by a late delivery of its first raise', () => {
    given(raised, resolved).when(raise, alarm).thenNothing();
  });

  test('is acknowledged once, with or without a note', () => {
    given(raised).when(acknowledge, { episode: 1, note: 'on it' }).thenRecords(acknowledged);
    given(raised)
      .when(acknowledge, { episode: 1 })
      .thenRecords(AlertAcknowledged({ episode: 1 }));
    given(raised, acknowledged).when(acknowledge, { episode: 1 }).thenNothing();
  });

  test('cannot be acknowledged when it is not open', () => {
    given().when(acknowledge, { episode: 1 }).thenRefused('episode-unknown');
    given(raised).when(acknowledge, { episode: 2 }).thenRefused('episode-unknown');
    given(raised, resolved).when(acknowledge, { episode: 1 }).thenRefused('episode-not-open');
    given(raised, resolved, AlertRaised({ ...alarm, episode: 2 }))
      .when(acknowledge, { episode: 1 })
      .thenRefused('episode-not-open');
  });

  test('is not opened by an acknowledgement that comes after it was resolved', () => {
    given(raised, resolved, acknowledged)
      .when(recover, { ...recovery, changedAt: latest })
      .thenNothing();
  });

  test('is resolved when its rule is deleted', () => {
    given(raised)
      .when(closeForDeletedRule, {}, { now: later })
      .thenRecords(
        AlertResolved({
          episode: 1,
          changedAt: later,
          resolution: 'rule-deleted',
          reason: 'The alert rule was deleted.',
        }),
      );
    given().when(closeForDeletedRule, {}).thenNothing();
    given(raised, resolved).when(closeForDeletedRule, {}).thenNothing();
  });
});
