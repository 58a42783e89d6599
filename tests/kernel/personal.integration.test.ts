import { DynamoDBClient, PutItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { aggregate } from '#shared/definition/aggregate.ts';
import { streamKey } from '#shared/event-store/commit.ts';
import { createEventStore } from '#shared/event-store/event-store.ts';
import { loadState } from '#shared/event-store/load-state.ts';
import { cachedMilliseconds, createPersonalKeys } from '#shared/event-store/personal-keys.ts';
import { verifyOneStream } from '#shared/event-store/verify-store.ts';
import { type DomainEvent, type EventOf, event } from '#shared/messages/event.ts';
import { personal } from '#shared/messages/personal.ts';
import { text } from '#shared/messages/schema.ts';
import { execute } from '#shared/runtime/execute.ts';
import { eventStoreTable, type KernelPlatform, personalKeysTable, startKernelPlatform } from './platform.ts';
import { originOf } from './recording.ts';
import { measureUnits, type Units } from './units.ts';

let platform: KernelPlatform;
let client: DynamoDBClient;
let units: Units;

beforeAll(async () => {
  platform = await startKernelPlatform();
  client = new DynamoDBClient({});
  units = measureUnits(client);
});
afterAll(async () => {
  client.destroy();
  await platform.stop();
});

const Noted = event('Noted', { note: personal(text(500)) });
type NotedEvent = EventOf<typeof Noted> & DomainEvent;
const notes = aggregate<readonly string[], NotedEvent>('testing/notes', {
  events: [Noted],
  initial: [],
  evolve: (state, { data }) => [...state, data.note],
});

/** One function's view: its own cache of keys, by a clock that the test moves. */
function functionOf(clock = { now: Date.now() }) {
  const keys = createPersonalKeys(
    async () => client,
    () => personalKeysTable,
    () => clock.now,
  );
  const store = createEventStore(client, eventStoreTable, keys);
  return {
    clock,
    keys,
    stateOf: async (id: string) => (await loadState(store, notes, streamOf(id))).state,
    async write(id: string, who: string, note: string) {
      const actor = { type: 'user' as const, id: who };
      await execute({
        store,
        aggregate: notes,
        stream: streamOf(id),
        decide: () => [Noted({ note })],
        input: {},
        context: { actor, now: new Date().toISOString() },
        origin: originOf({ actor }),
        mustExist: false,
      });
    },
  };
}
const streamOf = (id: string) => ({ tenant: 'skafu', type: 'notes', id });

test('an append with a personal text is one write, its key one read a minute, and one write ever', async () => {
  const { write, clock } = functionOf();
  const [id, who] = [crypto.randomUUID(), crypto.randomUUID()];
  const cost = async () => {
    units.reset();
    await write(id, who, 'on it');
    return { requests: units.requests, consumed: units.consumed };
  };
  await write(id, crypto.randomUUID(), 'before');
  // Load; look for the key, make it; append.
  expect(await cost()).toEqual({ requests: 4, consumed: 1 + 1 + 1 + 1 });
  // Load; append.
  expect(await cost()).toEqual({ requests: 2, consumed: 1 + 1 });
  clock.now += cachedMilliseconds;
  // Load, and read the keys of both people once, to open what was there and seal what is new; append.
  expect(await cost()).toEqual({ requests: 4, consumed: 1 + 1 + 1 + 1 });
});

test('who was forgotten is so within a minute in functions that had read them, and the chain holds', async () => {
  const [one, other] = [functionOf(), functionOf()];
  const [id, ann, bob] = [crypto.randomUUID(), crypto.randomUUID(), crypto.randomUUID()];
  await one.write(id, ann, 'of ann');
  await one.write(id, bob, 'of bob');
  expect(await other.stateOf(id)).toEqual(['of ann', 'of bob']);
  await one.keys.forget('skafu', ann, Date.now());
  expect(await one.stateOf(id)).toEqual(['[forgotten]', 'of bob']);
  other.clock.now += cachedMilliseconds;
  expect(await other.stateOf(id)).toEqual(['[forgotten]', 'of bob']);
  const key = streamKey(streamOf(id));
  const verified = await verifyOneStream(client, eventStoreTable, key, { aggregates: [notes] });
  expect(verified).toMatchObject({ commits: 2, flaw: undefined });
});

test('a key made after somebody was forgotten stays, whenever the forgetting is delivered again', async () => {
  const { write, stateOf, keys, clock } = functionOf();
  const [id, who] = [crypto.randomUUID(), crypto.randomUUID()];
  await write(id, who, 'before');
  const forgottenAt = clock.now;
  await keys.forget('skafu', who, forgottenAt);
  clock.now += 1;
  await write(id, who, 'after');
  await keys.forget('skafu', who, forgottenAt);
  expect(await stateOf(id)).toEqual(['[forgotten]', 'after']);
});

test('of two functions that make a key at once, both use one', async () => {
  const who = crypto.randomUUID();
  const made = await Promise.all(Array.from({ length: 8 }, () => functionOf().keys.toSeal('skafu', who)));
  expect(new Set(made.map((key) => key.id)).size).toBe(1);
});

test('an altered text shows as unreadable, and verify names its commit', async () => {
  const { write, stateOf } = functionOf();
  const [id, who] = [crypto.randomUUID(), crypto.randomUUID()];
  await write(id, who, 'mine');
  const key = streamKey(streamOf(id));
  const { Items: [item] = [] } = await client.send(
    new QueryCommand({
      TableName: eventStoreTable,
      KeyConditionExpression: 's = :s',
      ExpressionAttributeValues: { ':s': { S: key } },
    }),
  );
  const body = Buffer.from(item?.['b']?.B ?? '').toString('utf8');
  const end = body.indexOf('\uE001');
  const altered = body.slice(0, end - 6) + (body.at(end - 6) === 'A' ? 'B' : 'A') + body.slice(end - 5);
  await client.send(
    new PutItemCommand({
      TableName: eventStoreTable,
      Item: { ...item, b: { B: Buffer.from(altered) } },
    }),
  );
  expect(await stateOf(id)).toEqual(['[unreadable]']);
  const { flaw } = await verifyOneStream(client, eventStoreTable, key, { aggregates: [notes] });
  expect(flaw).toMatchObject({ stream: key, commit: 1 });
});
