import { createServer } from 'node:http';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { EventStore } from '#shared/event-store/event-store.ts';
import type { DomainEvent } from '#shared/messages/event.ts';
import { servePlatformReactor, serveReactor } from '#shared/runtime/serve-reactor.ts';
import { createMemoryEventStore } from '#shared/testing/memory-event-store.ts';
import { AlertRaised } from '../alert/alert.ts';
import {
  AlertRuleDefined,
  AlertRuleDeleted,
  AlertRuleDisabled,
  AlertRuleEnabled,
} from '../alert-rule/alert-rule.ts';
import { alarmName } from '../cloudwatch/alarm-name.ts';
import { closeAlertOfDeletedRule } from './close-alert-of-deleted-rule.ts';
import { keepCloudwatchAlarm } from './keep-cloudwatch-alarm.ts';
import { recordAlarmState } from './record-alarm-state.ts';

const id = '01990000-0000-7000-8000-000000000001';
const rule = {
  name: 'Errors',
  severity: 'critical' as const,
  metric: { namespace: 'AWS/Lambda', metricName: 'Errors', dimensions: {} },
  statistic: 'Sum',
  period: 60,
  comparison: 'GreaterThanThreshold' as const,
  threshold: 5,
  evaluationPeriods: 1,
  datapointsToAlarm: 1,
  missingData: 'missing' as const,
};
const { name: ruleName, severity, metric, statistic, comparison, threshold } = rule;
const facts = { ruleName, severity, metric, statistic, comparison, threshold };
const changedAt = '2026-01-02T03:04:05.678Z';
const raised = AlertRaised({ ...facts, episode: 1, changedAt, reason: 'too many' });

/** A CloudWatch that knows the state of one alarm, in AWS JSON 1.0 as the SDK speaks it. */
let alarmNow: { StateValue: string; StateTransitionedTimestamp: number } | undefined;
const cloudwatch = createServer((_, response) => {
  response.setHeader('content-type', 'application/x-amz-json-1.0');
  response.end(JSON.stringify({ MetricAlarms: alarmNow ? [alarmNow] : [] }));
});
const secondsOf = (time: string) => Date.parse(time) / 1000;

beforeAll(async () => {
  await new Promise<void>((resolve) => cloudwatch.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  cloudwatch.closeAllConnections();
  await new Promise((resolve) => cloudwatch.close(resolve));
});

let store: EventStore;
beforeEach(() => {
  store = createMemoryEventStore();
  alarmNow = undefined;
  const address = cloudwatch.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const settings = {
    SERVICE: 'observability',
    FUNCTION: 'reactor',
    ENVIRONMENT: 'local',
    INSTALLATION_TENANT: 'skafu',
    AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
  };
  for (const [name, value] of Object.entries(settings)) vi.stubEnv(name, value);
});
afterEach(() => {
  vi.unstubAllEnvs();
});

async function given(type: 'alert' | 'alert-rule', ...events: DomainEvent[]) {
  const { head } = await store.load({ tenant: 'skafu', type, id });
  await store.append(head, events, {
    domain: 'observability',
    commandId: crypto.randomUUID(),
    actor: { type: 'user', id: 'u' },
    correlationId: 'c',
    causationId: 'd',
    time: Date.parse(changedAt),
  });
}
async function alertEvents() {
  const { events } = await store.load({ tenant: 'skafu', type: 'alert', id });
  return events.map(({ type, data }) => ({ type, data }));
}
const typesOf = async () => (await alertEvents()).map(({ type }) => type);

let delivered = 0;
/** The alarm's change of state as CloudWatch puts it on the bus. */
async function alarmChanges(
  value: string,
  timestamp: string,
  more: { alarmName?: string; reason?: string } = {},
) {
  const { alarmName: name = alarmName({ environment: 'local', tenant: 'skafu', alertRuleId: id }), reason } =
    more;
  await servePlatformReactor(
    recordAlarmState,
    async () => store,
  )({
    id: `event-${delivered++}`,
    source: 'aws.cloudwatch',
    'detail-type': 'CloudWatch Alarm State Change',
    time: timestamp,
    resources: [],
    detail: { alarmName: name, state: { value, timestamp, ...(reason === undefined ? {} : { reason }) } },
  });
}

describe('when an alarm changes its state', () => {
  test('an alert is raised with what the alarm and the rule say', async () => {
    await given('alert-rule', AlertRuleDefined(rule));
    await alarmChanges('ALARM', '2026-01-02T03:04:05.678+0000', { reason: 'too many' });
    expect(await alertEvents()).toEqual([{ type: 'AlertRaised', data: raised.data }]);
  });

  test('an alert is resolved when the alarm recovers, even when it gives no reason', async () => {
    await given('alert', raised);
    await alarmChanges('OK', '2026-01-02T03:05:00.000Z', { reason: '' });
    expect((await alertEvents())[1]).toEqual({
      type: 'AlertResolved',
      data: {
        episode: 1,
        changedAt: '2026-01-02T03:05:00.000Z',
        resolution: 'recovered',
        reason: 'The alarm is in state OK.',
      },
    });
  });

  test('a change that came too late says nothing new', async () => {
    await given('alert', raised);
    await alarmChanges('OK', '2026-01-02T03:04:00.000Z');
    expect(await typesOf()).toEqual(['AlertRaised']);
  });

  test('a lack of data says neither', async () => {
    await given('alert-rule', AlertRuleDefined(rule));
    await alarmChanges('INSUFFICIENT_DATA', changedAt);
    expect(await typesOf()).toEqual([]);
  });

  test.each([
    ['was never defined', []],
    ['is disabled', [AlertRuleDefined(rule), AlertRuleDisabled({})]],
    ['was deleted', [AlertRuleDefined(rule), AlertRuleDeleted({})]],
  ])('nothing is raised for a rule that %s', async (_, history) => {
    if (history.length > 0) await given('alert-rule', ...history);
    await alarmChanges('ALARM', changedAt);
    expect(await typesOf()).toEqual([]);
  });

  test('an alarm of somebody else, or of another environment, is left alone', async () => {
    await given('alert-rule', AlertRuleDefined(rule));
    await alarmChanges('ALARM', changedAt, { alarmName: 'orders' });
    await alarmChanges('ALARM', changedAt, {
      alarmName: alarmName({ environment: 'prod', tenant: 'skafu', alertRuleId: id }),
    });
    expect(await typesOf()).toEqual([]);
  });

  test('an alert is closed again when its rule was deleted while it was raised', async () => {
    await given('alert-rule', AlertRuleDefined(rule));
    const append = store.append;
    store = {
      ...store,
      async append(head, ...rest) {
        const appended = await append(head, ...rest);
        if (head.stream.type === 'alert' && head.version === 0)
          await given('alert-rule', AlertRuleDeleted({}));
        return appended;
      },
    };
    await alarmChanges('ALARM', changedAt);
    expect(await typesOf()).toEqual(['AlertRaised', 'AlertResolved']);
  });

  test('a recovery that overtook its alarm on the bus resolves it all the same', async () => {
    await given('alert-rule', AlertRuleDefined(rule));
    await alarmChanges('OK', '2026-01-02T03:05:00.000Z', { reason: 'fine' });
    expect(await typesOf()).toEqual([]);
    alarmNow = { StateValue: 'OK', StateTransitionedTimestamp: secondsOf('2026-01-02T03:05:00.000Z') };
    await alarmChanges('ALARM', changedAt, { reason: 'too many' });
    expect(await typesOf()).toEqual(['AlertRaised', 'AlertResolved']);
  });

  test('what the alarm still says raises nothing twice', async () => {
    await given('alert-rule', AlertRuleDefined(rule));
    alarmNow = { StateValue: 'ALARM', StateTransitionedTimestamp: secondsOf(changedAt) };
    await alarmChanges('ALARM', changedAt);
    await alarmChanges('ALARM', changedAt);
    expect(await typesOf()).toEqual(['AlertRaised']);
  });

  test('it is listened to by the names of this environment’s alarms', () => {
    expect(recordAlarmState.pattern({ environment: 'prod' })).toEqual({
      source: ['aws.cloudwatch'],
      'detail-type': ['CloudWatch Alarm State Change'],
      detail: { alarmName: [{ prefix: 'skafu-prod-alert-' }] },
    });
  });
});

async function ruleEventArrives(reactor: typeof closeAlertOfDeletedRule = closeAlertOfDeletedRule) {
  const { events } = await store.load({ tenant: 'skafu', type: 'alert-rule', id });
  const detail = events.at(-1);
  if (!detail) throw new Error('The rule has no events.');
  await serveReactor(reactor, async () => store)({ id: 'bus-1', detail });
}

describe('when a rule is enabled again', () => {
  test('an alarm that went off meanwhile raises its alert', async () => {
    alarmNow = { StateValue: 'ALARM', StateTransitionedTimestamp: secondsOf(changedAt) };
    await given('alert-rule', AlertRuleDefined(rule), AlertRuleDisabled({}));
    await ruleEventArrives(keepCloudwatchAlarm);
    expect(await typesOf()).toEqual([]);
    await given('alert-rule', AlertRuleEnabled({}));
    await ruleEventArrives(keepCloudwatchAlarm);
    expect(await typesOf()).toEqual(['AlertRaised']);
  });
});

describe('when a rule is deleted', () => {
  test('its open alert is closed', async () => {
    await given('alert-rule', AlertRuleDefined(rule), AlertRuleDeleted({}));
    await given('alert', raised);
    await ruleEventArrives();
    expect((await alertEvents())[1]).toMatchObject({
      type: 'AlertResolved',
      data: { episode: 1, resolution: 'rule-deleted' },
    });
  });

  test('nothing happens where no alert is open, and the second time', async () => {
    await given('alert-rule', AlertRuleDefined(rule), AlertRuleDeleted({}));
    await ruleEventArrives();
    expect(await typesOf()).toEqual([]);
    await given('alert', raised);
    await ruleEventArrives();
    await ruleEventArrives();
    expect(await typesOf()).toEqual(['AlertRaised', 'AlertResolved']);
  });

  test('and not when it is only disabled', async () => {
    await given('alert-rule', AlertRuleDefined(rule), AlertRuleDisabled({}));
    await given('alert', raised);
    await ruleEventArrives();
    expect(await typesOf()).toEqual(['AlertRaised']);
  });
});
