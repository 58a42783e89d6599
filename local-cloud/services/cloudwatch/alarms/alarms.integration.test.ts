import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { testResource } from '../../../core/testing.ts';
import { startCloudwatch, type TestCloudwatch } from '../testing.ts';

const MINUTE = 60_000;
const base = Math.floor(Date.now() / MINUTE) * MINUTE;

let cloudwatch: TestCloudwatch;

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: base + 30_000 });
  cloudwatch = await startCloudwatch();
});

afterEach(async () => {
  vi.useRealTimers();
  await cloudwatch.stop();
});

const errors = {
  AlarmName: 'errors',
  AlarmDescription: 'Too many errors',
  Namespace: 'Shop',
  MetricName: 'Errors',
  Dimensions: [{ Name: 'Service', Value: 'cart' }],
  Statistic: 'Sum',
  Period: 60,
  EvaluationPeriods: 1,
  Threshold: 5,
  ComparisonOperator: 'GreaterThanThreshold',
  TreatMissingData: 'notBreaching',
};

function record(value: number, time = Date.now()): void {
  const dimensions = { Service: 'cart' };
  cloudwatch.telemetry.metric({ namespace: 'Shop', name: 'Errors', dimensions, unit: 'Count', value, time });
}

interface Described {
  MetricAlarms: Record<string, unknown>[];
  NextToken?: string;
}

async function alarm(): Promise<Record<string, unknown>> {
  const { MetricAlarms } = await cloudwatch.call<Described>('DescribeAlarms', { AlarmNames: ['errors'] });
  return MetricAlarms[0] ?? {};
}

const stateChanges = () =>
  cloudwatch.events.filter(({ detailType }) => detailType === 'CloudWatch Alarm State Change');

async function untilState(state: string): Promise<void> {
  await vi.waitFor(async () => expect((await alarm())['StateValue']).toBe(state), { timeout: 5_000 });
}

/** The evaluation that time alone would bring, without waiting for it. */
async function evaluateNow(): Promise<void> {
  await cloudwatch.service.stop?.();
  await cloudwatch.service.start?.();
}

describe('the life of an alarm', () => {
  it('raises while the minute still runs, tells the bus, and recovers when good minutes come', async () => {
    await cloudwatch.service.start?.();
    await cloudwatch.call('PutMetricAlarm', errors);
    await untilState('OK');
    record(9);
    await evaluateNow();
    await untilState('ALARM');
    vi.setSystemTime(base + MINUTE + 10_000);
    record(1);
    vi.setSystemTime(base + 2 * MINUTE + 10_000);
    await evaluateNow();
    await untilState('OK');
    await vi.waitFor(() => expect(stateChanges()).toHaveLength(3));

    const [, raised, recovered] = stateChanges();
    expect(raised).toMatchObject({
      source: 'aws.cloudwatch',
      detailType: 'CloudWatch Alarm State Change',
      resources: ['arn:aws:cloudwatch:us-east-1:000000000000:alarm:errors'],
      detail: {
        alarmName: 'errors',
        state: { value: 'ALARM', reason: expect.stringContaining('1 out of the last 1 datapoints [9.0 (') },
        previousState: { value: 'OK' },
        configuration: {
          description: 'Too many errors',
          metrics: [
            {
              id: expect.any(String),
              metricStat: {
                metric: { namespace: 'Shop', name: 'Errors', dimensions: { Service: 'cart' } },
                period: 60,
                stat: 'Sum',
              },
              returnData: true,
            },
          ],
        },
      },
    });
    const { state } = (raised as { detail: { state: { reasonData: string; timestamp: string } } }).detail;
    expect(JSON.parse(state.reasonData)).toMatchObject({ recentDatapoints: [9], threshold: 5, period: 60 });
    expect(state.timestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+0000$/);
    expect(recovered?.detail).toMatchObject({ state: { value: 'OK' }, previousState: { value: 'ALARM' } });

    const { AlarmHistoryItems } = await cloudwatch.call<{ AlarmHistoryItems: Record<string, unknown>[] }>(
      'DescribeAlarmHistory',
      { AlarmName: 'errors', HistoryItemType: 'StateUpdate' },
    );
    expect(AlarmHistoryItems.map((item) => item['HistorySummary'])).toEqual([
      'Alarm updated from ALARM to OK',
      'Alarm updated from OK to ALARM',
      'Alarm updated from INSUFFICIENT_DATA to OK',
    ]);
  });

  it('does not call a sum too low because its minute has only begun', async () => {
    record(10, base - MINUTE);
    record(1);
    await cloudwatch.call('PutMetricAlarm', { ...errors, ComparisonOperator: 'LessThanThreshold' });
    await cloudwatch.service.start?.();
    await untilState('OK');
  });

  it('evaluates metric math', async () => {
    const { Namespace, MetricName, Dimensions, Statistic: _s, Period: _p, ...rest } = errors;
    record(4, base - MINUTE);
    await cloudwatch.call('PutMetricAlarm', {
      ...rest,
      Namespace: undefined,
      MetricName: undefined,
      Dimensions: undefined,
      Metrics: [
        {
          Id: 'm1',
          ReturnData: false,
          MetricStat: { Metric: { Namespace, MetricName, Dimensions }, Period: 60, Stat: 'Sum' },
        },
        { Id: 'twice', Expression: 'm1 * 2', Label: 'Twice' },
      ],
    });
    await cloudwatch.service.start?.();
    await untilState('ALARM');
    await vi.waitFor(() => expect(stateChanges()).toHaveLength(1));
    expect(stateChanges()[0]?.detail).toMatchObject({
      configuration: { metrics: [{ id: 'm1' }, { id: 'twice', expression: 'm1 * 2', label: 'Twice' }] },
    });
  });

  it('keeps an event until the bus takes it, also over a restart', async () => {
    await cloudwatch.service.start?.();
    Object.assign(cloudwatch.cloud.ports, { buses: { put: () => Promise.reject(new Error('no bus yet')) } });
    await cloudwatch.call('PutMetricAlarm', errors);
    await untilState('OK');
    const { state } = cloudwatch.cloud;
    await cloudwatch.stop();
    cloudwatch = await startCloudwatch({ state });
    await cloudwatch.service.start?.();
    await vi.waitFor(() => expect(stateChanges()).toHaveLength(1));
    expect(stateChanges()[0]?.detail).toMatchObject({ state: { value: 'OK' } });
    expect(await state.namespace('cloudwatch').list('outbox/')).toEqual([]);
  });

  it('invokes the action of a state once and says so in the history', async () => {
    const delivered: [string, unknown][] = [];
    await cloudwatch.stop();
    cloudwatch = await startCloudwatch({
      ports: { targets: { deliver: async (target, payload) => void delivered.push([target, payload]) } },
    });
    await cloudwatch.service.start?.();
    const target = 'arn:aws:lambda:us-east-1:000000000000:function:page';
    await cloudwatch.call('PutMetricAlarm', { ...errors, AlarmActions: [target] });
    record(9);
    await evaluateNow();
    await untilState('ALARM');
    await vi.waitFor(() => expect(delivered).toHaveLength(1));
    expect(delivered[0]).toMatchObject([
      target,
      { source: 'aws.cloudwatch', alarmData: { alarmName: 'errors' } },
    ]);
  });
});

describe('operations on alarms', () => {
  it('keep the state of an alarm that is put again, and its history when nothing changed', async () => {
    await cloudwatch.call('PutMetricAlarm', errors);
    await cloudwatch.call('SetAlarmState', {
      AlarmName: 'errors',
      StateValue: 'ALARM',
      StateReason: 'by hand',
    });
    await cloudwatch.call('PutMetricAlarm', { ...errors, Threshold: 6 });
    await cloudwatch.call('PutMetricAlarm', { ...errors, Threshold: 6 });
    expect(await alarm()).toMatchObject({ StateValue: 'ALARM', StateReason: 'by hand', Threshold: 6 });
    const history = await cloudwatch.call<{ AlarmHistoryItems: unknown[] }>('DescribeAlarmHistory', {
      AlarmName: 'errors',
      HistoryItemType: 'ConfigurationUpdate',
    });
    expect(history.AlarmHistoryItems).toHaveLength(2);
  });

  it('answer an alarm in AWS’s spelling, with dates', async () => {
    await cloudwatch.call('PutMetricAlarm', errors);
    expect(await alarm()).toMatchObject({
      ...errors,
      AlarmArn: 'arn:aws:cloudwatch:us-east-1:000000000000:alarm:errors',
      ActionsEnabled: true,
      StateValue: 'INSUFFICIENT_DATA',
      StateReason: 'Unchecked: Initial alarm creation',
      StateUpdatedTimestamp: expect.any(Date),
    });
  });

  it('page, filter and delete', async () => {
    for (const n of [1, 2, 3]) await cloudwatch.call('PutMetricAlarm', { ...errors, AlarmName: `a${n}` });
    const describe = (input: Record<string, unknown>) => cloudwatch.call<Described>('DescribeAlarms', input);
    const first = await describe({ MaxRecords: 2, AlarmNamePrefix: 'a' });
    const second = await describe({ MaxRecords: 2, AlarmNamePrefix: 'a', NextToken: first.NextToken });
    const names = [...first.MetricAlarms, ...second.MetricAlarms].map((each) => each['AlarmName']);
    expect(names).toEqual(['a1', 'a2', 'a3']);
    await cloudwatch.call('DeleteAlarms', { AlarmNames: ['a1', 'a2'] });
    expect((await describe({})).MetricAlarms).toHaveLength(1);
    expect((await describe({ StateValue: 'ALARM' })).MetricAlarms).toHaveLength(0);
    const forMetric = { MetricName: 'Errors', Namespace: 'Shop' };
    expect(await cloudwatch.call('DescribeAlarmsForMetric', forMetric)).toEqual({ MetricAlarms: [] });
    expect(
      await cloudwatch.call('DescribeAlarmsForMetric', { ...forMetric, Dimensions: errors.Dimensions }),
    ).toMatchObject({ MetricAlarms: [{ AlarmName: 'a3' }] });
  });

  it.each([
    [{ ComparisonOperator: 'Roughly' }, 'InvalidParameterValueException'],
    [{ ComparisonOperator: undefined }, 'MissingRequiredParameterException'],
    [{ EvaluationPeriods: 0 }, 'InvalidParameterValueException'],
    [{ DatapointsToAlarm: 2 }, 'ValidationError'],
    [{ Period: 45 }, 'InvalidParameterValueException'],
    [{ Period: 300, EvaluationPeriods: 1_000 }, 'ValidationError'],
    [{ ExtendedStatistic: 'p99' }, 'InvalidParameterCombinationException'],
    [{ Threshold: 'high' }, 'InvalidParameterValueException'],
    [{ TreatMissingData: 'forget' }, 'InvalidParameterValueException'],
  ])('refuse %j with %s and keep nothing', async (fields, code) => {
    await expect(cloudwatch.call('PutMetricAlarm', { ...errors, ...fields })).rejects.toMatchObject({ code });
    expect(await alarm()).toEqual({});
  });

  it('say that an alarm does not exist', async () => {
    const input = { AlarmName: 'none', StateValue: 'OK', StateReason: 'x' };
    await expect(cloudwatch.call('SetAlarmState', input)).rejects.toMatchObject({
      code: 'ResourceNotFound',
      status: 404,
    });
  });
});

describe('aws_cloudwatch_metric_alarm', () => {
  const desired = {
    alarm_name: 'errors',
    namespace: 'Shop',
    metric_name: 'Errors',
    dimensions: { Service: 'cart' },
    statistic: 'Sum',
    period: 60,
    evaluation_periods: 1,
    threshold: 5,
    comparison_operator: 'GreaterThanThreshold',
  };

  it('keeps an unchanged alarm as it is and removes one that is gone', async () => {
    const handler = cloudwatch.service.resources['aws_cloudwatch_metric_alarm'];
    const resource = testResource('aws_cloudwatch_metric_alarm', 'errors', desired);
    const attributes = await handler?.apply(resource, undefined);
    expect(attributes).toMatchObject({
      id: 'errors',
      arn: 'arn:aws:cloudwatch:us-east-1:000000000000:alarm:errors',
    });
    await cloudwatch.call('SetAlarmState', { AlarmName: 'errors', StateValue: 'ALARM', StateReason: 'x' });
    const before = await alarm();
    await handler?.apply(resource, attributes);
    expect(await alarm()).toEqual(before);
    await handler?.remove?.(resource.address, attributes ?? {});
    expect(await alarm()).toEqual({});
  });

  it('reads metric queries', async () => {
    const handler = cloudwatch.service.resources['aws_cloudwatch_metric_alarm'];
    const { namespace, metric_name, dimensions, statistic, period, ...rest } = desired;
    await handler?.apply(
      testResource('aws_cloudwatch_metric_alarm', 'rate', {
        ...rest,
        metric_query: [
          { id: 'rate', expression: 'm1 / PERIOD(m1)', return_data: true },
          { id: 'm1', metric: [{ namespace, metric_name, dimensions, stat: statistic, period }] },
        ],
      }),
      undefined,
    );
    expect((await alarm())['Metrics']).toMatchObject([
      { Id: 'rate', ReturnData: true },
      { Id: 'm1', ReturnData: false, MetricStat: { Period: 60, Stat: 'Sum' } },
    ]);
  });
});
