import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fold } from '#shared/definition/aggregate.ts';
import { Problem } from '#shared/messages/problem.ts';
import { givenEventsOf } from '#shared/testing/given.ts';
import {
  type Alert,
  AlertCommented,
  AlertRaised,
  AlertResolved,
  AlertSilenced,
  AlertUnsilenced,
  alert,
  comment,
  isSilenced,
  type Raise,
  raise,
  recover,
  silence,
  unsilence,
} from './alert.ts';

const now = '2026-03-01T10:00:00.000Z';
const later = '2026-03-01T11:00:00.000Z';
const alarm: Raise = {
  changedAt: now,
  reason: 'Threshold crossed',
  ruleName: 'Too many errors',
  severity: 'critical',
  metric: { namespace: 'AWS/Lambda', metricName: 'Errors', dimensions: {} },
  statistic: 'Sum',
  comparison: 'GreaterThanThreshold',
  threshold: 5,
};
const raised = AlertRaised({ ...alarm, episode: 1 });
const resolved = AlertResolved({ episode: 1, changedAt: later, resolution: 'recovered', reason: 'fine' });
const wish = { until: later, reason: 'deploying' };
const silenced = AlertSilenced({ episode: 1, ...wish });
const given = givenEventsOf(alert);

describe('silencing an alert', () => {
  test('is possible while it is open, when it is over, and before its first episode', () => {
    given(raised).when(silence, wish, { now }).thenRecords(silenced);
    given(raised, resolved).when(silence, wish, { now }).thenRecords(silenced);
    given().when(silence, wish, { now }).thenRecords(AlertSilenced(wish));
  });

  test('again changes its end or its reason; the same again changes nothing', () => {
    const longer = { ...wish, until: '2026-03-01T12:00:00.000Z' };
    const other = { ...wish, reason: 'migrating' };
    given(raised, silenced)
      .when(silence, longer, { now })
      .thenRecords(AlertSilenced({ episode: 1, ...longer }));
    given(raised, silenced)
      .when(silence, other, { now })
      .thenRecords(AlertSilenced({ episode: 1, ...other }));
    given(raised, silenced).when(silence, wish, { now }).thenNothing();
  });

  test('keeps its end with milliseconds, however it was written', () => {
    given()
      .when(silence, { ...wish, until: '2026-03-01T11:00:00Z' }, { now })
      .thenRecords(AlertSilenced(wish));
  });

  test('ends in the future, in 30 days at most', () => {
    const until = (end: string) => given(raised).when(silence, { ...wish, until: end }, { now });
    until(now).thenRefused('invalid-input');
    until('2026-02-28T10:00:00.000Z').thenRefused('invalid-input');
    until('2026-03-31T10:00:00.001Z').thenRefused('invalid-input');
    until('2026-13-01T00:00:00Z').thenRefused('invalid-input');
    until('2026-03-31T10:00:00.000Z').thenRecords(
      AlertSilenced({ episode: 1, ...wish, until: '2026-03-31T10:00:00.000Z' }),
    );
  });

  test('outlasts raises, resolves and comments', () => {
    const history = [silenced, raised, AlertCommented({ episode: 1, text: 'hm' }), resolved];
    expect(fold(alert, history)).toMatchObject({ status: 'resolved', silence: wish });
    given(...history)
      .when(unsilence, {}, { now })
      .thenRecords(AlertUnsilenced({ episode: 1 }));
  });
});

describe('ending a silence', () => {
  test('is recorded with the reason that was given, if one was', () => {
    given(raised, silenced)
      .when(unsilence, { reason: 'done early' }, { now })
      .thenRecords(AlertUnsilenced({ episode: 1, reason: 'done early' }));
    given(AlertSilenced(wish)).when(unsilence, {}, { now }).thenRecords(AlertUnsilenced({}));
  });

  test('needs nothing where there is none, or where time has ended it', () => {
    given(raised).when(unsilence, {}, { now }).thenNothing();
    given(raised, silenced, AlertUnsilenced({ episode: 1 }))
      .when(unsilence, {}, { now })
      .thenNothing();
    given(raised, silenced).when(unsilence, {}, { now: later }).thenNothing();
  });
});

describe('a comment', () => {
  test('may stand on an open and on a past episode, as often as people like', () => {
    const said = AlertCommented({ episode: 1, text: 'it is the deployment' });
    given(raised).when(comment, said.data).thenRecords(said);
    given(raised, said).when(comment, said.data).thenRecords(said);
    given(raised, resolved).when(comment, said.data).thenRecords(said);
  });

  test('cannot stand on an episode that never was', () => {
    given().when(comment, { episode: 1, text: 'hm' }).thenRefused('episode-unknown');
    given(raised).when(comment, { episode: 2, text: 'hm' }).thenRefused('episode-unknown');
  });
});

/** What can happen to an alert, each at its minute. */
const steps = {
  raise: (state: Alert, time: string) => raise(state, { ...alarm, changedAt: time }, context(time)),
  recover: (state: Alert, time: string) => recover(state, { changedAt: time, reason: 'fine' }, context(time)),
  silence: (state: Alert, time: string) =>
    silence(state, { until: minutesAfter(time, 5), reason: 'planned' }, context(time)),
  unsilence: (state: Alert, time: string) => unsilence(state, {}, context(time)),
  comment: (state: Alert, time: string) =>
    state.status === 'quiet' ? [] : comment(state, { episode: state.episode, text: 'hm' }, context(time)),
};
const context = (time: string) => ({ actor: { type: 'user' as const, id: 'u' }, now: time });
const minutesAfter = (time: string, minutes: number) =>
  new Date(Date.parse(time) + minutes * 60_000).toISOString();

test('whatever people do in whatever order, a silenced alert is raised and resolved as it would be without', () => {
  const names = Object.keys(steps) as (keyof typeof steps)[];
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...names), { maxLength: 40 }), (order) => {
      let state: Alert = alert.initial;
      let plain: Alert = alert.initial;
      let until = '';
      order.forEach((name, minute) => {
        const time = minutesAfter(now, minute);
        state = fold(alert, steps[name](state, time), state);
        if (name === 'raise' || name === 'recover') plain = fold(alert, steps[name](plain, time), plain);
        if (name === 'silence') until = minutesAfter(time, 5);
        if (name === 'unsilence' && until > time) until = '';

        const { silence: _, ...visible } = state;
        expect(visible).toEqual(plain);
        expect(isSilenced(state, time)).toBe(until > time);
      });
    }),
  );
});

test('a refused silence names the field', () => {
  try {
    silence(alert.initial, { until: now, reason: 'x' }, context(now));
    expect.unreachable();
  } catch (error) {
    expect(error).toBeInstanceOf(Problem);
    expect(error instanceof Problem && error.errors?.[0]?.pointer).toBe('#/until');
  }
});
