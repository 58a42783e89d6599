import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, inject, test, vi } from 'vitest';
import { type LocalCloud, type SharedEngine, startLocalCloud } from '../index.ts';
import { joinEngine } from '../services/dynamodb/shared-engine.ts';
import { type Arrivals, noArrivals, takeArrivals } from '../testing/arrivals.ts';
import { names, writeProject } from '../testing/project.ts';
import { openWriters } from '../testing/writers.ts';

let folder: string;
let stacks: string;
const engine = inject('sharedEngine');
let origin: LocalCloud;
const started: LocalCloud[] = [];

const settingsOf = ({ endpointUrl: endpoint }: LocalCloud) => ({
  endpoint,
  region: 'us-east-1',
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
});

async function start(name: string, more: { from?: string; engine?: SharedEngine } = {}): Promise<LocalCloud> {
  const cloud = await startLocalCloud({
    stacksDirectory: stacks,
    dataDirectory: join(folder, name),
    awsPort: 0,
    consolePort: 0,
    ...more,
  });
  started.push(cloud);
  return cloud;
}

/** Writes one thing to every service, and waits until all of it is there. */
async function writeEverywhere(cloud: LocalCloud, id: string): Promise<void> {
  const writers = await openWriters(cloud.endpointUrl, 'lines', noArrivals());
  await Promise.all(writers.map((writer) => writer.write(id)));
}

/** The services that do not have it, of what has come to the queues so far and comes now. */
async function withoutIt(cloud: LocalCloud, id: string, arrivals: Arrivals): Promise<string[]> {
  await takeArrivals(new SQSClient(settingsOf(cloud)), arrivals);
  const writers = await openWriters(cloud.endpointUrl, 'lines', arrivals);
  const there = await Promise.all(writers.map((writer) => writer.has(id)));
  return writers.filter((_, index) => !there[index]).map(({ service }) => service);
}

/** Whether what was begun has come to its end: the event is routed, and the function has answered. */
async function isSettled(cloud: LocalCloud): Promise<boolean> {
  const queues = new SQSClient(settingsOf(cloud));
  const counts = await Promise.all(
    [names.direct, names.routed, names.echoed].map(async (QueueUrl) => {
      const asked = new GetQueueAttributesCommand({
        QueueUrl,
        AttributeNames: ['ApproximateNumberOfMessages'],
      });
      return Number((await queues.send(asked)).Attributes?.ApproximateNumberOfMessages);
    }),
  );
  return counts.every((count) => count === 1);
}

const put = (cloud: LocalCloud, id: string) =>
  new DynamoDBClient(settingsOf(cloud)).send(
    new PutItemCommand({ TableName: names.table, Item: { id: { S: id } } }),
  );
const hasItem = async (cloud: LocalCloud, id: string) =>
  (
    await new DynamoDBClient(settingsOf(cloud)).send(
      new GetItemCommand({ TableName: names.table, Key: { id: { S: id } }, ConsistentRead: true }),
    )
  ).Item !== undefined;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'local-cloud-world-'));
  stacks = writeProject(folder);
  origin = await start('origin', { engine });
  await writeEverywhere(origin, 'before');
  await vi.waitFor(async () => expect(await isSettled(origin)).toBe(true), {
    timeout: 30_000,
    interval: 100,
  });
  await origin.snapshot(join(folder, 'snapshot'));
});
afterAll(async () => {
  for (const cloud of started) await cloud.stop();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

test('a fork has everything of every service that its origin had at the moment of the snapshot, and nothing else', async () => {
  await writeEverywhere(origin, 'after');
  const fork = await start('fork', { from: join(folder, 'snapshot'), engine });
  const arrivals = noArrivals();
  await vi.waitFor(async () => expect(await withoutIt(fork, 'before', arrivals)).toEqual([]), {
    timeout: 20_000,
    interval: 100,
  });
  expect(await withoutIt(fork, 'after', arrivals)).toHaveLength(11);
});

test('forks that share an engine do not see each other, nor does the origin see them', async () => {
  const [one, other] = [
    await start('one', { from: join(folder, 'snapshot'), engine }),
    await start('other', { from: join(folder, 'snapshot'), engine }),
  ];
  await put(one, 'only-one');
  expect(await hasItem(one, 'only-one')).toBe(true);
  expect(await hasItem(other, 'only-one')).toBe(false);
  expect(await hasItem(origin, 'only-one')).toBe(false);
});

test('a world takes its tables along when it leaves a shared engine for one of its own', async () => {
  const shared = await start('mover', { from: join(folder, 'snapshot'), engine });
  await put(shared, 'moved');
  await shared.stop();
  const alone = await start('mover');
  expect(await hasItem(alone, 'moved')).toBe(true);
  expect(await hasItem(alone, 'before')).toBe(true);
});

test('a world that crashed on a shared engine has all of it on one of its own', async () => {
  const data = join(folder, 'crashed');
  await (await start('crashed', { from: join(folder, 'snapshot'), engine })).stop();
  // Whoever crashes does not stop: the tables stay with the engine.
  const joined = joinEngine(engine, join(data, 'dynamodb'), 'us-east-1');
  const Item = { id: { S: 'acknowledged' } };
  await (await joined.client()).call('PutItem', { TableName: names.table, Item });
  expect(await hasItem(await start('crashed'), 'acknowledged')).toBe(true);
});

test('a fork that is started again goes on where it stood, and does not begin anew', async () => {
  const first = await start('again', { from: join(folder, 'snapshot'), engine });
  await put(first, 'kept');
  await first.stop();
  expect(await hasItem(await start('again', { from: join(folder, 'snapshot'), engine }), 'kept')).toBe(true);
});

test('a snapshot is refused where something is there, and a fork where there is none', async () => {
  await expect(origin.snapshot(join(folder, 'snapshot'))).rejects.toThrow('is there already');
  await expect(start('nowhere', { from: join(folder, 'nothing') })).rejects.toThrow('holds no snapshot');
  expect(existsSync(join(folder, 'nowhere'))).toBe(false);
});
