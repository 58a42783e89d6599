import { describe, expect, test } from 'vitest';
import { type ReadModel, remove } from '#shared/definition/read-model.ts';
import type { Envelope } from '#shared/messages/envelope.ts';
import type { DomainEvent } from '#shared/messages/event.ts';
import { AlertAcknowledged, AlertRaised, AlertResolved } from '../alert/alert.ts';
import {
  AlertRuleChanged,
  AlertRuleDefined,
  AlertRuleDeleted,
  AlertRuleDisabled,
  AlertRuleEnabled,
} from '../alert-rule/alert-rule.ts';
import { alertEpisodes } from './alert-episodes.ts';
import { alertHistory } from './alert-history.ts';
import { alertRules } from './alert-rules.ts';

const rule = {
  name: 'Errors of the checkout',
  description: 'Somebody cannot pay.',
  severity: 'critical' as const,
  metric: { namespace: 'AWS/Lambda', metricName: 'Errors', dimensions: { FunctionName: 'checkout' } },
  statistic: 'Sum',
  period: 60,
  comparison: 'GreaterThanThreshold' as const,
  threshold: 5,
  evaluationPeriods: 1,
  datapointsToAlarm: 1,
  missingData: 'notBreaching' as const,
};
const { description: _, ...undescribed } = rule;
const facts = {
  ruleName: rule.name,
  severity: rule.severity,
  metric: rule.metric,
  statistic: rule.statistic,
  comparison: rule.comparison,
  threshold: rule.threshold,
};
const time = (version: number) => `2026-01-02T03:04:${`${version}`.padStart(2, '0')}.000Z`;
const raised = (episode: number) =>
  AlertRaised({ ...facts, episode, changedAt: time(0), reason: 'too many' });
const resolved = (episode: number, resolution: 'recovered' | 'rule-deleted' = 'recovered') =>
  AlertResolved({ episode, changedAt: time(0), resolution, reason: 'fine again' });

const actorOf = (version: number) => ({ type: 'user' as const, id: `user-${version}` });
const recorded = (type: string, events: readonly DomainEvent[]): Envelope[] =>
  events.map((event, index) => ({
    specversion: '1.0',
    id: `${type}/id-1/${index + 1}`,
    source: 'skafu.observability',
    schemaVersion: 1,
    time: time(index + 1),
    tenant: 'skafu',
    stream: { type, id: 'id-1' },
    version: index + 1,
    commit: index + 1,
    actor: actorOf(index + 1),
    correlationId: `correlation-${index + 1}`,
    causationId: 'command-1',
    ...event,
  }));

/** All rows by their keys, after the events. */
function rowsAfter<Row>(model: ReadModel<Row>, ...events: readonly DomainEvent[]): Record<string, Row> {
  const rows = new Map<string, Row>();
  const [followed] = typeof model.follows === 'string' ? [] : model.follows;
  for (const event of recorded(followed?.type ?? '', events)) {
    const key = model.key?.(event) ?? event.stream.id;
    const row = model.project(rows.get(key), event);
    if (row === undefined || row === remove) rows.delete(key);
    else rows.set(key, row);
  }
  return Object.fromEntries(rows);
}

describe('the list of rules', () => {
  test('shows a rule as it was defined, by whom and when', () => {
    expect(rowsAfter(alertRules, AlertRuleDefined(rule))).toEqual({
      'id-1': {
        ...rule,
        alertRuleId: 'id-1',
        enabled: true,
        version: 1,
        definedAt: time(1),
        definedBy: actorOf(1),
        changedAt: time(1),
      },
    });
  });

  test('shows what a change says, and nothing of what it leaves out', () => {
    const { 'id-1': row } = rowsAfter(
      alertRules,
      AlertRuleDefined(rule),
      AlertRuleChanged({ ...undescribed, threshold: 9 }),
    );
    expect(row).toMatchObject({
      threshold: 9,
      version: 2,
      definedAt: time(1),
      definedBy: actorOf(1),
      changedAt: time(2),
    });
    expect(row).not.toHaveProperty('description');
  });

  test('shows whether a rule is enabled', () => {
    const disabled = [AlertRuleDefined(rule), AlertRuleDisabled({})];
    expect(rowsAfter(alertRules, ...disabled)['id-1']).toMatchObject({ enabled: false, version: 2 });
    expect(rowsAfter(alertRules, ...disabled, AlertRuleEnabled({}))['id-1']).toMatchObject({
      enabled: true,
      version: 3,
      changedAt: time(3),
    });
  });

  test('shows no deleted rule', () => {
    expect(rowsAfter(alertRules, AlertRuleDefined(rule), AlertRuleDeleted({}))).toEqual({});
  });

  test('makes no row of a rule that was never defined', () => {
    expect(
      rowsAfter(alertRules, AlertRuleChanged(rule), AlertRuleDisabled({}), AlertRuleEnabled({})),
    ).toEqual({});
  });

  test('is ordered by name, whatever its case', () => {
    const placeOf = (name: string) =>
      Object.values(rowsAfter(alertRules, AlertRuleDefined({ ...rule, name }))).map(alertRules.listed);
    expect(placeOf('Errors')).toEqual([{ list: 'all', order: 'errors#id-1' }]);
    expect(placeOf('errors')).toEqual(placeOf('ERRORS'));
  });
});

describe('the episodes of an alert', () => {
  test('begin as raised, among the open ones', () => {
    const { 'id-1/1': row } = rowsAfter(alertEpisodes, raised(1));
    expect(row).toEqual({
      ...facts,
      alertId: 'id-1',
      episode: 1,
      status: 'open',
      reason: 'too many',
      raisedAt: time(1),
      version: 1,
    });
    expect(row && alertEpisodes.listed(row)).toEqual({ list: 'open', order: `${time(1)}#id-1/1` });
  });

  test('show who acknowledged them, and what they said', () => {
    const { 'id-1/1': row } = rowsAfter(
      alertEpisodes,
      raised(1),
      AlertAcknowledged({ episode: 1, note: 'on it' }),
    );
    expect(row).toMatchObject({
      status: 'open',
      acknowledgedAt: time(2),
      acknowledgedBy: actorOf(2),
      note: 'on it',
      version: 2,
    });
  });

  test('end as resolved, among the past ones', () => {
    const { 'id-1/1': row } = rowsAfter(alertEpisodes, raised(1), resolved(1, 'rule-deleted'));
    expect(row).toMatchObject({
      status: 'resolved',
      resolvedAt: time(2),
      resolution: 'rule-deleted',
      version: 2,
    });
    expect(row && alertEpisodes.listed(row).list).toBe('past');
  });

  test('are rows of their own', () => {
    const rows = rowsAfter(alertEpisodes, raised(1), resolved(1), raised(2));
    expect(Object.entries(rows).map(([key, { status }]) => [key, status])).toEqual([
      ['id-1/1', 'resolved'],
      ['id-1/2', 'open'],
    ]);
  });

  test('are not made up by an answer without a beginning', () => {
    expect(rowsAfter(alertEpisodes, AlertAcknowledged({ episode: 1 }), resolved(1))).toEqual({});
  });
});

describe('the history of an alert', () => {
  test('holds every event with who caused it, newest last in the order of versions', () => {
    const acknowledged = AlertAcknowledged({ episode: 1, note: 'on it' });
    const rows = Object.values(rowsAfter(alertHistory, raised(1), acknowledged, resolved(1)));
    expect(rows.map(({ type, version, episode, actor }) => [type, version, episode, actor.id])).toEqual([
      ['AlertRaised', 1, 1, 'user-1'],
      ['AlertAcknowledged', 2, 1, 'user-2'],
      ['AlertResolved', 3, 1, 'user-3'],
    ]);
    expect(rows[1]).toMatchObject({
      alertId: 'id-1',
      time: time(2),
      correlationId: 'correlation-2',
      data: { episode: 1, note: 'on it' },
    });
    expect(rows.map((row) => alertHistory.listed(row))).toEqual(
      [1, 2, 3].map((version) => ({ list: 'id-1', order: `00000000000${version}` })),
    );
  });

  test('is ordered by number, not by digits', () => {
    const events = Array.from({ length: 11 }, () => AlertAcknowledged({ episode: 1 }));
    const orders = Object.values(rowsAfter(alertHistory, ...events)).map(
      (row) => alertHistory.listed(row).order,
    );
    expect([...orders].sort()).toEqual(orders);
  });
});
