import {
  DeleteItemCommand,
  DynamoDBClient,
  PutItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { runVerification } from '#scripts/verify/run.ts';
import { aggregate } from '#shared/definition/aggregate.ts';
import { streamKey } from '#shared/event-store/commit.ts';
import { createEventStore, type EventStore } from '#shared/event-store/event-store.ts';
import { reservationItem } from '#shared/event-store/reservation.ts';
import { createSealArchive, type SealArchive, sealedHeads } from '#shared/event-store/seal-archive.ts';
import { sealStore } from '#shared/event-store/seal-store.ts';
import { verifyOneStream, verifyStore } from '#shared/event-store/verify-store.ts';
import type { StreamName } from '#shared/messages/envelope.ts';
import type { Failure } from '#shared/runtime/failure.ts';
import { counter } from '#shared/testing/counter.ts';
import {
  emptyBuckets,
  errorsBus,
  type KernelPlatform,
  sealsBucket,
  startKernelPlatform,
  eventStoreTable as table,
} from './platform.ts';
import { publishedUntil } from './published.ts';
import { newStream, originOf, recordCommits } from './recording.ts';
import { takeSnapshot } from './snapshot-contract.ts';

let platform: KernelPlatform;
let client: DynamoDBClient;
let s3: S3Client;
let store: EventStore;
let archive: SealArchive;

beforeAll(async () => {
  platform = await startKernelPlatform();
  client = new DynamoDBClient({});
  s3 = new S3Client({});
  store = createEventStore(client, table);
  archive = createSealArchive(s3, sealsBucket);
});
afterAll(async () => {
  client.destroy();
  s3.destroy();
  await platform.stop();
});

/** Every counter has its total to itself. */
const unique = aggregate('testing/counter', {
  events: counter.events,
  initial: counter.initial,
  evolve: counter.evolve,
  unique: { total: ({ total }) => (total >= 100 ? `${total}` : undefined) },
});
const aggregates = [unique];
const newTenant = () => `tenant-${crypto.randomUUID()}`;
const keyOf = (stream: StreamName, commit: number) => ({
  s: { S: streamKey(stream) },
  c: { N: `${commit}` },
});
const cut = (stream: StreamName, commit: number) =>
  client.send(new DeleteItemCommand({ TableName: table, Key: keyOf(stream, commit) }));
const seals = { readUnits: 1e9, until: Number.POSITIVE_INFINITY, now: Date.now };

describe('verifying the store', () => {
  test('counts what is whole, reading every segment once', async () => {
    const tenant = newTenant();
    const streams = [newStream(tenant), newStream(tenant), newStream(tenant)];
    for (const [index, stream] of streams.entries()) await recordCommits(store, stream, [1, 2, index + 1]);
    await takeSnapshot(store, streams[0] ?? newStream());
    const result = await verifyStore(client, table, { aggregates, tenant, segments: 8 });
    expect(result).toMatchObject({ streams: 3, commits: 9, events: 15, snapshots: 1, flaws: [] });
    expect(result.readUnits).toBeGreaterThan(0);
  });

  test('names the first commit of each stream that is not whole, and of no other', async () => {
    const tenant = newTenant();
    const [whole, gap, altered] = [newStream(tenant), newStream(tenant), newStream(tenant)];
    for (const stream of [whole, gap, altered]) await recordCommits(store, stream, [1, 1, 1]);
    await cut(gap, 2);
    await client.send(
      new UpdateItemCommand({
        TableName: table,
        Key: keyOf(altered, 3),
        UpdateExpression: 'SET t = t + :one',
        ExpressionAttributeValues: { ':one': { N: '1' } },
      }),
    );
    const { flaws } = await verifyStore(client, table, { aggregates, tenant });
    expect(new Map(flaws.map(({ stream, commit }) => [stream, commit]))).toEqual(
      new Map([
        [streamKey(gap), 2],
        [streamKey(altered), 3],
      ]),
    );
  });

  test('holds reservations against the states that need them, from both sides', async () => {
    const tenant = newTenant();
    const stream = newStream(tenant);
    const { head } = await store.load(stream);
    const events = [{ type: 'Counted', data: { by: 100 } }];
    await store.append(head, events, originOf(), undefined, { taken: ['total=100'], released: [] });
    const look = async () => (await verifyStore(client, table, { aggregates, tenant })).flaws;
    expect(await look()).toEqual([]);

    const needless = reservationItem(stream, 'total=200', true);
    await client.send(new PutItemCommand({ TableName: table, Item: needless }));
    expect(await look()).toEqual([
      { stream: `${tenant}#counter#~total=200`, what: expect.stringContaining('does not hold it') },
    ]);

    await client.send(
      new DeleteItemCommand({
        TableName: table,
        Key: { s: { S: `${tenant}#counter#~total=100` }, c: { N: '0' } },
      }),
    );
    const { flaw } = await verifyOneStream(client, table, streamKey(stream), { aggregates });
    expect(flaw).toEqual({
      stream: `${tenant}#counter#~total=100`,
      what: `${streamKey(stream)} holds it, and it is not reserved`,
    });
  });

  test('finds nothing wrong with a store that is written to meanwhile', async () => {
    const tenant = newTenant();
    const streams = Array.from({ length: 4 }, () => newStream(tenant));
    let writing = true;
    const writers = streams.map(async (stream) => {
      while (writing) await recordCommits(store, stream, [2, 1]);
    });
    for (let pass = 0; pass < 5; pass++)
      expect((await verifyStore(client, table, { aggregates, tenant })).flaws).toEqual([]);
    writing = false;
    await Promise.all(writers);
  });

  test('says from the command line what it would cost, what it found, and how it ended', async () => {
    const tenant = newTenant();
    const stream = newStream(tenant);
    await recordCommits(store, stream, [1, 1]);
    const lines: string[] = [];
    const run = (options: object) =>
      runVerification(client, table, { aggregates, print: (line) => lines.push(line), ...options });
    expect(await run({ tenant })).toBe(0);
    expect(lines.join('\n')).toMatch(
      /About .* read units, \$.*\n(.*\n)*Whole: 1 stream, 2 commits, 2 events/,
    );
    expect(await run({ stream: `${tenant}/counter/${stream.id}` })).toBe(0);
    await cut(stream, 1);
    expect(await run({ tenant })).toBe(1);
    expect(lines.join('\n')).toContain(`${streamKey(stream)}, commit 1: it is missing`);
    await expect(run({ stream: `${tenant}/counter/none` })).rejects.toThrow('There is no stream');
  });
});

describe('sealing the store', () => {
  test('shows which streams lost their newest commits since, or all of them, or were written anew', async () => {
    const tenant = newTenant();
    const [whole, short, gone, grown] = [0, 1, 2, 3].map(() => newStream(tenant)) as [
      StreamName,
      StreamName,
      StreamName,
      StreamName,
    ];
    for (const stream of [whole, short, gone, grown]) await recordCommits(store, stream, [1, 1]);
    const { made, lost } = await sealStore(client, table, archive, await archive.newest(), seals);
    expect(lost).toEqual([]);
    await recordCommits(store, grown, [1]);
    await cut(short, 2);
    await cut(gone, 1);
    await cut(gone, 2);

    const newest = await archive.newest();
    expect(newest).toEqual(made);
    const sealed = await sealedHeads(archive, made.seal);
    const { flaws } = await verifyStore(client, table, { aggregates, tenant, sealed });
    expect(new Map(flaws.map(({ stream, commit, what }) => [stream, [commit, what.split(';')[0]]]))).toEqual(
      new Map([
        [streamKey(short), [2, 'it is missing']],
        [streamKey(gone), [1, 'the stream is gone']],
      ]),
    );

    const next = await sealStore(client, table, archive, newest, seals);
    expect(new Set(next.lost)).toEqual(new Set([streamKey(short), streamKey(gone)]));
    expect(next.made.seal.previous).toBe(made.digest);
    const still = await sealedHeads(archive, next.made.seal);
    expect(still.get(streamKey(short))?.commit).toBe(2);
    expect(still.get(streamKey(grown))?.commit).toBe(3);
  });

  test('writes no leaves anew where nothing changed', async () => {
    const first = await sealStore(client, table, archive, await archive.newest(), seals);
    const second = await sealStore(client, table, archive, first.made, seals);
    const objects = ({ made }: typeof first) => made.seal.segments.map(({ object }) => object);
    expect(objects(second)).toEqual(objects(first));
    expect(second.made.seal.root).toBe(first.made.seal.root);
  });

  test('seals a large store in turns, those first that were sealed longest ago', async () => {
    const sealedAt = (outcome: Awaited<ReturnType<typeof sealStore>>) =>
      outcome.made.seal.segments.map((segment) => segment.sealedAt);
    const before = await sealStore(client, table, archive, await archive.newest(), seals);
    let outcome = before;
    for (let run = 0; run < 3; run++)
      outcome = await sealStore(client, table, archive, outcome.made, { ...seals, readUnits: 0 });
    const changed = sealedAt(outcome).filter((time, index) => time !== sealedAt(before)[index]);
    expect(changed).toHaveLength(3);
  });

  test('refuses a seal whose leaves do not give its root', async () => {
    const newest = await archive.newest();
    const segment = newest?.seal.segments.find(({ streams }) => streams > 0);
    if (!segment) throw new Error('Something was sealed.');
    await expect(archive.headsOf({ ...segment, root: '00' })).rejects.toThrow('do not give the root');
  });
});

describe('the function that seals', () => {
  const hour = 3_600_000;
  const unused = [...emptyBuckets];
  /** Seals of each test's own. */
  let archive: SealArchive;
  /** The metric of how long the part sealed longest ago has waited. */
  let ages: number[];

  beforeEach(() => {
    const bucket = unused.shift() ?? 'no bucket is left';
    archive = createSealArchive(s3, bucket);
    vi.stubEnv('SEALS_BUCKET', bucket);
    vi.stubEnv('SEAL_SECONDS', '3600');
    vi.stubEnv('SEAL_READ_UNITS', '1000000');
    ages = [];
    vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
      const line = String(text);
      if (line.includes('SealAge')) ages.push((JSON.parse(line) as { SealAge: number }).SealAge);
      return true;
    });
  });
  afterEach(() => {
    vi.restoreAllMocks();
    vi.unstubAllEnvs();
    vi.useRealTimers();
  });

  const pass = (milliseconds: number) =>
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + milliseconds });
  /** A function that was never called before. */
  async function coldStart(): Promise<() => Promise<{ sealed: number }>> {
    vi.resetModules();
    return (await import('#shared/functions/seal.ts')).handler;
  }

  test('seals once an interval, and asks nobody until the next', async () => {
    await recordCommits(store, newStream(newTenant()), [1]);
    const seal = await coldStart();
    const { sealed } = await seal();
    expect(sealed).toBeGreaterThan(0);
    const first = await archive.newest();
    expect(first?.seal.streams).toBe(sealed);

    const asking = [vi.spyOn(DynamoDBClient.prototype, 'send'), vi.spyOn(S3Client.prototype, 'send')];
    pass(hour / 2);
    expect(await seal()).toEqual({ sealed: 0 });
    for (const calls of asking) expect(calls).not.toHaveBeenCalled();
    expect(ages.map((age) => age >= 1800)).toEqual([false, true]);

    pass(hour / 2);
    expect(await seal()).toEqual({ sealed });
    expect((await archive.newest())?.seal.previous).toBe(first?.digest);
  });

  test('finds after a cold start what another has sealed', async () => {
    const { made } = await sealStore(client, table, archive, undefined, seals);
    const seal = await coldStart();
    expect(await seal()).toEqual({ sealed: 0 });
    expect(await archive.newest()).toEqual(made);
    expect(ages).toEqual([expect.any(Number)]);
  });

  test('leaves an interval to whoever came first, and tells no age where nothing is sealed yet', async () => {
    pass(0);
    expect(await archive.claim(Math.floor(Date.now() / hour))).toBe(true);
    const seal = await coldStart();
    expect(await seal()).toEqual({ sealed: 0 });
    expect(await archive.newest()).toBeUndefined();
    expect(ages).toEqual([]);
  });

  test('reports streams that are not as they were sealed', async () => {
    const [whole, short] = [newStream(newTenant()), newStream(newTenant())];
    for (const stream of [whole, short]) await recordCommits(store, stream, [1, 1]);
    const seal = await coldStart();
    await seal();
    await cut(short, 2);
    pass(hour);
    await seal();
    const isReported = ({ detail }: { detail: Failure }) => detail.name === 'StreamsCut';
    const failures = await publishedUntil<Failure>(platform.queueOf(errorsBus), isReported);
    expect(failures.filter(isReported).map(({ detail }) => detail.message)).toEqual([
      '1 streams are not as they were sealed: run verify.',
    ]);
  });
});
