import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CostExplorerClient, GetCostAndUsageCommand, GetTagsCommand } from '@aws-sdk/client-cost-explorer';
import { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { type LocalCloud, startLocalCloud } from '../../index.ts';

const stack = {
  provider: { aws: [{ region: 'us-east-1', default_tags: [{ tags: { domain: 'sales', team: 'a' } }] }] },
  resource: {
    aws_dynamodb_table: {
      orders: {
        name: 'orders',
        billing_mode: 'PAY_PER_REQUEST',
        hash_key: 'id',
        attribute: [{ name: 'id', type: 'S' }],
        tags: { team: 'b' },
      },
    },
    aws_s3_bucket: { files: { bucket: 'files' } },
    aws_sqs_queue: { jobs: { name: 'jobs' } },
    aws_cloudwatch_event_bus: { news: { name: 'news' } },
  },
  output: { queue: { value: '${aws_sqs_queue.jobs.url}' } },
};
const day = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

let folder: string;
let cloud: LocalCloud | undefined;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'local-cloud-'));
  mkdirSync(join(folder, 'stacks', 'shop'), { recursive: true });
  writeFileSync(join(folder, 'stacks', 'shop', 'cdk.tf.json'), JSON.stringify(stack));
});

afterAll(async () => {
  await cloud?.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function start(): Promise<LocalCloud> {
  cloud = await startLocalCloud({
    stacksDirectory: join(folder, 'stacks'),
    dataDirectory: join(folder, 'data'),
    awsPort: 0,
    consolePort: 0,
    engine: inject('sharedEngine'),
  });
  return cloud;
}

function settings({ endpointUrl }: LocalCloud) {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  return { endpoint: endpointUrl, region: 'us-east-1', credentials };
}

async function work(running: LocalCloud): Promise<void> {
  const dynamodb = new DynamoDBClient(settings(running));
  const item = { id: { S: 'a' }, text: { S: 'x'.repeat(2_500) } };
  await dynamodb.send(new PutItemCommand({ TableName: 'orders', Item: item }));
  await dynamodb.send(new GetItemCommand({ TableName: 'orders', Key: { id: { S: 'a' } } }));
  await dynamodb.send(
    new GetItemCommand({ TableName: 'orders', Key: { id: { S: 'a' } }, ConsistentRead: true }),
  );
  const refused = { TableName: 'orders', Item: item, ConditionExpression: 'attribute_not_exists(id)' };
  await expect(dynamodb.send(new PutItemCommand(refused))).rejects.toThrow('conditional');

  const s3 = new S3Client({ ...settings(running), forcePathStyle: true });
  await s3.send(new PutObjectCommand({ Bucket: 'files', Key: 'a', Body: 'hello' }));
  const read = await s3.send(new GetObjectCommand({ Bucket: 'files', Key: 'a' }));
  expect(await read.Body?.transformToString()).toBe('hello');

  const sqs = new SQSClient(settings(running));
  const QueueUrl = String(running.outputs['shop']?.['queue']);
  for (const size of [10, 100 * 1024]) {
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'x'.repeat(size) }));
  }

  const events = new EventBridgeClient(settings(running));
  const Detail = JSON.stringify({ text: 'x'.repeat(70 * 1024) });
  await events.send(
    new PutEventsCommand({ Entries: [{ EventBusName: 'news', Source: 'shop', DetailType: 'Sold', Detail }] }),
  );
  for (const client of [dynamodb, s3, sqs, events]) client.destroy();
}

async function requestCosts(running: LocalCloud, by: { Type: 'DIMENSION' | 'TAG'; Key: string }) {
  const explorer = new CostExplorerClient(settings(running));
  const { ResultsByTime = [] } = await explorer.send(
    new GetCostAndUsageCommand({
      TimePeriod: { Start: day(-1), End: day(1) },
      Granularity: 'DAILY',
      Metrics: ['UnblendedCost'],
      GroupBy: [by],
      Filter: {
        Not: {
          Dimensions: {
            Key: 'USAGE_TYPE',
            Values: ['TimedStorage-ByteHrs', 'USE1-APIRequest', 'CW:MetricMonitorUsage'],
          },
        },
      },
    }),
  );
  explorer.destroy();
  const costs = new Map<string, number>();
  for (const { Keys: [key = ''] = [], Metrics } of ResultsByTime.flatMap(({ Groups = [] }) => Groups)) {
    costs.set(key, (costs.get(key) ?? 0) + Number(Metrics?.['UnblendedCost']?.Amount));
  }
  return costs;
}

// 3 write units for the item and 3 for the refused one; half a read unit, and one that is consistent.
const table = 6 * 0.000000625 + 1.5 * 0.000000125;
const bucket = 0.000005 + 0.0000004;
const queue = 3 * 0.0000004;
const bus = 2 * 0.000001;

it('bills a small workload to the last digit, by service and by tag, and still after a restart', async () => {
  const running = await start();
  await work(running);
  const expected: Record<string, number> = {
    'Amazon DynamoDB': table,
    'Amazon Simple Storage Service': bucket,
    'Amazon Simple Queue Service': queue,
    'CloudWatch Events': bus,
  };
  const byService = await requestCosts(running, { Type: 'DIMENSION', Key: 'SERVICE' });
  for (const [service, cost] of Object.entries(expected)) {
    expect(byService.get(service), service).toBeCloseTo(cost, 9);
  }
  await running.stop();

  const again = await start();
  const kept = await requestCosts(again, { Type: 'DIMENSION', Key: 'SERVICE' });
  for (const [service, cost] of Object.entries(expected)) {
    expect(kept.get(service), service).toBeCloseTo(cost, 9);
  }
  const byTag = await requestCosts(again, { Type: 'TAG', Key: 'team' });
  expect(byTag.get('team$b')).toBeCloseTo(table, 9);
  expect(byTag.get('team$a')).toBeCloseTo(bucket + queue + bus, 9);

  const explorer = new CostExplorerClient(settings(again));
  const { Tags } = await explorer.send(new GetTagsCommand({ TimePeriod: { Start: day(-1), End: day(1) } }));
  expect(Tags).toEqual(['domain', 'team']);

  const page = await fetch(`${again.endpointUrl}/_local-cloud/cost`, { headers: { accept: 'text/html' } });
  expect((await page.text()).replaceAll(/<[^>]+>/gu, ' ')).toMatch(
    /Amazon DynamoDB\s+WriteRequestUnits\s+6 \S+\s+under \$0\.0001/u,
  );
  explorer.destroy();
});
