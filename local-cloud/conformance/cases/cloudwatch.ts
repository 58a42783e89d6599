import {
  DeleteAlarmsCommand,
  DescribeAlarmsCommand,
  DisableAlarmActionsCommand,
  EnableAlarmActionsCommand,
  GetMetricDataCommand,
  GetMetricStatisticsCommand,
  ListMetricsCommand,
  ListTagsForResourceCommand,
  PutCompositeAlarmCommand,
  PutMetricAlarmCommand,
  PutMetricDataCommand,
  SetAlarmStateCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-cloudwatch';
import { expect, vi } from 'vitest';
import { type Case, type Clients, refusalOf } from '../case.ts';

/** Puts values of one metric into the minute before this one; answers where and when. */
async function newMetric({ cloudwatch, name }: Clients, ...values: number[]) {
  const Namespace = name();
  const minute = Math.floor(Date.now() / 60_000) * 60_000 - 60_000;
  const MetricData = values.map((Value) => ({ MetricName: 'Latency', Value, Timestamp: new Date(minute) }));
  await cloudwatch.send(new PutMetricDataCommand({ Namespace, MetricData }));
  return { Namespace, range: { StartTime: new Date(minute), EndTime: new Date(minute + 60_000) } };
}

/** An alarm on a metric without points. */
async function newAlarm({ cloudwatch, name }: Clients): Promise<string> {
  const AlarmName = name();
  await cloudwatch.send(
    new PutMetricAlarmCommand({
      ...{ AlarmName, Namespace: 'Conformance', MetricName: AlarmName, Statistic: 'Sum', Period: 60 },
      ...{ EvaluationPeriods: 1, Threshold: 1, ComparisonOperator: 'GreaterThanThreshold' },
    }),
  );
  return AlarmName;
}

async function newComposite(clients: Clients): Promise<{ child: string; AlarmName: string }> {
  const child = await newAlarm(clients);
  const AlarmName = clients.name();
  await clients.cloudwatch.send(new PutCompositeAlarmCommand({ AlarmName, AlarmRule: `ALARM("${child}")` }));
  return { child, AlarmName };
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
  {
    service,
    name: 'a composite alarm is told only where composite alarms are asked for',
    operations: ['PutCompositeAlarm', 'DescribeAlarms'],
    settled: 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html',
    async run(clients) {
      const { cloudwatch } = clients;
      const { child, AlarmName } = await newComposite(clients);
      const alarms = await cloudwatch.send(new DescribeAlarmsCommand({ AlarmNames: [AlarmName] }));
      expect([...(alarms.CompositeAlarms ?? []), ...(alarms.MetricAlarms ?? [])]).toEqual([]);
      const { CompositeAlarms } = await cloudwatch.send(
        new DescribeAlarmsCommand({ AlarmNames: [AlarmName], AlarmTypes: ['CompositeAlarm'] }),
      );
      expect(CompositeAlarms).toMatchObject([{ AlarmName, AlarmRule: `ALARM("${child}")` }]);
    },
  },
  {
    service,
    name: 'a composite alarm follows the alarms of its rule',
    operations: ['PutCompositeAlarm', 'SetAlarmState'],
    settled: 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-combining.html',
    async run(clients) {
      const { cloudwatch } = clients;
      const { child, AlarmName } = await newComposite(clients);
      const reaches = (state: string) =>
        vi.waitFor(
          async () => {
            const { CompositeAlarms } = await cloudwatch.send(
              new DescribeAlarmsCommand({ AlarmNames: [AlarmName], AlarmTypes: ['CompositeAlarm'] }),
            );
            expect(CompositeAlarms?.[0]?.StateValue).toBe(state);
          },
          { timeout: 1_000, interval: 50 },
        );
      await reaches('OK');
      await cloudwatch.send(
        new SetAlarmStateCommand({ AlarmName: child, StateValue: 'ALARM', StateReason: 'by hand' }),
      );
      await reaches('ALARM');
    },
  },
  {
    service,
    name: 'an alarm that a composite alarm asks about cannot be deleted',
    operations: ['DeleteAlarms'],
    settled: 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DeleteAlarms.html',
    async run(clients) {
      const { child, AlarmName } = await newComposite(clients);
      const remove = (name: string) =>
        clients.cloudwatch.send(new DeleteAlarmsCommand({ AlarmNames: [name] }));
      expect(await refusalOf(remove(child))).toMatch(/^Validation(Error|Exception)$/u);
      await remove(AlarmName);
      await remove(child);
    },
  },
  {
    service,
    name: 'a rule that cannot be read, or asks about no alarm, is refused',
    operations: ['PutCompositeAlarm'],
    settled: 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html',
    async run({ cloudwatch, name }) {
      const put = (AlarmRule: string) =>
        cloudwatch.send(new PutCompositeAlarmCommand({ AlarmName: name(), AlarmRule }));
      expect(await refusalOf(put('ALARM('))).toMatch(/^Validation(Error|Exception)$/u);
      expect(await refusalOf(put('ALARM("nobody")'))).toMatch(/^Validation(Error|Exception)$/u);
    },
  },
  {
    service,
    name: 'an alarm has tags',
    operations: ['TagResource', 'UntagResource', 'ListTagsForResource'],
    async run(clients) {
      const { cloudwatch } = clients;
      const AlarmName = await newAlarm(clients);
      const { MetricAlarms } = await cloudwatch.send(new DescribeAlarmsCommand({ AlarmNames: [AlarmName] }));
      const ResourceARN = MetricAlarms?.[0]?.AlarmArn;
      const Tags = ['team', 'cost'].map((Key) => ({ Key, Value: 'shop' }));
      await cloudwatch.send(new TagResourceCommand({ ResourceARN, Tags }));
      await cloudwatch.send(new UntagResourceCommand({ ResourceARN, TagKeys: ['cost'] }));
      const told = await cloudwatch.send(new ListTagsForResourceCommand({ ResourceARN }));
      expect(told.Tags).toEqual([{ Key: 'team', Value: 'shop' }]);
    },
  },
  {
    service,
    name: 'the actions of an alarm can be disabled and enabled',
    operations: ['DisableAlarmActions', 'EnableAlarmActions'],
    async run(clients) {
      const { cloudwatch } = clients;
      const AlarmNames = [await newAlarm(clients)];
      const enabled = async () =>
        (await cloudwatch.send(new DescribeAlarmsCommand({ AlarmNames }))).MetricAlarms?.[0]?.ActionsEnabled;
      await cloudwatch.send(new DisableAlarmActionsCommand({ AlarmNames }));
      expect(await enabled()).toBe(false);
      await cloudwatch.send(new EnableAlarmActionsCommand({ AlarmNames }));
      expect(await enabled()).toBe(true);
    },
  },
];
