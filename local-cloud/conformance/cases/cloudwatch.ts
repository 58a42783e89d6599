import {
  DescribeAlarmsCommand,
  GetMetricDataCommand,
  GetMetricStatisticsCommand,
  ListMetricsCommand,
  PutMetricAlarmCommand,
  PutMetricDataCommand,
  SetAlarmStateCommand,
} from '@aws-sdk/client-cloudwatch';
import { expect } from 'vitest';
import { type Case, type Clients, refusalOf } from '../case.ts';

/** Puts values of one metric into the minute before this one; answers where and when. */
async function newMetric({ cloudwatch, name }: Clients, ...values: number[]) {
  const Namespace = name();
  const minute = Math.floor(Date.now() / 60_000) * 60_000 - 60_000;
  const MetricData = values.map((Value) => ({ MetricName: 'Latency', Value, Timestamp: new Date(minute) }));
  await cloudwatch.send(new PutMetricDataCommand({ Namespace, MetricData }));
  return { Namespace, range: { StartTime: new Date(minute), EndTime: new Date(minute + 60_000) } };
}

const service = 'CloudWatch';

export const cloudwatchCases: Case[] = [
  {
    service,
    name: 'statistics of a period are those of its values',
    operations: ['PutMetricData', 'GetMetricStatistics'],
    async run(clients) {
      const { Namespace, range } = await newMetric(clients, 1, 2, 9);
      const { Datapoints } = await clients.cloudwatch.send(
        new GetMetricStatisticsCommand({
          ...{ Namespace, MetricName: 'Latency', Period: 60, ...range },
          Statistics: ['SampleCount', 'Sum', 'Average', 'Minimum', 'Maximum'],
        }),
      );
      expect(Datapoints).toMatchObject([{ SampleCount: 3, Sum: 12, Average: 4, Minimum: 1, Maximum: 9 }]);
    },
  },
  {
    service,
    name: 'a percentile is told',
    operations: ['GetMetricData'],
    settled: 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Statistics-definitions.html',
    async run(clients) {
      const { Namespace, range } = await newMetric(clients, 10, 20, 30);
      const Metric = { Namespace, MetricName: 'Latency' };
      const { MetricDataResults } = await clients.cloudwatch.send(
        new GetMetricDataCommand({
          ...range,
          MetricDataQueries: [{ Id: 'a', MetricStat: { Metric, Period: 60, Stat: 'p50' } }],
        }),
      );
      expect(MetricDataResults?.[0]?.Values).toEqual([20]);
    },
  },
  {
    service,
    name: 'an expression reckons with metrics',
    operations: ['GetMetricData'],
    settled: 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html',
    async run(clients) {
      const { Namespace, range } = await newMetric(clients, 10, 20);
      const Metric = { Namespace, MetricName: 'Latency' };
      const { MetricDataResults } = await clients.cloudwatch.send(
        new GetMetricDataCommand({
          ...range,
          MetricDataQueries: [
            { Id: 'm1', MetricStat: { Metric, Period: 60, Stat: 'Sum' }, ReturnData: false },
            { Id: 'e1', Expression: 'm1 / 2 + 1' },
          ],
        }),
      );
      expect(MetricDataResults).toMatchObject([{ Id: 'e1', Values: [16] }]);
    },
  },
  {
    service,
    name: 'a metric is listed by its namespace',
    operations: ['ListMetrics'],
    async run(clients) {
      const { Namespace } = await newMetric(clients, 1);
      const { Metrics } = await clients.cloudwatch.send(new ListMetricsCommand({ Namespace }));
      expect(Metrics).toMatchObject([{ Namespace, MetricName: 'Latency' }]);
    },
  },
  {
    service,
    name: 'an alarm is kept as it was put, and set by hand',
    operations: ['PutMetricAlarm', 'DescribeAlarms', 'SetAlarmState'],
    async run({ cloudwatch, name }) {
      const AlarmName = name();
      await cloudwatch.send(
        new PutMetricAlarmCommand({
          ...{ AlarmName, Namespace: name(), MetricName: 'Latency', Statistic: 'Sum', Period: 60 },
          ...{ EvaluationPeriods: 3, DatapointsToAlarm: 2, Threshold: 5 },
          ...{ ComparisonOperator: 'GreaterThanThreshold', TreatMissingData: 'notBreaching' },
        }),
      );
      await cloudwatch.send(
        new SetAlarmStateCommand({ AlarmName, StateValue: 'ALARM', StateReason: 'by hand' }),
      );
      const { MetricAlarms } = await cloudwatch.send(new DescribeAlarmsCommand({ AlarmNames: [AlarmName] }));
      expect(MetricAlarms).toMatchObject([
        { AlarmName, Threshold: 5, DatapointsToAlarm: 2, StateValue: 'ALARM', StateReason: 'by hand' },
      ]);
    },
  },
  {
    service,
    name: 'an alarm that is not there cannot be set',
    operations: ['SetAlarmState'],
    async run({ cloudwatch, name }) {
      const set = cloudwatch.send(
        new SetAlarmStateCommand({ AlarmName: name(), StateValue: 'OK', StateReason: 'x' }),
      );
      expect(await refusalOf(set)).toMatch(/ResourceNotFound/u);
    },
  },
];
