import type { DescribeAlarmsOutput, GetMetricDataOutput } from '@aws-sdk/client-cloudwatch';
import { describe, expect, it } from 'vitest';
import { type BareStage, expectRefusal } from '../scenario.ts';

const minute = Math.floor(Date.now() / 60_000) * 60_000 - 10 * 60_000;
const at = (seconds: number) => new Date(minute + seconds * 1_000).toISOString();
const hours = (count: number) => new Date(Date.now() + count * 3_600_000).toISOString();

/** Metrics and alarms: every way to put a point, every way to read it. */
export function metricScenario(stage: BareStage): void {
  const Namespace = `Shop/${stage.name}`;
  const Dimensions = [
    { Name: 'Store', Value: 'north' },
    { Name: 'Till', Value: '7' },
  ];
  const put = (...MetricData: object[]) =>
    stage.client.call('cloudwatch', 'PutMetricData', { Namespace, MetricData });
  const metric = (Id: string, MetricName: string, Stat: string, more: object = {}) => ({
    Id,
    MetricStat: { Metric: { Namespace, MetricName, ...more }, Period: 60, Stat },
  });
  const read = (MetricDataQueries: object[], more: object = {}) =>
    stage.client.call<GetMetricDataOutput>('cloudwatch', 'GetMetricData', {
      MetricDataQueries,
      StartTime: at(0),
      EndTime: at(300),
      ScanBy: 'TimestampAscending',
      ...more,
    });

  describe('metrics', () => {
    it('come back from every form in which they were put', async () => {
      await put(
        { MetricName: 'Plain', Dimensions, Value: 2.5, Unit: 'Seconds', Timestamp: at(0) },
        { MetricName: 'Plain', Dimensions, Value: -1, Unit: 'Seconds', Timestamp: at(59) },
        { MetricName: 'Counted', Values: [1, 2, 3], Counts: [1, 1, 8], Timestamp: at(0) },
        { MetricName: 'Listed', Values: [4, 6], Timestamp: at(60) },
        {
          MetricName: 'Summed',
          StatisticValues: { SampleCount: 4, Sum: 10, Minimum: 1, Maximum: 4 },
          Timestamp: at(60),
        },
        { MetricName: 'Fine', Value: 1, StorageResolution: 1, Timestamp: at(1) },
        { MetricName: 'Fine', Value: 2, StorageResolution: 1, Timestamp: at(7) },
      );
      const fine = metric('fine', 'Fine', 'Sum');
      const { MetricDataResults } = await read([
        metric('plain', 'Plain', 'Average', { Dimensions: [...Dimensions].reverse() }),
        metric('none', 'Plain', 'Sum'),
        metric('counted', 'Counted', 'p90'),
        metric('listed', 'Listed', 'Maximum'),
        metric('summed', 'Summed', 'SampleCount'),
        { ...fine, MetricStat: { ...fine.MetricStat, Period: 5 } },
      ]);
      expect(MetricDataResults?.map(({ Id, Timestamps, Values }) => ({ Id, Timestamps, Values }))).toEqual([
        { Id: 'plain', Timestamps: [at(0)], Values: [0.75] },
        { Id: 'none', Timestamps: [], Values: [] },
        { Id: 'counted', Timestamps: [at(0)], Values: [3] },
        { Id: 'listed', Timestamps: [at(60)], Values: [6] },
        { Id: 'summed', Timestamps: [at(60)], Values: [4] },
        { Id: 'fine', Timestamps: [at(0), at(5)], Values: [1, 2] },
      ]);
    });

    it('are computed with, and told in pages', async () => {
      await put(
        ...[1, 2, 3, 4].map((Value, index) => ({ MetricName: 'Steps', Value, Timestamp: at(index * 60) })),
      );
      const queries = [
        { ...metric('steps', 'Steps', 'Sum'), ReturnData: false },
        { Id: 'twice', Expression: 'steps * 2', Label: 'Twice' },
        { Id: 'filled', Expression: 'FILL(steps, 0) + 1' },
      ];
      const first = await read(queries, { MaxDatapoints: 3 });
      expect(first.MetricDataResults).toMatchObject([
        { Id: 'twice', Label: 'Twice', StatusCode: 'PartialData', Values: [2, 4, 6] },
        { Id: 'filled', Values: [] },
      ]);
      expect(first.NextToken).toEqual(expect.any(String));
      const all = await stage.client.every<GetMetricDataOutput>('cloudwatch', 'GetMetricData', {
        MetricDataQueries: queries,
        StartTime: at(0),
        EndTime: at(300),
        ScanBy: 'TimestampAscending',
        MaxDatapoints: 3,
      });
      const values = (id: string) =>
        all.MetricDataResults?.filter(({ Id }) => Id === id).flatMap(({ Values = [] }) => Values);
      expect(values('twice')).toEqual([2, 4, 6, 8]);
      expect(values('filled')).toEqual([2, 3, 4, 5, 1]);
    });

    it('are told as statistics, extended ones too, and listed', async () => {
      const Values = Array.from({ length: 100 }, (_, index) => index);
      await put({ MetricName: 'Spread', Dimensions, Values, Unit: 'Milliseconds', Timestamp: at(0) });
      const asked = { Namespace, MetricName: 'Spread', Dimensions, StartTime: at(0), EndTime: at(60) };
      const all = ['Sum', 'Average', 'Minimum', 'Maximum', 'SampleCount'];
      const simple = await stage.client.call('cloudwatch', 'GetMetricStatistics', {
        ...asked,
        Period: 60,
        Statistics: all,
      });
      expect(simple).toEqual({
        Label: 'Spread',
        Datapoints: [
          {
            Timestamp: at(0),
            Unit: 'Milliseconds',
            ...{ Sum: 4_950, Average: 49.5, Minimum: 0, Maximum: 99, SampleCount: 100 },
          },
        ],
      });
      const extended = await stage.client.call<{ Datapoints: object[] }>(
        'cloudwatch',
        'GetMetricStatistics',
        {
          ...asked,
          Period: 60,
          ExtendedStatistics: ['p50', 'p99.9'],
        },
      );
      expect(extended.Datapoints).toEqual([
        {
          Timestamp: at(0),
          Unit: 'Milliseconds',
          ExtendedStatistics: { p50: expect.closeTo(49.5, 0), 'p99.9': expect.closeTo(98.9, 0) },
        },
      ]);
      const listed = await stage.client.call('cloudwatch', 'ListMetrics', {
        Namespace,
        Dimensions: [{ Name: 'Till' }],
        MetricName: 'Spread',
      });
      expect(listed['Metrics']).toEqual([
        { Namespace, MetricName: 'Spread', Dimensions: expect.arrayContaining(Dimensions) },
      ]);
    });

    it('are taken of the past two weeks and the coming two hours, and refused beyond', async () => {
      const point = (Timestamp: string) => ({ MetricName: 'Late', Value: 1, Timestamp });
      await put(point(hours(-14 * 24 + 0.1)), point(hours(1.9)));
      const refusal = {
        code: 'InvalidParameterValue',
        exception: 'InvalidParameterValueException',
        status: 400,
      };
      await expectRefusal(put(point(hours(-14 * 24 - 0.1))), refusal);
      await expectRefusal(put(point(hours(2.1))), refusal);
    });

    it('stand behind alarms', async () => {
      const alarm = {
        AlarmName: `slow-${stage.name}`,
        ...{ Namespace, MetricName: 'Plain', Dimensions, Statistic: 'Maximum', Unit: 'Seconds' },
        ...{ Period: 60, EvaluationPeriods: 2, DatapointsToAlarm: 1, Threshold: 1.5 },
        ...{ ComparisonOperator: 'GreaterThanOrEqualToThreshold', TreatMissingData: 'notBreaching' },
      };
      await stage.client.call('cloudwatch', 'PutMetricAlarm', alarm);
      const AlarmNames = [alarm.AlarmName];
      const described = () =>
        stage.client.call<DescribeAlarmsOutput>('cloudwatch', 'DescribeAlarms', { AlarmNames });
      expect((await described()).MetricAlarms).toMatchObject([{ ...alarm, ActionsEnabled: true }]);
      await stage.client.call('cloudwatch', 'DeleteAlarms', { AlarmNames });
      expect((await described()).MetricAlarms).toEqual([]);
    });

    it('are refused where they are wrong', async () => {
      await expectRefusal(put({ MetricName: 'Both', Value: 1, Values: [1] }), {
        code: 'InvalidParameterCombination',
        exception: 'InvalidParameterCombinationException',
      });
      await expectRefusal(
        stage.client.call('cloudwatch', 'SetAlarmState', {
          ...{ AlarmName: 'none', StateValue: 'OK', StateReason: 'none' },
        }),
        { code: 'ResourceNotFound', exception: 'ResourceNotFound', status: 404 },
      );
      await expectRefusal(read([{ Id: 'broken', Expression: 'SUM(' }]), {
        ...{ code: 'ValidationError', unmodeled: true },
      });
      await expectRefusal(stage.client.call('cloudwatch', 'ListMetricStreams'), {
        ...{ code: 'NotImplemented', status: 501, unmodeled: true },
      });
    });
  });
}
