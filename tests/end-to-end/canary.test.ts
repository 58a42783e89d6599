import { CloudWatchClient, GetMetricStatisticsCommand } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { DeleteObjectCommand, ListBucketsCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Platform, removeDataDirectory, startPlatform, waitFor } from '../support/platform.ts';

let platform: Platform;
let settings: {
  endpoint: string;
  region: string;
  credentials: { accessKeyId: string; secretAccessKey: string };
};

beforeAll(async () => {
  platform = await startPlatform();
  const { awsEndpointUrl: endpoint, region } = platform.outputs;
  settings = { endpoint, region, credentials: { accessKeyId: 'test', secretAccessKey: 'test' } };
});
afterAll(async () => {
  await platform?.stop();
  removeDataDirectory(platform?.dataDirectory);
});

/** Runs the canary at once; it is the function that runs each minute. */
async function look(): Promise<unknown> {
  const client = new LambdaClient(settings);
  const { Payload, FunctionError } = await client.send(
    new InvokeCommand({ FunctionName: 'skafu-local-operations-canary' }),
  );
  client.destroy();
  expect(FunctionError).toBeUndefined();
  return JSON.parse(Buffer.from(Payload ?? []).toString());
}

/** Waits until CloudWatch tells this as the least success of the last minutes. */
async function untilLeastSuccessIs(expected: 0 | 1): Promise<void> {
  const client = new CloudWatchClient(settings);
  const aMinute = 60_000;
  await waitFor(
    async () => {
      const { Datapoints = [] } = await client.send(
        new GetMetricStatisticsCommand({
          Namespace: 'Skafu',
          MetricName: 'CanarySuccess',
          StartTime: new Date(Date.now() - 10 * aMinute),
          EndTime: new Date(Date.now() + aMinute),
          Period: 3600,
          Statistics: ['Minimum'],
        }),
      );
      return Datapoints.length > 0 && Math.min(...Datapoints.map(({ Minimum = 1 }) => Minimum)) === expected;
    },
    { what: `the canary's success to be ${expected}` },
  );
  client.destroy();
}

test('the canary finds the console and the API well, through the front door', async () => {
  expect(await look()).toEqual({ failed: [] });
  await untilLeastSuccessIs(1);
});

test('the canary tells what is wrong when a visitor would not get the console', async () => {
  const s3 = new S3Client({ ...settings, forcePathStyle: true });
  const { Buckets = [] } = await s3.send(new ListBucketsCommand({}));
  const bucket = Buckets.find(({ Name }) => Name?.startsWith('skafu-local-console-'))?.Name;
  await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: 'config.json' }));
  s3.destroy();

  expect(await look()).toEqual({ failed: ['config'] });
  await untilLeastSuccessIs(0);

  const logs = new CloudWatchLogsClient(settings);
  const { events = [] } = await logs.send(
    new FilterLogEventsCommand({
      logGroupName: '/aws/lambda/skafu-local-operations-canary',
      filterPattern: '"A check failed"',
    }),
  );
  logs.destroy();
  expect(JSON.parse(events[0]?.message ?? '{}')).toMatchObject({
    check: 'config',
    wrong: expect.arrayContaining(['The status is 403, not 200.']),
    seen: { status: 403 },
  });
});
