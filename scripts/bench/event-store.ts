import { randomUUID } from 'node:crypto';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { type Head, type Origin, streamKey } from '#shared/event-store/commit.ts';
import { createEventStore } from '#shared/event-store/event-store.ts';
import type { StreamName } from '#shared/messages/envelope.ts';
import type { DomainEvent } from '#shared/messages/event.ts';
import { countUnits, leastUnits } from './capacity.ts';
import type { Database } from './database.ts';
import { type FloorHead, floorAppend, floorLoad } from './floor.ts';
import { median } from './statistics.ts';

/** One operation, ours beside the floor. Times in milliseconds for one operation. */
export interface StoreFigure {
  readonly name: string;
  readonly ours: number;
  readonly floor: number;
  /** Our rate divided by the floor's; median over the rounds. */
  readonly ratio: number;
  /** Capacity units that DynamoDB charged for one operation of ours. */
  readonly units: number;
  readonly unit: 'WCU' | 'RCU';
  /** The least that the bytes which must be kept can cost. */
  readonly leastUnits: number;
}

/** Runs one operation once; both sides do the same work in their own streams. */
type Operation = () => Promise<unknown>;

interface Contest {
  readonly name: string;
  readonly unit: 'WCU' | 'RCU';
  /** Calls per side and round, one after the other. */
  readonly repetitions: number;
  /** How many operations one call makes. */
  readonly operations: number;
  readonly ours: Operation;
  readonly floor: Operation;
  /** The stream of ours whose commits tell the least units. */
  readonly stream: StreamName;
}

const type = 'AlertRuleChanged';
const domain = 'observability';

/** An event of 200 bytes of data, of which no two are alike. */
function eventOf(): DomainEvent {
  const data = {
    rule: randomUUID(),
    value: Math.random() * 100,
    threshold: 90,
    at: new Date().toISOString(),
  };
  const note = 'The value crossed the threshold of the rule and was seen by everybody on call in time. ';
  const missing = 200 - JSON.stringify({ ...data, note: '' }).length;
  return { type, data: { ...data, note: note.repeat(3).slice(0, missing) } };
}

function originOf(): Origin {
  const commandId = randomUUID();
  return {
    domain,
    commandId,
    actor: { type: 'user', id: randomUUID() },
    correlationId: randomUUID(),
    causationId: commandId,
    trace: `Root=1-${randomUUID().slice(0, 8)}-${randomUUID().replaceAll('-', '').slice(0, 24)};Parent=53995c3f42cd8ad8;Sampled=1`,
    time: Date.now(),
  };
}

const newHead = (): Head => ({
  stream: { tenant: 'skafu', type: 'alert-rule', id: randomUUID() },
  commit: 0,
  version: 0,
  hash: new Uint8Array(),
});

const newFloorHead = (): FloorHead => ({
  stream: streamKey(newHead().stream),
  commit: 0,
  version: 0,
  hash: new Uint8Array(),
});

/** Compares our event store with the floor on the same database, in turns. */
export async function measureEventStore(database: Database, rounds: number): Promise<StoreFigure[]> {
  const clients = { ours: database.client(), floor: database.client() };
  const { table } = database;
  try {
    const contests = [
      appendContest('append 1 event', { count: 1, repetitions: 60 }, clients, table),
      appendContest('append 5 events', { count: 5, repetitions: 40 }, clients, table),
      appendContest('append 50 events', { count: 50, repetitions: 30 }, clients, table),
      appendContest('append 1 event, 16 writers', { count: 1, writers: 16, repetitions: 10 }, clients, table),
      await loadContest('load 100 by 1', { events: 100, perCommit: 1, repetitions: 10 }, clients, table),
      await loadContest('load 100 by 5', { events: 100, perCommit: 5, repetitions: 20 }, clients, table),
      await loadContest('load 1,000 by 1', { events: 1000, perCommit: 1, repetitions: 6 }, clients, table),
      await loadContest('load 1,000 by 5', { events: 1000, perCommit: 5, repetitions: 10 }, clients, table),
    ];
    const figures: StoreFigure[] = [];
    for (const contest of contests) figures.push(await hold(contest, rounds, clients.ours, table));
    return figures;
  } finally {
    for (const client of Object.values(clients)) client.destroy();
  }
}

/**
 * Rounds of operations in turns, ours and the floor's, each going first every other time. A round's time is the median
 * of its operations, for a pause of the machine is neither's doing. The first fifth of the rounds warms up.
 */
async function hold(
  contest: Contest,
  rounds: number,
  client: DynamoDBClient,
  table: string,
): Promise<StoreFigure> {
  const pairs: { ours: number; floor: number }[] = [];
  const warmUp = Math.ceil(rounds / 5);
  for (let round = -warmUp; round < rounds; round++) {
    const times = { ours: [] as number[], floor: [] as number[] };
    for (let repetition = 0; repetition < contest.repetitions; repetition++) {
      const sides = repetition % 2 === 0 ? (['ours', 'floor'] as const) : (['floor', 'ours'] as const);
      for (const side of sides) times[side].push(await time(contest[side]));
    }
    if (round >= 0) pairs.push({ ours: median(times.ours), floor: median(times.floor) });
  }
  const units = await countUnits(client, contest.ours);
  const least = await leastUnits(client, table, streamKey(contest.stream));
  return {
    name: contest.name,
    ours: median(pairs.map(({ ours }) => ours)) / contest.operations,
    floor: median(pairs.map(({ floor }) => floor)) / contest.operations,
    ratio: median(pairs.map(({ ours, floor }) => floor / ours)),
    units: units / contest.operations,
    unit: contest.unit,
    leastUnits: least[contest.unit === 'WCU' ? 'write' : 'read'],
  };
}

async function time(operation: Operation): Promise<number> {
  const started = performance.now();
  await operation();
  return performance.now() - started;
}

interface Clients {
  readonly ours: DynamoDBClient;
  readonly floor: DynamoDBClient;
}

/** Each side appends to streams of its own, the same events by the same people. */
function appendContest(
  name: string,
  { count, writers = 1, repetitions }: { count: number; writers?: number; repetitions: number },
  clients: Clients,
  table: string,
): Contest {
  const store = createEventStore(clients.ours, table);
  const next = inputs(count);
  const heads = Array.from({ length: writers }, newHead);
  const { stream } = heads[0] ?? newHead();
  const appendOurs = async (head: Head, writer: number) => {
    const { events, origin } = next();
    const result = await store.append(head, events, origin);
    if (!('head' in result)) throw new Error('An append met a conflict that nobody made.');
    heads[writer] = result.head;
  };
  const nextOfFloor = inputs(count);
  const floorHeads = Array.from({ length: writers }, newFloorHead);
  const appendFloor = (head: FloorHead) => {
    const { events, origin } = nextOfFloor();
    return floorAppend(clients.floor, table, head, events, origin);
  };
  return {
    name,
    unit: 'WCU',
    repetitions,
    operations: writers,
    ours: () => Promise.all(heads.map(appendOurs)),
    floor: () => Promise.all(floorHeads.map(appendFloor)),
    stream,
  };
}

/** Both sides load the very same stream. */
async function loadContest(
  name: string,
  { events: total, perCommit, repetitions }: { events: number; perCommit: number; repetitions: number },
  clients: Clients,
  table: string,
): Promise<Contest> {
  const store = createEventStore(clients.ours, table);
  const next = inputs(perCommit);
  const { stream } = newHead();
  let head = { ...newHead(), stream };
  for (let written = 0; written < total; written += perCommit) {
    const { events, origin } = next();
    const result = await store.append(head, events, origin);
    if (!('head' in result)) throw new Error('An append met a conflict that nobody made.');
    head = result.head;
  }
  const complete = (count: number) => {
    if (count !== total) throw new Error(`${count} events were loaded, not ${total}.`);
  };
  return {
    name,
    unit: 'RCU',
    repetitions,
    operations: 1,
    ours: async () => complete((await store.load(stream)).events.length),
    floor: async () => complete(await floorLoad(clients.floor, table, streamKey(stream))),
    stream,
  };
}

/** Inputs made before the clock runs, handed out in turn. */
function inputs(count: number): () => { events: readonly DomainEvent[]; origin: Origin } {
  const made = Array.from({ length: 64 }, () => ({
    events: Array.from({ length: count }, eventOf),
    origin: originOf(),
  }));
  let turn = 0;
  return () => {
    const input = made[turn++ % made.length];
    if (!input) throw new Error('No input was made.');
    return input;
  };
}
