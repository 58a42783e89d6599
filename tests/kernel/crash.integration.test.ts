import { randomUUID } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { fold } from '#shared/definition/aggregate.ts';
import { createEventStore, type EventStore } from '#shared/event-store/event-store.ts';
import { loadState } from '#shared/event-store/load-state.ts';
import type { Envelope, StreamName } from '#shared/messages/envelope.ts';
import { createRows } from '#shared/read-models/rows.ts';
import type { HttpResult } from '#shared/runtime/http.ts';
import { counter } from '#shared/testing/counter.ts';
import { request } from '#shared/testing/requests.ts';
import { type HandlerName, invoke } from './crash-handlers.ts';
import { type Crashing, type Point, startCrashing } from './crashing.ts';
import { type ModelName, models } from './model-steps.ts';
import { foldedRows } from './model-truth.ts';
import {
  eventStoreTable,
  eventsBus,
  type KernelPlatform,
  modelTables,
  startKernelPlatform,
} from './platform.ts';
import { publishedUntil } from './published.ts';
import { at, newStream, recordCommits } from './recording.ts';
import { streamRecords } from './stream-records.ts';

/** Every point is tried, several times; without, some of each handler's, chosen anew each time. */
const isDeep = process.env['SKAFU_DEEP'] === '1';
const rounds = isDeep ? 5 : 1;
const sampled = 2;
const seed = Number(process.env['SKAFU_SEED'] ?? Date.now() % 1_000_000);

let platform: KernelPlatform;
let crashing: Crashing;
let client: DynamoDBClient;
let store: EventStore;

beforeAll(async () => {
  [platform, crashing] = await Promise.all([startKernelPlatform(), startCrashing()]);
  client = new DynamoDBClient({});
  store = createEventStore(client, eventStoreTable);
});
afterAll(async () => {
  client.destroy();
  crashing.stop();
  await platform.stop();
});
beforeEach(() => {
  // The handlers tell their metrics there, as on Lambda.
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

/** What is killed, with what it is handed, and what must be true once it was offered the same again. */
interface Trial {
  readonly event: unknown;
  readonly environment?: NodeJS.ProcessEnv;
  check(point: Point): Promise<void>;
}

/** Kills the handler at its points, each time with something new to do, and offers it the same again. */
async function killEverywhere(name: HandlerName, prepare: () => Promise<Trial>): Promise<void> {
  const whole = await prepare();
  const { calls } = await crashing.run(name, whole.event, undefined, whole.environment);
  expect(calls).toBeGreaterThan(1);
  await whole.check({ call: 0, when: 'after' });
  const points = Array.from({ length: calls }, (_, index) =>
    (['before', 'after'] as const).map((when) => ({ call: index + 1, when })),
  ).flat();
  const chosen = isDeep
    ? Array.from({ length: rounds }, () => points).flat()
    : at(
        fc.sample(fc.shuffledSubarray(points, { minLength: sampled, maxLength: sampled }), {
          seed,
          numRuns: 1,
        }),
        0,
      );
  for (const point of chosen) {
    const trial = await prepare();
    const { killed } = await crashing.run(name, trial.event, point, trial.environment);
    const where = `killed ${point.when} call ${point.call}; SKAFU_SEED=${seed} tries the same points`;
    expect(killed, where).toBe(true);
    try {
      await trial.check(point);
    } catch (error) {
      throw new Error(where, { cause: error });
    }
  }
}

describe('a command that is killed', { timeout: 900_000 }, () => {
  const headers = () => ({ 'idempotency-key': randomUUID() });
  const bodyOf = (answer: unknown) =>
    JSON.parse((answer as HttpResult).body) as { stream: string; version: number };

  /** The command is recorded once, and each retry answers so. */
  async function checkOnce(name: HandlerName, event: unknown, before: number): Promise<void> {
    const first = bodyOf(await invoke(name, event));
    expect(bodyOf(await invoke(name, event))).toEqual(first);
    const [type = '', id = ''] = first.stream.split('/');
    const { events } = await store.load({ tenant: 'skafu', type, id });
    expect(events).toHaveLength(before + 1);
    expect(first.version).toBe(before + 1);
  }

  test('begins its stream once, and its retry answers what it would have answered', async () => {
    await killEverywhere('start', async () => {
      const event = request({ body: '{"by":1}', headers: headers() });
      return { event, check: () => checkOnce('start', event, 0) };
    });
  });

  test('is recorded once, also after others, and its retry answers what it would have answered', async () => {
    await killEverywhere('add', async () => {
      const stream = newStream();
      await recordCommits(store, stream, [1, 2]);
      const event = request({
        body: '{"by":1}',
        headers: headers(),
        pathParameters: { counterId: stream.id },
      });
      return { event, check: () => checkOnce('add', event, 3) };
    });
  });
});

/** The tenant's rows that these events changed. */
async function rowsOf(
  name: ModelName,
  expected: ReadonlyMap<string, unknown>,
): Promise<Map<string, unknown>> {
  const documents = DynamoDBDocumentClient.from(client);
  const found = new Map<string, unknown>();
  for (const key of expected.keys()) {
    const [tenant = '', ...rest] = key.split('#');
    const row = await createRows(documents, modelTables[name], tenant).get(rest.join('#'));
    if (row !== undefined) found.set(key, row);
  }
  return found;
}

const busEvent = (detail: Envelope) => ({ id: randomUUID(), detail });

describe('a relay that is killed', { timeout: 900_000 }, () => {
  test('is offered its batch again, so that every event arrives, and is applied once', async () => {
    await killEverywhere('relay', async () => {
      const stream = newStream(`tenant-${randomUUID()}`);
      // More than one call of PutEvents takes: it may be killed between them.
      const events = await recordCommits(store, stream, [5, 6, 1]);
      const event = { Records: await streamRecords(client, stream, 3) };
      return {
        event,
        async check() {
          expect(await invoke('relay', event)).toEqual({ batchItemFailures: [] });
          const missing = new Set(events.map(({ id }) => id));
          const arrived = await publishedUntil<Envelope>(platform.queueOf(eventsBus), ({ detail }) => {
            missing.delete(detail.id);
            return missing.size === 0;
          });
          vi.stubEnv('READ_MODEL_TABLE', modelTables.everyStream);
          for (const { detail } of arrived) await invoke('everyStream', busEvent(detail));
          const expected = foldedRows(models.everyStream, events);
          expect(await rowsOf('everyStream', expected)).toEqual(expected);
        },
      };
    });
  });
});

describe('a projection that is killed', { timeout: 900_000 }, () => {
  test.each(['totals', 'steps', 'sums'] as const)('of %s goes on where it stood', async (name) => {
    const environment = { READ_MODEL_TABLE: modelTables[name] };
    await killEverywhere(name, async () => {
      const stream = newStream(`tenant-${randomUUID()}`);
      // The last event finds the model three behind, so it is killed in the midst of them, too.
      const events = await recordCommits(store, stream, [1, 2, 1]);
      const event = busEvent(at(events, -1));
      return {
        event,
        environment,
        async check() {
          vi.stubEnv('READ_MODEL_TABLE', environment.READ_MODEL_TABLE);
          await invoke(name, event);
          const expected = foldedRows(models[name], events);
          expect(await rowsOf(name, expected)).toEqual(expected);
        },
      };
    });
  });
});

describe('a writer of snapshots that is killed', { timeout: 900_000 }, () => {
  const stateOf = async (stream: StreamName) => (await loadState(store, counter, stream)).state;

  test('leaves a state that is right, and one snapshot after the next try', async () => {
    await killEverywhere('snapshots', async () => {
      const stream = newStream();
      const events = await recordCommits(store, stream, [2, 3]);
      const event = busEvent(at(events, -1));
      return {
        event,
        async check() {
          expect(await stateOf(stream)).toEqual(fold(counter, events));
          await invoke('snapshots', event);
          expect((await store.loadTail(stream, 'crash')).snapshot?.head.version).toBe(5);
          expect(await stateOf(stream)).toEqual(fold(counter, events));
        },
      };
    });
  });
});
