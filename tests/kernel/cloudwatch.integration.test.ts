import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  PutMetricAlarmCommand,
  PutMetricDataCommand,
} from '@aws-sdk/client-cloudwatch';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import {
  AlertRuleDefined,
  AlertRuleDeleted,
  AlertRuleDisabled,
  AlertRuleEnabled,
} from '#domains/observability/alert-rule/alert-rule.ts';
import { alarmName } from '#domains/observability/cloudwatch/alarm-name.ts';
import { getMetricData } from '#domains/observability/queries/get-metric-data.ts';
import { listAlarms } from '#domains/observability/queries/list-alarms.ts';
import { listMetrics } from '#domains/observability/queries/list-metrics.ts';
import { keepCloudwatchAlarm } from '#domains/observability/reactors/keep-cloudwatch-alarm.ts';
import type { EventStore } from '#shared/event-store/event-store.ts';
import type { StreamName } from '#shared/messages/envelope.ts';
import type { DomainEvent } from '#shared/messages/event.ts';
import { eventStore } from '#shared/runtime/clients.ts';
import { serveQuery } from '#shared/runtime/serve-query.ts';
import { serveReactor } from '#shared/runtime/serve-reactor.ts';
import { claimsOf, request } from '#shared/testing/requests.ts';
import { type KernelPlatform, startKernelPlatform } from './platform.ts';
import { at, newStream, record } from './recording.ts';
import { bodyOf, parametersOf } from './requests.ts';

const minute = Math.floor(Date.now() / 60_000) * 60_000 - 5 * 60_000;
const timeOf = (minutes: number) => new Date(minute + minutes * 60_000).toISOString();

let platform: KernelPlatform;
let client: CloudWatchClient;
let store: EventStore;

beforeAll(async () => {
  platform = await startKernelPlatform();
  client = new CloudWatchClient({});
  store = await eventStore();
  const points = (MetricName: string, function_: string, values: readonly number[]) =>
    values.map((Value, index) => ({
      MetricName,
      Value,
      Timestamp: new Date(minute + index * 60_000),
      Dimensions: [{ Name: 'Function', Value: function_ }],
    }));
  await client.send(
    new PutMetricDataCommand({
      Namespace: 'Shop',
      MetricData: [
        ...points('Orders', 'checkout', [1, 2, 3]),
        ...points('Orders', 'basket', [10]),
        ...points('Errors', 'checkout', [5, 7]),
      ],
    }),
  );
  // More metrics than CloudWatch lists on one page.
  for (let from = 0; from < 510; from += 255) {
    const MetricData = Array.from({ length: 255 }, (_, index) => ({
      MetricName: `metric-${`${from + index}`.padStart(3, '0')}`,
      Value: 1,
    }));
    await client.send(new PutMetricDataCommand({ Namespace: 'Many', MetricData }));
  }
});
afterAll(async () => {
  client.destroy();
  await platform.stop();
});

type Parameters = Readonly<Record<string, string>>;
const handlers = {
  metrics: serveQuery(listMetrics, parametersOf(listMetrics.input)),
  data: serveQuery(getMetricData, parametersOf(getMetricData.input)),
  alarms: serveQuery(listAlarms, parametersOf(listAlarms.input)),
};
async function ask<Body = Record<string, unknown>>(
  handler: keyof typeof handlers,
  queryStringParameters: Parameters,
  tenant = 'skafu',
) {
  const event = request({ claims: claimsOf(['viewer'], tenant), queryStringParameters });
  const answer = await handlers[handler](event);
  return { status: answer.statusCode, body: bodyOf<Body>(answer) };
}
interface List<Item> {
  readonly items: readonly Item[];
  readonly nextCursor?: string;
}
/** Every item, page by page. */
async function all<Item>(handler: keyof typeof handlers, parameters: Parameters): Promise<Item[]> {
  const items: Item[] = [];
  let cursor: Parameters = {};
  for (;;) {
    const { body } = await ask<List<Item>>(handler, { ...parameters, ...cursor });
    items.push(...body.items);
    if (!body.nextCursor) return items;
    cursor = { cursor: body.nextCursor };
  }
}

describe('the list of metrics', () => {
  test('tells metrics with their dimensions', async () => {
    const { items } = (await ask<List<object>>('metrics', { namespace: 'Shop', metricName: 'Orders' })).body;
    expect(items).toHaveLength(2);
    expect(items).toContainEqual({
      namespace: 'Shop',
      metricName: 'Orders',
      dimensions: { Function: 'checkout' },
    });
  });

  test('comes in pages, over the pages of CloudWatch, without repeating or leaving out one', async () => {
    const items = await all<{ metricName: string }>('metrics', { namespace: 'Many', limit: '100' });
    expect(new Set(items.map(({ metricName }) => metricName)).size).toBe(510);
    expect(items).toHaveLength(510);
  });

  test.each([
    'nonsense',
    Buffer.from('12').toString('base64url'),
    Buffer.from('0 wrong').toString('base64url'),
  ])('refuses the cursor %s', async (cursor) => {
    expect(await ask('metrics', { cursor })).toMatchObject({ status: 400 });
  });

  test('is not for other tenants', async () => {
    for (const handler of ['metrics', 'alarms'] as const) {
      expect(await ask(handler, {}, 'neighbour')).toMatchObject({ status: 403 });
    }
  });
});

describe('the data of metrics', () => {
  const orders = (id: string, statistic = 'Sum') => ({
    id,
    namespace: 'Shop',
    metricName: 'Orders',
    dimensions: { Function: 'checkout' },
    statistic,
  });
  const range = { from: timeOf(0), to: timeOf(5), period: '60' };
  const dataOf = (parameters: Parameters, ...series: object[]) =>
    ask('data', { ...range, ...parameters, series: JSON.stringify(series) });

  test('are series of metrics and of math, oldest point first', async () => {
    const expression = { id: 'e1', expression: 'm1 * 2', label: 'Twice' };
    expect(await dataOf({}, orders('m1'), expression)).toEqual({
      status: 200,
      body: {
        from: timeOf(0),
        to: timeOf(5),
        period: 60,
        messages: [],
        series: [
          { id: 'm1', label: 'Orders', timestamps: [0, 1, 2].map(timeOf), values: [1, 2, 3], partial: false },
          { id: 'e1', label: 'Twice', timestamps: [0, 1, 2].map(timeOf), values: [2, 4, 6], partial: false },
        ],
      },
    });
  });

  test('are empty where nothing was measured', async () => {
    const { body } = await dataOf({}, { ...orders('m1'), metricName: 'Unknown' });
    expect(body['series']).toMatchObject([{ id: 'm1', timestamps: [], values: [] }]);
  });

  test.each([
    ['to', { to: timeOf(0) }, 'must be later than from'],
    ['period', { period: '7' }, 'must be 1, 5, 10, 20, 30 or a multiple of 60'],
    ['period', { period: '90' }, 'must be 1, 5, 10, 20, 30 or a multiple of 60'],
    ['period', { to: timeOf(60 * 24 * 7) }, 'must be at least 420 for this range, or the range shorter'],
  ])('name a wrong %s', async (field, parameters, detail) => {
    expect(await dataOf(parameters, orders('m1'))).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: `#/${field}`, detail }] },
    });
  });

  test.each(['5', '30'])('take the period %s', async (period) => {
    expect(await dataOf({ period }, orders('m1'))).toMatchObject({ status: 200 });
  });

  test('tell what CloudWatch refuses in its own words', async () => {
    const { status, body } = await dataOf({}, { id: 'e1', expression: 'm9 +' });
    expect(status).toBe(400);
    expect(body).toMatchObject({ type: 'urn:skafu:problem:refused-by-cloudwatch' });
    expect(body['detail']).toMatch(/^CloudWatch GetMetricData: /);
  });
});

const rule = {
  name: 'Errors of the checkout',
  severity: 'critical' as const,
  metric: { namespace: 'Shop', metricName: 'Errors', dimensions: { Function: 'checkout' } },
  statistic: 'Sum',
  period: 60,
  comparison: 'GreaterThanThreshold' as const,
  threshold: 5,
  evaluationPeriods: 2,
  datapointsToAlarm: 1,
  missingData: 'notBreaching' as const,
};

describe('the alarm of a rule', () => {
  const react = serveReactor(keepCloudwatchAlarm);
  const newRule = (tenant?: string): StreamName => ({ ...newStream(tenant), type: 'alert-rule' });
  const nameOf = ({ tenant, id }: StreamName) =>
    alarmName({ environment: 'kernel', tenant, alertRuleId: id });

  async function happens(stream: StreamName, event: DomainEvent) {
    await record(store, stream, [event], { domain: 'observability' });
    await react({ id: 'bus-1', detail: at((await store.load(stream)).events, -1) });
  }
  async function alarmOf(stream: StreamName) {
    const { MetricAlarms: [alarm] = [] } = await client.send(
      new DescribeAlarmsCommand({ AlarmNames: [nameOf(stream)] }),
    );
    return alarm;
  }

  test('is put as the rule says, switched off and on with it, and goes with it', async () => {
    const stream = newRule();
    await happens(stream, AlertRuleDefined(rule));
    expect(await alarmOf(stream)).toMatchObject({
      AlarmDescription: 'Errors of the checkout',
      ActionsEnabled: true,
      Namespace: 'Shop',
      MetricName: 'Errors',
      Dimensions: [{ Name: 'Function', Value: 'checkout' }],
      Statistic: 'Sum',
      Period: 60,
      ComparisonOperator: 'GreaterThanThreshold',
      Threshold: 5,
      EvaluationPeriods: 2,
      DatapointsToAlarm: 1,
      TreatMissingData: 'notBreaching',
    });
    await happens(stream, AlertRuleDisabled({}));
    expect(await alarmOf(stream)).toMatchObject({ ActionsEnabled: false });
    await happens(stream, AlertRuleEnabled({}));
    expect(await alarmOf(stream)).toMatchObject({ ActionsEnabled: true });
    await happens(stream, AlertRuleDeleted({}));
    expect(await alarmOf(stream)).toBeUndefined();
  });

  test('watches a percentile where the rule says so', async () => {
    const stream = newRule();
    await happens(stream, AlertRuleDefined({ ...rule, statistic: 'p99.9' }));
    const alarm = await alarmOf(stream);
    expect(alarm?.ExtendedStatistic).toBe('p99.9');
    expect(alarm?.Statistic).toBeUndefined();
  });

  test('follows the rule as it stands, however late an event arrives', async () => {
    const stream = newRule();
    await happens(stream, AlertRuleDefined(rule));
    const first = at((await store.load(stream)).events, 0);
    await happens(stream, AlertRuleDeleted({}));
    await react({ id: 'bus-2', detail: first });
    expect(await alarmOf(stream)).toBeUndefined();
  });

  test('is not put for another tenant, nor for a rule that was never defined', async () => {
    const foreign = newRule('neighbour');
    await happens(foreign, AlertRuleDefined(rule));
    expect(await alarmOf(foreign)).toBeUndefined();
    const unknown = newRule();
    await happens(unknown, AlertRuleDisabled({}));
    expect(await alarmOf(unknown)).toBeUndefined();
  });

  test('is tried again later when CloudWatch refuses it', async () => {
    vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const refused = happens(newRule(), AlertRuleDefined({ ...rule, period: 7 }));
    await expect(refused).rejects.toThrow(/[Pp]eriod/);
    vi.restoreAllMocks();
  });
});

describe('the list of alarms', () => {
  const alertRuleId = '01990000-0000-7000-8000-000000000001';
  const alarm = {
    Namespace: 'Shop',
    MetricName: 'Errors',
    Period: 60,
    EvaluationPeriods: 3,
    Threshold: 5,
    ComparisonOperator: 'GreaterThanThreshold',
  } as const;
  const ofRule = alarmName({ environment: 'kernel', tenant: 'skafu', alertRuleId });
  beforeAll(async () => {
    await client.send(new PutMetricAlarmCommand({ ...alarm, AlarmName: 'list-b', Statistic: 'Sum' }));
    await client.send(new PutMetricAlarmCommand({ ...alarm, AlarmName: 'list-a', ExtendedStatistic: 'p90' }));
    await client.send(
      new PutMetricAlarmCommand({
        ...alarm,
        AlarmName: ofRule,
        Statistic: 'Maximum',
        DatapointsToAlarm: 2,
        TreatMissingData: 'breaching',
      }),
    );
  });

  test('tells an alarm with what AWS leaves unsaid', async () => {
    const { body } = await ask<List<object>>('alarms', { prefix: 'list-a' });
    expect(body.items).toEqual([
      expect.objectContaining({
        name: 'list-a',
        arn: expect.stringContaining(':alarm:list-a'),
        state: expect.stringMatching(/^(OK|ALARM|INSUFFICIENT_DATA)$/),
        stateChangedAt: expect.stringMatching(/Z$/),
        actionsEnabled: true,
        dimensions: {},
        statistic: 'p90',
        datapointsToAlarm: 3,
        missingData: 'missing',
      }),
    ]);
    expect(body.items[0]).not.toHaveProperty('alertRuleId');
  });

  test('names the rule of an alarm', async () => {
    const { body } = await ask<List<object>>('alarms', { prefix: ofRule });
    expect(body.items).toMatchObject([
      { alertRuleId, statistic: 'Maximum', datapointsToAlarm: 2, missingData: 'breaching' },
    ]);
  });

  test('comes in pages', async () => {
    const names = (await all<{ name: string }>('alarms', { prefix: 'list-', limit: '1' })).map(
      ({ name }) => name,
    );
    expect(names.sort()).toEqual(['list-a', 'list-b']);
  });

  test('holds alarms of one state where it is asked for', async () => {
    const { body } = await ask<List<{ state: string }>>('alarms', { state: 'ALARM', prefix: 'list-' });
    expect(body.items.every(({ state }) => state === 'ALARM')).toBe(true);
    expect(await ask('alarms', { state: 'BROKEN' })).toMatchObject({ status: 400 });
  });

  test('refuses a cursor that CloudWatch does not know', async () => {
    expect(await ask('alarms', { cursor: 'nonsense' })).toMatchObject({ status: 400 });
  });
});
