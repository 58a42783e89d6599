import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';
import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  GetMetricDataCommand,
  PutMetricAlarmCommand,
  PutMetricDataCommand,
  SetAlarmStateCommand,
} from '@aws-sdk/client-cloudwatch';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Gateway, listen } from '../../gateway/gateway.ts';
import { startCloudwatch, type TestCloudwatch } from './testing.ts';

const run = promisify(execFile);
const minute = new Date(Math.floor(Date.now() / 60_000) * 60_000 - 120_000);
const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
const hasCli = spawnSync('aws', ['--version']).status === 0;

const alarm = {
  AlarmName: 'orders',
  Namespace: 'Shop',
  MetricName: 'Orders',
  Statistic: 'Sum',
  Period: 60,
  EvaluationPeriods: 1,
  Threshold: 5,
  ComparisonOperator: 'GreaterThanThreshold',
} as const;

let cloudwatch: TestCloudwatch;
let gateway: Gateway;
let client: CloudWatchClient;

beforeAll(async () => {
  cloudwatch = await startCloudwatch();
  gateway = await listen(0, cloudwatch.cloud.logger);
  gateway.open([cloudwatch.service], cloudwatch.cloud);
  client = new CloudWatchClient({ endpoint: gateway.url, region: 'us-east-1', credentials });
});

afterAll(async () => {
  client.destroy();
  await gateway.close();
  await cloudwatch.stop();
});

describe('the JavaScript SDK', () => {
  it('puts points and reads them back with dates', async () => {
    await client.send(
      new PutMetricDataCommand({
        Namespace: 'Shop',
        MetricData: [{ MetricName: 'Orders', Values: [1, 2, 3], Counts: [1, 1, 2], Timestamp: minute }],
      }),
    );
    const { MetricDataResults } = await client.send(
      new GetMetricDataCommand({
        StartTime: minute,
        EndTime: new Date(minute.getTime() + 120_000),
        MetricDataQueries: [
          {
            Id: 'm1',
            MetricStat: { Metric: { Namespace: 'Shop', MetricName: 'Orders' }, Period: 60, Stat: 'Sum' },
          },
          { Id: 'e1', Expression: 'm1 * 10' },
        ],
      }),
    );
    expect(MetricDataResults).toEqual([
      { Id: 'm1', Label: 'Orders', Timestamps: [minute], Values: [9], StatusCode: 'Complete' },
      { Id: 'e1', Label: 'e1', Timestamps: [minute], Values: [90], StatusCode: 'Complete' },
    ]);
  });

  it('puts an alarm and reads it back', async () => {
    await client.send(new PutMetricAlarmCommand(alarm));
    const { MetricAlarms } = await client.send(new DescribeAlarmsCommand({}));
    expect(MetricAlarms).toMatchObject([
      { ...alarm, StateValue: 'INSUFFICIENT_DATA', StateUpdatedTimestamp: expect.any(Date) },
    ]);
  });

  it('throws the exceptions of the SDK', async () => {
    const tooLarge = { MetricName: 'Orders', Value: 2 ** 361 };
    await expect(
      client.send(new PutMetricDataCommand({ Namespace: 'Shop', MetricData: [tooLarge] })),
    ).rejects.toMatchObject({ name: 'InvalidParameterValueException' });
    await expect(
      client.send(new SetAlarmStateCommand({ AlarmName: 'none', StateValue: 'OK', StateReason: 'x' })),
    ).rejects.toMatchObject({ name: 'ResourceNotFound' });
  });
});

describe.skipIf(!hasCli)('the aws command line', () => {
  const aws = async (...words: string[]): Promise<unknown> => {
    const { stdout } = await run(
      'aws',
      ['cloudwatch', ...words, '--endpoint-url', gateway.url, '--region', 'us-east-1', '--output', 'json'],
      { env: { ...process.env, AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' } },
    );
    return stdout === '' ? undefined : JSON.parse(stdout);
  };

  it('puts, lists and reads metrics', async () => {
    const time = minute.toISOString();
    const end = new Date(minute.getTime() + 60_000).toISOString();
    await aws(
      ...['put-metric-data', '--namespace', 'Cli', '--metric-name', 'Load', '--dimensions', 'Host=a'],
      ...['--value', '1.5', '--timestamp', time],
    );
    expect(await aws('list-metrics', '--namespace', 'Cli')).toEqual({
      Metrics: [{ Namespace: 'Cli', MetricName: 'Load', Dimensions: [{ Name: 'Host', Value: 'a' }] }],
    });
    const statistics = await aws(
      ...['get-metric-statistics', '--namespace', 'Cli', '--metric-name', 'Load'],
      ...['--dimensions', 'Name=Host,Value=a', '--start-time', time, '--end-time', end],
      ...['--period', '60', '--statistics', 'Sum', 'Maximum'],
    );
    expect(statistics).toMatchObject({ Datapoints: [{ Sum: 1.5, Maximum: 1.5, Unit: 'None' }] });
  });

  it('shows alarms, and errors by their code', async () => {
    const alarms = await aws('describe-alarms', '--alarm-names', 'orders');
    expect(alarms).toMatchObject({ MetricAlarms: [{ AlarmName: 'orders', Threshold: 5 }] });
    await expect(
      aws('set-alarm-state', '--alarm-name', 'none', '--state-value', 'OK', '--state-reason', 'x'),
    ).rejects.toThrow(/\(ResourceNotFound(Exception)?\)/);
  });
});
