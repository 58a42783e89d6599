import { randomUUID } from 'node:crypto';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { aggregate } from '#shared/definition/aggregate.ts';
import { type Head, streamKey } from '#shared/event-store/commit.ts';
import { createEventStore } from '#shared/event-store/event-store.ts';
import { rememberFingerprints as learnFingerprints } from '#shared/event-store/fingerprints.ts';
import { loadState, snapshotState } from '#shared/event-store/load-state.ts';
import type { StreamName } from '#shared/messages/envelope.ts';
import type { DomainEvent } from '#shared/messages/event.ts';
import { type Castore, castoreOn } from './castore.ts';
import type { Database } from './database.ts';
import { inputs, newHead } from './event-store-inputs.ts';
import { type FloorHead, floorAppend, floorLoad, floorSnapshotLoad } from './floor.ts';

export const sides = ['ours', 'floor', 'castore'] as const;
export type Side = (typeof sides)[number];

/** What one side does once: the same work as the others, in streams of its own or, to load, in the same. */
type Operation = () => Promise<unknown>;

export interface Contest {
  readonly name: string;
  readonly unit: 'write' | 'read';
  /** Calls per side and round, one after the other. */
  readonly repetitions: number;
  /** How many operations one call makes. */
  readonly operations: number;
  readonly operation: Readonly<Record<Side, Operation>>;
  /** The stream of ours whose commits tell the least units, where these are what an operation keeps or reads. */
  readonly stream?: StreamName;
}

/** The database as each side sees it, through a client of its own. */
export interface Sides {
  readonly clients: Readonly<Record<Side, DynamoDBClient>>;
  readonly table: string;
  readonly castore: Castore;
}

export function sidesOf(database: Database): Sides {
  const clients = { ours: database.client(), floor: database.client(), castore: database.client() };
  return { clients, table: database.table, castore: castoreOn(clients.castore, database.castoreTable) };
}

const newFloorHead = (): FloorHead => {
  const { stream, ...end } = newHead();
  return { ...end, stream: streamKey(stream) };
};

function assertRecorded(isRecorded: boolean): void {
  if (!isRecorded) throw new Error('An append met a conflict that nobody made.');
}

/** Appends to streams of its own, one for each writer; all writers at once. */
export function appendContest(
  name: string,
  { count, writers = 1, repetitions }: { count: number; writers?: number; repetitions: number },
  { clients, table, castore }: Sides,
): Contest {
  const store = createEventStore(clients.ours, table);
  const next = { ours: inputs(count), floor: inputs(count), castore: inputs(count) };
  const heads = Array.from({ length: writers }, newHead);
  const floorHeads = Array.from({ length: writers }, newFloorHead);
  const castoreHeads = Array.from({ length: writers }, () => ({ id: randomUUID(), version: 0 }));
  const stream = heads[0]?.stream;
  return {
    name,
    unit: 'write',
    repetitions,
    operations: writers,
    operation: {
      ours: () =>
        Promise.all(
          heads.map(async (head, writer) => {
            const { events, origin } = next.ours();
            const result = await store.append(head, events, origin);
            assertRecorded('head' in result);
            if ('head' in result) heads[writer] = result.head;
          }),
        ),
      floor: () =>
        Promise.all(
          floorHeads.map(async (head) =>
            assertRecorded(await floorAppend(clients.floor, table, head, next.floor())),
          ),
        ),
      castore: () =>
        Promise.all(
          castoreHeads.map(async (head) => {
            assertRecorded(await castore.append(head.id, head.version, next.castore()));
            head.version += count;
          }),
        ),
    },
    ...(stream ? { stream } : {}),
  };
}

/** Writers who all know the same end of one new stream, each until its event is in. */
export function contentionContest(
  name: string,
  { writers, repetitions }: { writers: number; repetitions: number },
  { clients, table, castore }: Sides,
): Contest {
  const store = createEventStore(clients.ours, table);
  const next = { ours: inputs(1), floor: inputs(1), castore: inputs(1) };
  const all = (writer: () => Promise<void>) => Promise.all(Array.from({ length: writers }, writer));
  return {
    name,
    unit: 'write',
    repetitions,
    operations: writers,
    operation: {
      ours: () => {
        const start = newHead();
        return all(async () => {
          const { events, origin } = next.ours();
          let result = await store.append(start, events, origin);
          while ('conflict' in result) result = await store.append(result.conflict.head, events, origin);
        });
      },
      floor: () => {
        const start = newFloorHead();
        return all(async () => {
          const head = { ...start };
          const input = next.floor();
          while (!(await floorAppend(clients.floor, table, head, input)));
        });
      },
      castore: () => {
        const id = randomUUID();
        return all(async () => {
          const input = next.castore();
          let version = 0;
          while (!(await castore.append(id, version, input))) version = await castore.version(id);
        });
      },
    },
  };
}

/** A stream of ours, and one of Castore's with as many of the same kind of events. */
export interface Filled {
  readonly head: Head;
  readonly castoreId: string;
}

export async function fill(
  events: number,
  perCommit: number,
  { clients, table, castore }: Sides,
): Promise<Filled> {
  const store = createEventStore(clients.ours, table);
  const next = inputs(perCommit);
  let head = newHead();
  for (let written = 0; written < events; written += perCommit) {
    const input = next();
    const result = await store.append(head, input.events, input.origin);
    if (!('head' in result)) throw new Error('An append met a conflict that nobody made.');
    head = result.head;
  }
  const castoreId = randomUUID();
  const one = inputs(1);
  // A condition sees only the item it writes, so Castore takes its events in any order, and sooner.
  for (let written = 0; written < events; written += 50) {
    const versions = Array.from({ length: Math.min(50, events - written) }, (_, index) => written + index);
    const recorded = await Promise.all(versions.map((version) => castore.append(castoreId, version, one())));
    recorded.forEach(assertRecorded);
  }
  return { head, castoreId };
}

function complete(count: number, expected: number): void {
  if (count !== expected) throw new Error(`${count} events were loaded, not ${expected}.`);
}

/** Everybody loads all events; ours and the floor the very same stream. */
export async function loadContest(
  name: string,
  { events, perCommit, repetitions }: { events: number; perCommit: number; repetitions: number },
  of: Sides,
): Promise<Contest> {
  const { clients, table, castore } = of;
  const store = createEventStore(clients.ours, table);
  const { head, castoreId } = await fill(events, perCommit, of);
  return {
    name,
    unit: 'read',
    repetitions,
    operations: 1,
    operation: {
      ours: async () => complete((await store.load(head.stream)).events.length, events),
      floor: async () => {
        const bodies = await floorLoad(clients.floor, table, streamKey(head.stream));
        complete(
          bodies.reduce((sum, { e }) => sum + e.length, 0),
          events,
        );
      },
      castore: async () => complete((await castore.load(castoreId)).length, events),
    },
    stream: head.stream,
  };
}

/** A state that is folded from events: how many there were. */
export const counted = aggregate<{ count: number }, DomainEvent>('observability/alert-rule', {
  events: [],
  initial: { count: 0 },
  evolve: ({ count }) => ({ count: count + 1 }),
});

/** Makes known which code folds the state, as the build does: else there are no snapshots. */
export function learnCounted(): void {
  learnFingerprints({ [`${counted.domain}/${counted.type}`]: 'bench' });
}

/** Everybody comes to the state of the stream; there is a snapshot, and a few commits since. */
export async function snapshotContest(
  name: string,
  { events, since, repetitions }: { events: number; since: number; repetitions: number },
  of: Sides,
): Promise<Contest> {
  const { clients, table, castore } = of;
  learnCounted();
  const store = createEventStore(clients.ours, table);
  const filled = await fill(events - since, 5, of);
  let { head } = filled;
  await snapshotState(store, counted, head.stream);
  const next = inputs(5);
  for (let version = events - since; version < events; version += 5) {
    const input = next();
    const result = await store.append(head, input.events, input.origin);
    if (!('head' in result)) throw new Error('An append met a conflict that nobody made.');
    head = result.head;
    for (const [index, event] of input.events.entries())
      assertRecorded(await castore.append(filled.castoreId, version + index, { ...input, events: [event] }));
  }
  return {
    name,
    unit: 'read',
    repetitions,
    operations: 1,
    operation: {
      ours: async () => complete((await loadState(store, counted, head.stream)).state.count, events),
      floor: async () =>
        complete(await floorSnapshotLoad(clients.floor, table, streamKey(head.stream)), since),
      castore: async () => complete(await castore.version(filled.castoreId), events),
    },
  };
}
