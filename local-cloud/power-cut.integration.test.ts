import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Arrivals, noArrivals, takeArrivals } from './testing/arrivals.ts';
import { type CloudProcess, startCloudProcess } from './testing/cloud-process.ts';
import { writeProject } from './testing/project.ts';
import { openWriters, type Writer } from './testing/writers.ts';

/** How often the power is cut; the deep tests cut it a hundred times. */
const cuts = process.env['SKAFU_DEEP'] ? 100 : 1;
/** What began before the cut ends after it: executions wait, and deliveries are tried again. */
const patience = 60_000;

let folder: string;
let stacks: string;
let cloud: CloudProcess;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'local-cloud-power-cut-'));
  stacks = writeProject(folder);
  cloud = await startCloudProcess(stacks, join(folder, 'data'));
});
afterAll(async () => {
  await cloud?.stop();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

/** A moment between half a second and two after the load has begun; those of all cuts lie evenly. */
const momentOf = (cut: number) => 400 + 1_900 * ((cut * 0.618) % 1);

/** The whole machine goes: the local cloud, and every third time the engine that works for it. */
async function cutPower(cut: number): Promise<void> {
  const record = readFileSync(join(folder, 'data/dynamodb/process.json'), 'utf8');
  if (cut % 3 === 0) process.kill((JSON.parse(record) as { pid: number }).pid, 'SIGKILL');
  await cloud.kill();
}

/** Writes one after the other until the power goes. Answers what was acknowledged. */
async function writeUntilCut(writer: Writer, cut: number): Promise<string[]> {
  const acknowledged: string[] = [];
  for (let number = 0; ; number++) {
    const id = `cut-${cut}-${number}`;
    try {
      await writer.write(id);
    } catch (error) {
      // What went with the power has acknowledged nothing; a refusal is another matter.
      const { $metadata } = error as { $metadata?: { httpStatusCode?: number } };
      if (($metadata?.httpStatusCode ?? 500) < 500) throw error;
      return acknowledged;
    }
    acknowledged.push(id);
  }
}

/** The acknowledged writes of each service that are not there, once nothing more comes. */
async function lostOf(
  writers: readonly Writer[],
  acknowledged: readonly string[][],
  queues: SQSClient,
  arrivals: Arrivals,
): Promise<string[]> {
  const deadline = Date.now() + patience;
  let open = writers.flatMap((writer, index) => (acknowledged[index] ?? []).map((id) => ({ writer, id })));
  while (open.length > 0 && Date.now() < deadline) {
    await takeArrivals(queues, arrivals);
    const there = await Promise.all(open.map(({ writer, id }) => writer.has(id)));
    open = open.filter((_, index) => !there[index]);
    if (open.length > 0) await delay(50);
  }
  return open.map(({ writer, id }) => `${writer.service}: ${id}`);
}

test(`no service loses what it acknowledged when the power is cut under load (${cuts} times)`, {
  timeout: cuts * 90_000,
}, async () => {
  const arrivals = noArrivals();
  const written = new Map<string, number>();
  for (let cut = 1; cut <= cuts; cut++) {
    const writers = await openWriters(cloud.endpoint, `cut-${cut}`, arrivals);
    const writing = Promise.all(writers.map((writer) => writeUntilCut(writer, cut)));
    await delay(momentOf(cut));
    await cutPower(cut);
    const acknowledged = await writing;
    cloud = await startCloudProcess(stacks, join(folder, 'data'));
    for (const [index, { service }] of writers.entries()) {
      written.set(service, (written.get(service) ?? 0) + (acknowledged[index]?.length ?? 0));
    }
    const settings = {
      endpoint: cloud.endpoint,
      region: 'us-east-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    };
    const readers = await openWriters(cloud.endpoint, `cut-${cut}`, arrivals);
    expect(await lostOf(readers, acknowledged, new SQSClient(settings), arrivals), `cut ${cut}`).toEqual([]);
  }
  expect(arrivals.revived).toEqual([]);
  for (const [service, count] of written) expect(count, service).toBeGreaterThan(0);
  process.stdout.write(`acknowledged and found again: ${JSON.stringify(Object.fromEntries(written))}\n`);
});
