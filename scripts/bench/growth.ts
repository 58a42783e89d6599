import { randomUUID } from 'node:crypto';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Decision } from '#shared/definition/aggregate.ts';
import { encodeCommit, type Head } from '#shared/event-store/commit.ts';
import { createEventStore, type EventStore } from '#shared/event-store/event-store.ts';
import { snapshotState } from '#shared/event-store/load-state.ts';
import type { DomainEvent } from '#shared/messages/event.ts';
import { execute } from '#shared/runtime/execute.ts';
import { countUnits, type Units } from './capacity.ts';
import type { Database } from './database.ts';
import { counted, learnCounted } from './event-store-contests.ts';
import { inputs, newHead, originOf } from './event-store-inputs.ts';
import { fillQuickly } from './fill.ts';
import { alignedTable, type Line, numberText } from './lines.ts';
import { median } from './statistics.ts';

/** What one command costs on a stream of so many events, one in each commit. */
export interface GrowthFigure {
  readonly events: number;
  /** Milliseconds. */
  readonly time: number;
  /** Time beside that on the shortest stream; median over the rounds. */
  readonly ratio: number;
  readonly units: Units;
}

/** Commands in each round; with the warming up and the counting fewer than one interval of snapshots. */
const perRound = 3;

/** Lets the same command act on streams of each length, in turns. */
export async function measureGrowth(
  database: Database,
  lengths: readonly number[],
  rounds: number,
): Promise<GrowthFigure[]> {
  learnCounted();
  const client = database.client();
  try {
    const store = createEventStore(client, database.table);
    const streams: { events: number; act: () => Promise<unknown> }[] = [];
    for (const events of lengths) {
      const head = await fillStream(client, database.table, events);
      await snapshotState(store, counted, head.stream);
      streams.push({ events, act: () => command(store, head) });
    }
    const medians: number[][] = [];
    for (let round = 0; round < rounds; round++) {
      const times = streams.map(() => [] as number[]);
      for (let repetition = 0; repetition < perRound; repetition++) {
        for (const place of streams.keys()) {
          const turn = (place + round + repetition) % streams.length;
          const started = performance.now();
          await streams[turn]?.act();
          times[turn]?.push(performance.now() - started);
        }
      }
      medians.push(times.map(median));
    }
    const figures: GrowthFigure[] = [];
    for (const [place, { events, act }] of streams.entries()) {
      figures.push({
        events,
        time: median(medians.map((times) => times[place] ?? Number.NaN)),
        ratio: median(medians.map((times) => (times[place] ?? Number.NaN) / (times[0] ?? Number.NaN))),
        units: await countUnits(client, act),
      });
    }
    return figures;
  } finally {
    client.destroy();
  }
}

const record: Decision<{ count: number }, DomainEvent> = (_, event) => [event];
const nextInput = inputs(1);

/** A command from request to record: loads the state, decides, appends one event. */
function command(store: EventStore, { stream }: Head): Promise<Head> {
  const {
    events: [event = { type: 'Nothing', data: {} }],
  } = nextInput();
  const origin = { ...originOf(), commandId: randomUUID() };
  return execute({
    store,
    aggregate: counted,
    stream,
    decide: record,
    input: event,
    context: { actor: origin.actor, now: new Date(origin.time).toISOString() },
    origin,
    mustExist: true,
  });
}

/** A stream of so many commits of one event. */
async function fillStream(client: DynamoDBClient, table: string, events: number): Promise<Head> {
  let head = newHead();
  function* commits() {
    for (let count = 0; count < events; count++) {
      const input = nextInput();
      const origin = { ...input.origin, commandId: randomUUID() };
      const { item, next } = encodeCommit(head, input.events, origin, () => 1);
      head = next;
      yield item;
    }
  }
  await fillQuickly(client, table, commits());
  return head;
}

export function growthLinesOf(figures: readonly GrowthFigure[]): Line[] {
  const [shortest] = figures;
  return figures.flatMap(({ events, time, ratio, units }): Line[] => {
    const what = `command on ${events.toLocaleString('en')} events`;
    const part = 'growth';
    return [
      {
        part,
        what: `${what}: time, beside the shortest`,
        measured: ratio,
        unit: '×',
        bar: { must: 'be at most', value: 1.2 },
        detail: `${numberText(time)} ms`,
      },
      {
        part,
        what: `${what}: units`,
        measured: units.read + units.write,
        unit: 'RCU + WCU',
        bar: { must: 'be at most', value: (shortest?.units.read ?? 0) + (shortest?.units.write ?? 0) },
        detail: `${units.read} RCU and ${units.write} WCU, ${units.requests} requests`,
      },
    ];
  });
}

export function growthTableOf(figures: readonly GrowthFigure[]): string {
  return alignedTable(
    ['events in the stream', 'time, beside the shortest', 'requests', 'RCU', 'WCU'],
    figures.map(({ events, ratio, units }) => [
      events.toLocaleString('en'),
      `${ratio.toFixed(2)} ×`,
      `${units.requests}`,
      `${units.read}`,
      `${units.write}`,
    ]),
  );
}
