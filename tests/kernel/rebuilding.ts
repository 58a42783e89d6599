import { randomUUID } from 'node:crypto';
import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import {
  isRunning,
  RebuildPlanned,
  RebuildStarted,
  type RebuildStatus,
  RebuildTableEmptied,
  rebuild,
} from '#domains/events/rebuild/rebuild.ts';
import { workAtRebuild } from '#domains/events/rebuild/work.ts';
import { fold } from '#shared/definition/aggregate.ts';
import type { Definitions } from '#shared/definition/definitions.ts';
import { reactor } from '#shared/definition/reactor.ts';
import { readModel } from '#shared/definition/read-model.ts';
import type { Envelope, StreamName } from '#shared/messages/envelope.ts';
import type { DomainEvent } from '#shared/messages/event.ts';
import { isControl, tablesOf } from '#shared/read-models/rebuild/generations.ts';
import { documents, dynamodb, eventStore } from '#shared/runtime/clients.ts';
import { serveReactor } from '#shared/runtime/serve-reactor.ts';
import { counter } from '#shared/testing/counter.ts';
import { sums } from './models.ts';
import { readModelTables, rebuiltTables } from './platform.ts';
import { at, record } from './recording.ts';

/** The two tables of the model that is rebuilt. */
export const [first, second] = tablesOf(rebuiltTables[2]);
/** Fails at whatever it is told. */
const broken = readModel({
  follows: counter,
  listed: () => ({ list: 'all', order: '' }),
  project: {
    Counted: () => {
      throw new TypeError(`It cannot count. ${'x'.repeat(3_000)}`);
    },
  },
});
export const definitions: Definitions = {
  aggregates: [],
  projections: { 'testing/sums': sums, 'testing/broken': broken, 'testing/alone': sums },
};
export const models = [
  { name: 'testing/sums', follows: ['counter', 'timer'], table: first },
  { name: 'testing/broken', follows: ['counter'], table: first },
  // It has no second table, which DynamoDB refuses to tell of.
  { name: 'testing/alone', follows: ['counter'], table: readModelTables[0] },
  { name: 'testing/without-code', follows: ['counter'], table: first },
];

/** Every row and position of a table, whatever the bookkeeping beside it, and however often a row was written. */
export async function contentOf(table: string): Promise<Record<string, unknown>> {
  const { Items: items = [] } = await (await documents()).send(
    new ScanCommand({ TableName: table, ConsistentRead: true }),
  );
  return Object.fromEntries(
    items.filter(({ k }) => !isControl(String(k))).map(({ k, w: _, ...content }) => [String(k), content]),
  );
}

export const streamOf = (id: string): StreamName => ({ tenant: 'skafu', type: rebuild.type, id });
export const historyOf = async (id: string) => (await (await eventStore()).load(streamOf(id))).events;
export const typesOf = async (id: string) => (await historyOf(id)).map(({ type }) => type);
export const stateOf = async (id: string) => fold(rebuild, (await historyOf(id)) as never);

const estimate = {
  items: 1,
  bytes: 1,
  rows: 1,
  readUnits: 1,
  writeUnits: 1,
  dollars: 0,
  seconds: 1,
  segments: 2,
};

/** A rebuild at one of its steps. */
export async function rebuildAt(
  step: 'planning' | 'emptying' | 'copying',
  model = 'testing/sums',
): Promise<string> {
  const id = randomUUID();
  const steps: DomainEvent[] = [RebuildStarted({ model }), RebuildPlanned(estimate), RebuildTableEmptied({})];
  const count = ['planning', 'emptying', 'copying'].indexOf(step) + 1;
  for (const event of steps.slice(0, count)) await record(await eventStore(), streamOf(id), [event]);
  return id;
}

export type Pause = (milliseconds: number) => Promise<void>;
const atOnce: Pause = async () => undefined;

/** Hands the newest notification to the function, or one that comes so late that others have gone on meanwhile. */
export async function notify(id: string, { pause = atOnce, late }: { pause?: Pause; late?: Envelope } = {}) {
  const detail = late ?? at(await historyOf(id), -1);
  const worker = reactor({
    follows: rebuild,
    react: async ({ version, event }, context) => {
      if (event.version === version || late) await workAtRebuild(id, event.version, event.id, context, pause);
    },
  });
  await serveReactor(worker, eventStore, undefined, definitions)({ id: detail.id, detail });
}

/** Notifies of each event as it is recorded, until the rebuild is over. */
export async function run(id: string, pause?: Pause): Promise<RebuildStatus> {
  for (let steps = 0; steps < 20 && isRunning(await stateOf(id)); steps++)
    await notify(id, pause ? { pause } : {});
  return (await stateOf(id)).status;
}

/** Does the work until so many requests were sent; from then on none is answered, as in a process that is gone. */
export async function untilDead(requests: number, work: () => Promise<unknown>): Promise<void> {
  const client = await dynamodb();
  let sent = 0;
  let die = () => {};
  const dead = new Promise<void>((resolve) => {
    die = resolve;
  });
  client.middlewareStack.add(
    (next) => (args) => {
      if (++sent <= requests) return next(args);
      die();
      return new Promise<never>(() => {});
    },
    { step: 'initialize', name: 'death' },
  );
  try {
    await Promise.race([work(), dead]);
  } finally {
    client.middlewareStack.remove('death');
  }
}
