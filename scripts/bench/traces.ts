import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { administrator } from '../../local-cloud/core/access.ts';
import { createTestCloud } from '../../local-cloud/core/testing.ts';
import { createXray } from '../../local-cloud/services/xray/index.ts';
import { openTelemetry } from '../../local-cloud/telemetry/index.ts';
import { median } from './statistics.ts';

/** One request to X-Ray, ours beside a plain SELECT of the rows that it answers. Times in milliseconds. */
export interface TraceFigure {
  readonly name: string;
  readonly ours: number;
  readonly floor: number;
  /** Our time divided by the floor's; median over the rounds. */
  readonly ratio: number;
}

export interface TraceFigures {
  readonly figures: readonly TraceFigure[];
  /** From the first segment recorded until the last can be found, in milliseconds. */
  readonly loading: { readonly traces: number; readonly spans: number };
}

export interface TraceSizes {
  readonly traces: number;
  readonly spans: number;
  readonly rounds: number;
}

type Ask = (path: string, input: object) => Promise<{ text: string; answer: Answer }>;

interface Answer {
  readonly TraceSummaries: readonly { readonly Id: string; readonly Duration: number }[];
  readonly Traces: readonly { readonly Segments: readonly { readonly Document: string }[] }[];
  readonly NextToken?: string;
}

interface Contest {
  readonly name: string;
  /** Fewer than the others, where one round is hundreds of requests. */
  readonly rounds?: number;
  ours(): Promise<unknown>;
  floor(): Promise<unknown>;
}

const hex = (bytes: number): string => randomBytes(bytes).toString('hex');
const now = Math.floor(Date.now() / 1_000);
const traceId = (): string => `1-${now.toString(16)}-${hex(12)}`;

/** Records traces into a store of their own in `folder`, and asks X-Ray and plain DuckDB for them in turns. */
export async function measureTraces(
  folder: string,
  sizes: TraceSizes = { traces: 100_000, spans: 100_000, rounds: 10 },
): Promise<TraceFigures> {
  const dataDirectory = join(folder, 'traces');
  mkdirSync(dataDirectory, { recursive: true });
  const base = createTestCloud({ dataDirectory });
  const telemetry = await openTelemetry(dataDirectory, base.logger);
  const service = await createXray(createTestCloud({ dataDirectory, telemetry }));
  const plain = await DuckDBInstance.create(join(dataDirectory, 'plain.duckdb'), { threads: '2' });
  const connection = await plain.connect();
  const ask: Ask = async (path, input) => {
    const request = {
      method: 'POST',
      path,
      query: new URLSearchParams(),
      headers: {},
      region: 'us-east-1',
      caller: administrator,
    };
    const response = await service.handle?.({ ...request, body: Buffer.from(JSON.stringify(input)) });
    const text = String(response?.body ?? '{}');
    return {
      text,
      get answer() {
        return JSON.parse(text) as Answer;
      },
    };
  };
  try {
    const began = performance.now();
    for (let index = 0; index < sizes.traces; index += 1) telemetry.segment(smallTrace(index));
    await ask('/TraceSummaries', range);
    const traces = performance.now() - began;
    const large = traceId();
    const beganLarge = performance.now();
    for (const span of largeTrace(large, sizes.spans)) telemetry.segment(span);
    await ask('/TraceSummaries', range);
    const spans = performance.now() - beganLarge;
    await copySummaries(connection, ask);
    await copySpans(connection, ask, large);
    const figures: TraceFigure[] = [];
    for (const contest of contests(connection, ask, large)) {
      figures.push(await hold(contest, contest.rounds ?? sizes.rounds));
    }
    return { figures, loading: { traces, spans } };
  } finally {
    connection.closeSync();
    plain.closeSync();
    await service.stop?.();
    await telemetry.close();
  }
}

const range = { StartTime: now - 3_600 * 12, EndTime: now + 3_600 };

/** A request that took a second: a function with a step and a call to a table, of which every hundredth failed. */
function smallTrace(index: number) {
  const start = now - (index % 40_000);
  const failed = index % 100 === 0 ? { fault: true } : {};
  return {
    ...{ id: hex(8), trace_id: traceId(), name: `function-${index % 20}`, origin: 'AWS::Lambda::Function' },
    ...{ start_time: start, end_time: start + (index % 1_000) / 1_000, ...failed },
    http: {
      request: { method: 'POST', url: `https://shop.test/orders/${index}` },
      response: { status: index % 100 === 0 ? 502 : 200 },
    },
    annotations: { tenant: `tenant-${index % 500}` },
    subsegments: [
      {
        ...{ id: hex(8), name: '## work', start_time: start, end_time: start + 0.5 },
        subsegments: [
          {
            ...{ id: hex(8), name: 'DynamoDB', namespace: 'aws', start_time: start, end_time: start + 0.2 },
            aws: { operation: 'PutItem', table_name: `table-${index % 7}` },
          },
        ],
      },
    ],
  };
}

/** One segment with all steps beneath it, each sent alone and within one of a hundred others. */
function* largeTrace(trace: string, spans: number) {
  const root = { id: hex(8), trace_id: trace, name: 'import', start_time: now - 60, end_time: now };
  yield { ...root, origin: 'AWS::Lambda::Function' };
  const parents = [root.id];
  for (let index = 1; index < spans; index += 1) {
    const id = hex(8);
    if (parents.length < 100) parents.push(id);
    const start = now - 60 + (index / spans) * 59;
    yield {
      ...{ id, trace_id: trace, type: 'subsegment', parent_id: parents[index % parents.length] ?? root.id },
      ...{ name: `## row ${index}`, start_time: start, end_time: start + 0.01 },
      annotations: { row: index % 10 },
    };
  }
}

/** The summaries as rows of a plain table, in the order of the list. */
async function copySummaries(connection: DuckDBConnection, ask: Ask): Promise<void> {
  await connection.run(
    'CREATE TABLE summaries (id VARCHAR, start DOUBLE, duration DOUBLE, fault BOOLEAN, tenant VARCHAR, summary VARCHAR)',
  );
  const appender = await connection.createAppender('summaries');
  for await (const { answer } of pages(ask, range)) {
    for (const summary of answer.TraceSummaries as readonly Record<string, unknown>[]) {
      appender.appendVarchar(String(summary['Id']));
      appender.appendDouble(Number(summary['StartTime']));
      appender.appendDouble(Number(summary['Duration']));
      appender.appendBoolean(summary['HasFault'] === true);
      appender.appendVarchar(/tenant-\d+/u.exec(JSON.stringify(summary['Annotations']))?.[0] ?? '');
      appender.appendVarchar(JSON.stringify(summary));
      appender.endRow();
    }
  }
  appender.closeSync();
}

async function* pages(ask: Ask, input: object) {
  for (let token: string | undefined, first = true; first || token !== undefined; first = false) {
    const page = await ask('/TraceSummaries', token === undefined ? input : { ...input, NextToken: token });
    yield page;
    token = /"NextToken":"([^"]+)"\}$/u.exec(page.text)?.[1];
  }
}

/** The spans of the large trace beside as many of others, as plain rows. */
async function copySpans(connection: DuckDBConnection, ask: Ask, trace: string): Promise<void> {
  await connection.run(
    'CREATE TABLE spans (trace_id VARCHAR, id VARCHAR, parent_id VARCHAR, document VARCHAR)',
  );
  const appender = await connection.createAppender('spans');
  const { answer } = await ask('/Traces', { TraceIds: [trace] });
  const waiting = answer.Traces.flatMap(({ Segments }) =>
    Segments.map(({ Document }): [string, Span] => ['', JSON.parse(Document) as Span]),
  );
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const [parent, { subsegments = [], ...span }] = next;
    for (const value of [trace, span.id, parent, JSON.stringify(span)]) appender.appendVarchar(value);
    appender.endRow();
    for (const inner of subsegments) waiting.push([span.id, inner]);
  }
  appender.closeSync();
}

interface Span {
  readonly id: string;
  readonly subsegments?: readonly Span[];
}

function contests(connection: DuckDBConnection, ask: Ask, large: string): Contest[] {
  const list = (filter?: string) => () =>
    ask('/TraceSummaries', filter === undefined ? range : { ...range, FilterExpression: filter });
  const select = (query: string) => async () => {
    const result = await connection.runAndReadAll(query);
    return result.getColumns();
  };
  const newest = (where: string) =>
    select(`SELECT id, start, summary FROM summaries WHERE ${where} ORDER BY start DESC, id DESC LIMIT 500`);
  return [
    { name: 'newest page of all traces', ours: list(), floor: newest('true') },
    {
      name: 'newest page that failed, and took more than half a second',
      ours: list('fault AND duration > 0.5'),
      floor: newest('fault AND duration > 0.5'),
    },
    {
      name: 'newest page of one tenant, by annotation',
      ours: list('annotation.tenant = "tenant-7"'),
      floor: newest("tenant = 'tenant-7'"),
    },
    {
      name: 'newest page by a service and what it called',
      ours: list('service("table-3") { inferred } AND edge("function-3", "table-3") { ok }'),
      floor: newest('true'),
    },
    {
      name: 'every trace, page after page',
      rounds: 1,
      async ours() {
        for await (const _ of pages(ask, range));
      },
      floor: select('SELECT id, start, summary FROM summaries ORDER BY start DESC, id DESC'),
    },
    {
      name: 'one trace of many spans, whole',
      ours: () => ask('/Traces', { TraceIds: [large] }),
      floor: select(`SELECT id, parent_id, document FROM spans WHERE trace_id = '${large}'`),
    },
  ];
}

/** Rounds in turns, each side going first every other time; the first is a warm-up. */
async function hold({ name, ours, floor }: Omit<Contest, 'rounds'>, rounds: number): Promise<TraceFigure> {
  const times = { ours: [] as number[], floor: [] as number[] };
  const sides = { ours, floor };
  for (let round = -1; round < rounds; round += 1) {
    for (const side of round % 2 === 0 ? (['ours', 'floor'] as const) : (['floor', 'ours'] as const)) {
      const began = performance.now();
      await sides[side]();
      if (round >= 0) times[side].push(performance.now() - began);
    }
  }
  const ratios = times.ours.map((time, round) => time / (times.floor[round] ?? Number.NaN));
  return { name, ours: median(times.ours), floor: median(times.floor), ratio: median(ratios) };
}
