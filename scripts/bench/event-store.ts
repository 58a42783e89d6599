import { streamKey } from '#shared/event-store/commit.ts';
import { countUnits, leastUnits } from './capacity.ts';
import type { Database } from './database.ts';
import {
  appendContest,
  type Contest,
  contentionContest,
  loadContest,
  type Side,
  type Sides,
  sides,
  sidesOf,
  snapshotContest,
} from './event-store-contests.ts';
import { median } from './statistics.ts';

/** One operation, ours beside the floor and Castore. */
export interface StoreFigure {
  readonly name: string;
  /** Milliseconds for one operation. */
  readonly times: Readonly<Record<Side, number>>;
  /** Our rate divided by the others'; median over the rounds. */
  readonly ratios: Readonly<Record<Exclude<Side, 'ours'>, number>>;
  readonly unit: 'WCU' | 'RCU';
  /** Capacity units that one operation costs by AWS's rules. */
  readonly units: Readonly<Record<Side, number>>;
  /** The least that the bytes which must be kept can cost, where that says something. */
  readonly leastUnits?: number;
}

type BySide<Value> = Record<Side, Value>;
const bySide = <Value>(make: (side: Side) => Value) =>
  Object.fromEntries(sides.map((side) => [side, make(side)])) as BySide<Value>;

/** What is measured; a contest is made ready only when it is its turn. */
const contests: readonly ((of: Sides) => Contest | Promise<Contest>)[] = [
  (of) => appendContest('append 1 event', { count: 1, repetitions: 60 }, of),
  (of) => appendContest('append 5 events', { count: 5, repetitions: 40 }, of),
  (of) => appendContest('append 50 events', { count: 50, repetitions: 15 }, of),
  (of) =>
    appendContest('append 1 event, 16 writers on 16 streams', { count: 1, writers: 16, repetitions: 10 }, of),
  (of) => contentionContest('append 1 event, 16 writers on one stream', { writers: 16, repetitions: 4 }, of),
  (of) => loadContest('load 100 events, by 1', { events: 100, perCommit: 1, repetitions: 10 }, of),
  (of) => loadContest('load 100 events, by 5', { events: 100, perCommit: 5, repetitions: 20 }, of),
  (of) => loadContest('load 1,000 events, by 1', { events: 1000, perCommit: 1, repetitions: 6 }, of),
  (of) => loadContest('load 1,000 events, by 5', { events: 1000, perCommit: 5, repetitions: 8 }, of),
  (of) => loadContest('load 10,000 events, by 5', { events: 10_000, perCommit: 5, repetitions: 3 }, of),
  (of) => snapshotContest('state of 100 events, snapshot', { events: 100, since: 25, repetitions: 10 }, of),
  (of) => snapshotContest('state of 1,000 events, snapshot', { events: 1000, since: 25, repetitions: 6 }, of),
  (of) =>
    snapshotContest('state of 10,000 events, snapshot', { events: 10_000, since: 25, repetitions: 3 }, of),
];

/** Compares our event store with the floor and with Castore on the same database, in turns. */
export async function measureEventStore(database: Database, rounds: number): Promise<StoreFigure[]> {
  const of = sidesOf(database);
  try {
    const figures: StoreFigure[] = [];
    for (const prepare of contests) figures.push(await hold(await prepare(of), rounds, of));
    return figures;
  } finally {
    for (const client of Object.values(of.clients)) client.destroy();
  }
}

/** Who works when: each side after each other as often, for what one leaves to be collected costs the next. */
const turns: readonly (readonly Side[])[] = [
  ['ours', 'floor', 'castore'],
  ['floor', 'ours', 'castore'],
  ['ours', 'castore', 'floor'],
  ['floor', 'castore', 'ours'],
  ['castore', 'ours', 'floor'],
  ['castore', 'floor', 'ours'],
];

/**
 * Rounds of operations in turns, each side going first as often as the others. A round's time is the median of its
 * operations, for a pause of the machine is nobody's doing. The first fifth of the rounds warms up.
 */
async function hold(contest: Contest, rounds: number, of: Sides): Promise<StoreFigure> {
  const medians: BySide<number>[] = [];
  const warmUp = Math.ceil(rounds / 5);
  for (let round = -warmUp; round < rounds; round++) {
    const times = bySide(() => [] as number[]);
    for (let repetition = 0; repetition < contest.repetitions; repetition++) {
      for (const side of turns[(round + warmUp + repetition) % turns.length] ?? sides)
        times[side].push((await time(contest.operation[side])) / contest.operations);
    }
    if (round >= 0) medians.push(bySide((side) => median(times[side])));
  }
  const ratioTo = (side: Side) => median(medians.map((times) => times[side] / times.ours));
  const units = bySide(() => 0);
  for (const side of sides)
    units[side] =
      (await countUnits(of.clients[side], contest.operation[side]))[contest.unit] / contest.operations;
  return {
    name: contest.name,
    times: bySide((side) => median(medians.map((times) => times[side]))),
    ratios: { floor: ratioTo('floor'), castore: ratioTo('castore') },
    unit: contest.unit === 'write' ? 'WCU' : 'RCU',
    units,
    ...(contest.stream
      ? { leastUnits: (await leastUnits(of.clients.ours, of.table, streamKey(contest.stream)))[contest.unit] }
      : {}),
  };
}

async function time(operation: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await operation();
  return performance.now() - started;
}
