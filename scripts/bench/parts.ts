import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { weigh } from '../../frontend/budget.ts';
import { signedInApi } from './api.ts';
import { type ColdStart, measureColdStarts } from './cold-start.ts';
import { startDatabase } from './database.ts';
import { writeSection } from './docs.ts';
import type { Endings } from './endings.ts';
import { measureEventStore } from './event-store.ts';
import { measureMemory, memoryLinesOf, memoryTableOf } from './event-store-memory.ts';
import { storeLinesOf, storeTableOf } from './event-store-report.ts';
import { growthLinesOf, growthTableOf, measureGrowth } from './growth.ts';
import { measureLatencies } from './latency.ts';
import { alignedTable, type Line, numberText } from './lines.ts';
import { measureLocalCloud } from './local-cloud/measure.ts';
import { localCloudLinesOf, localCloudTableOf } from './local-cloud/report.ts';
import { measureLogsInsights } from './logs-insights.ts';
import { type Platform, startPlatform } from './platform.ts';
import { measureRebuild } from './rebuild.ts';
import { measureRebuildGrowth, rebuildGrowthLinesOf, rebuildGrowthTableOf } from './rebuild-growth.ts';
import { median, percentile } from './statistics.ts';

/** What a part of the bench works with. */
export interface Bench {
  /** The repository, built. */
  readonly root: string;
  /** A temporary folder; a part works in one of its own below it. */
  readonly work: string;
  readonly endings: Endings;
}

export interface Result {
  readonly lines: readonly Line[];
  /** More than the table says, for those who ask. */
  readonly more?: string;
}

const milliseconds = 'ms';
const atMost = (value: number) => ({ must: 'be at most', value }) as const;
const atLeast = (value: number) => ({ must: 'be at least', value }) as const;

/** Waits for what is starting. Whoever ends everything meanwhile waits too, for half started it could not be stopped. */
function held<Started extends { stop(): Promise<void> }>(
  starting: Promise<Started>,
  endings: Endings,
): Promise<Started> {
  // A start that failed has cleaned up after itself and is told by whoever awaits it.
  endings.add(async () => (await starting.catch(() => undefined))?.stop());
  return starting;
}

/** Our event store beside the least that the SDK could do for the same bytes, and beside Castore; written to the docs. */
export async function eventStorePart({ root, work, endings }: Bench): Promise<Result> {
  mkdirSync(work);
  const database = await held(startDatabase(work), endings);
  const figures = await measureEventStore(database, 10);
  writeSection(root, 'event store', storeTableOf(figures));
  return { lines: storeLinesOf(figures) };
}

/** The memory that a loaded stream takes, and what a command costs as its stream grows; written to the docs. */
export async function growthPart({ root, work, endings }: Bench): Promise<Result> {
  mkdirSync(work);
  const database = await held(startDatabase(work), endings);
  const memory = await measureMemory(database, 10_000);
  const growth = await measureGrowth(database, [100, 10_000, 100_000], 15);
  writeSection(root, 'memory', memoryTableOf(memory));
  writeSection(root, 'growth', growthTableOf(growth));
  return { lines: [...memoryLinesOf(memory), ...growthLinesOf(growth)] };
}

/** A rebuild of a read model beside the least that the SDK could do for the same rows. */
export async function rebuildPart({ work, endings }: Bench): Promise<Result> {
  mkdirSync(work);
  const database = await held(startDatabase(work), endings);
  const { events, rows, ours, floor, ratio, heap } = await measureRebuild(database, 1_000, 7);
  const part = 'rebuild';
  return {
    lines: [
      {
        part,
        what: 'events a second, ours / floor',
        measured: ratio,
        unit: '',
        bar: atLeast(0.9),
        detail: `${numberText(ours)} of ${numberText(floor)} a second; ${events} events, ${rows} rows`,
      },
      { part, what: 'heap, at most', measured: heap / 1e6, unit: 'MB' },
    ],
  };
}

/** What a rebuild holds in memory as the store grows to a million events; written to the docs. */
export async function rebuildGrowthPart({ root, work, endings }: Bench): Promise<Result> {
  mkdirSync(work);
  const database = await held(startDatabase(work), endings);
  const figures = await measureRebuildGrowth(database, [100_000, 1_000_000]);
  writeSection(root, 'rebuild growth', rebuildGrowthTableOf(figures));
  return { lines: rebuildGrowthLinesOf(figures) };
}

/** Queries of Logs Insights over a million lines, beside SQL by hand that gives the same rows and the same counts. */
export async function logsInsightsPart({ work }: Bench): Promise<Result> {
  const { figures } = await measureLogsInsights(work, 5);
  return {
    lines: figures.map(({ name, ratio, rowsRatio, complete, rawWithCounts }) => ({
      part: 'Logs Insights',
      what: `${name}: rate, ours / by hand`,
      measured: ratio,
      unit: '',
      bar: atLeast(0.8),
      detail: `${numberText(complete)} ms beside ${numberText(rawWithCounts)} ms; the rows alone ${numberText(rowsRatio)} ×`,
    })),
  };
}

/** The local cloud from outside, each figure beside the least that it could be; written to the docs. */
export async function localCloudPart({ root, work, endings }: Bench): Promise<Result> {
  const figures = await measureLocalCloud(work, endings, {
    starts: 5,
    calls: 500,
    events: 10_000,
    executions: 1_000,
    rounds: 3,
  });
  writeSection(root, 'local cloud', localCloudTableOf(figures));
  return { lines: localCloudLinesOf(figures) };
}

/** Commands, queries, and how soon a query shows what a command did; then how soon the platform starts again. */
export async function platformPart({ root, work, endings }: Bench): Promise<Result> {
  const start = (): Promise<Platform> => held(startPlatform(root, work), endings);
  const first = await start();
  const api = await signedInApi(first.outputs);
  const { commands, commandsAtRest, queries, visible } = await measureLatencies(api, 300, 100);
  await first.stop();

  const starts: Platform[] = [];
  for (let time = 0; time < 3; time++) {
    const again = await start();
    starts.push(again);
    await again.stop();
  }
  const seconds = starts.map((again) => again.seconds);
  const latency = (what: string, values: readonly number[], bar: number): Line[] => [
    { part: 'API', what: `${what}: p50`, measured: percentile(values, 50), unit: milliseconds },
    {
      part: 'API',
      what: `${what}: p95`,
      measured: percentile(values, 95),
      unit: milliseconds,
      bar: atMost(bar),
      detail: `${values.length} times, slowest ${numberText(Math.max(...values))} ms`,
    },
  ];
  return {
    lines: [
      ...latency('command, warm, without a pause', commands, 100),
      ...latency('command, warm, platform at rest', commandsAtRest, 100),
      ...latency('query of a read model, warm', queries, 50),
      ...latency('command sent → seen in the list', visible, 300),
      {
        part: 'npm start',
        what: 'built, unchanged, with data: to ready',
        measured: median(seconds),
        unit: 's',
        bar: atMost(10),
        detail: `of ${seconds.map(numberText).join(', ')} s; the very first ${numberText(first.seconds)} s`,
      },
    ],
    more: `Stages of npm start:\n\n${starts[0]?.stages.map((stage) => `    ${stage}`).join('\n')}`,
  };
}

/** Every function's start in a fresh process, beside a handler that imports only client-dynamodb. */
export async function coldStartPart({ root, work }: Bench): Promise<Result> {
  mkdirSync(work);
  const { floor, functions, tracer } = await measureColdStarts(root, work, 9);
  const slowestFirst = [...functions].sort((left, right) => right.loadRatio - left.loadRatio);
  const [worst] = slowestFirst;
  const part = 'cold start';
  const against = (one: ColdStart) =>
    `${numberText(one.load)} ms to import, ${numberText(one.process)} ms from the process's start (${numberText(one.processRatio)} ×)`;
  return {
    lines: [
      {
        part,
        what: 'worst function / floor',
        measured: worst?.loadRatio ?? Number.NaN,
        unit: '×',
        bar: atMost(1.5),
        detail: worst ? `${worst.name}: ${against(worst)}` : '',
      },
      {
        part,
        what: `median of ${functions.length} functions / floor`,
        measured: median(functions.map(({ loadRatio }) => loadRatio)),
        unit: '×',
        bar: atMost(1.5),
        detail: `floor: ${numberText(floor.load)} ms to import, ${numberText(floor.process)} ms from the process's start`,
      },
      {
        part,
        what: 'floor with the tracer loaded / floor',
        measured: tracer.loadRatio,
        unit: '×',
        detail: `${against(tracer)}; functions load it at their first request`,
      },
    ],
    more: `Cold starts:\n\n${alignedTable(
      ['function', 'kB', 'import ms', '× floor', 'process ms', '× floor'],
      slowestFirst.map((one) => [
        one.name,
        numberText(one.bytes / 1000),
        numberText(one.load),
        one.loadRatio.toFixed(2),
        numberText(one.process),
        one.processRatio.toFixed(2),
      ]),
    )}`,
  };
}

/** What a browser loads of the console. */
export async function consolePart({ root }: Bench): Promise<Result> {
  return {
    lines: weigh(join(root, 'frontend/dist')).map(({ name, size, most }) => ({
      part: 'console JavaScript',
      what: name,
      measured: size,
      unit: 'kB brotli',
      bar: atMost(most),
    })),
  };
}
