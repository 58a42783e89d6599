import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Logger } from '../core/logger.ts';
import { openTelemetry, type SeriesQuery, type TelemetryStore } from './index.ts';

const warnings: string[] = [];
const logger: Logger = {
  info: () => undefined,
  warn: (message) => void warnings.push(message),
  error: (message) => void warnings.push(message),
};

let directory = '';
let store: TelemetryStore | undefined;

async function open(): Promise<TelemetryStore> {
  store = await openTelemetry(directory, logger);
  return store;
}

const minute = Math.floor(Date.now() / 60_000) * 60_000;

function point(value: number, dimensions: Record<string, string> = {}, time = minute) {
  return { namespace: 'Test', name: 'Latency', dimensions, unit: 'Milliseconds', value, time };
}

function query(overrides: Partial<SeriesQuery> = {}): SeriesQuery {
  return {
    namespace: 'Test',
    name: 'Latency',
    dimensions: {},
    from: minute - 600_000,
    to: minute + 60_000,
    period: 60_000,
    ...overrides,
  };
}

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'telemetry-'));
  warnings.length = 0;
});

afterEach(async () => {
  await store?.close();
  store = undefined;
  rmSync(directory, { recursive: true, force: true });
});

describe('the telemetry store', () => {
  it('reads what was recorded just before, aggregated exactly', async () => {
    const telemetry = await open();
    for (let value = 1; value <= 1_500; value += 1) telemetry.metric(point(value / 10));
    const [statistics] = await telemetry.statistics(query());
    expect(statistics).toMatchObject({ time: minute, count: 1_500, minimum: 0.1, maximum: 150 });
    expect(statistics?.sum).toBeCloseTo(112_575, 9);
  });

  it('answers for equal values that came together as if each had come alone', async () => {
    const telemetry = await open();
    for (const value of [3, 3, 3, 8]) telemetry.metric(point(value));
    telemetry.metric({ ...point(3), time: minute - 60_000 });
    telemetry.metric({ ...point(3), unit: 'Seconds' });
    expect(await telemetry.statistics(query({ unit: 'Milliseconds' }))).toMatchObject([
      { time: minute - 60_000, count: 1, sum: 3 },
      { time: minute, count: 4, sum: 17, minimum: 3, maximum: 8 },
    ]);
    expect((await telemetry.percentile(query({ unit: 'Milliseconds' }), 0.5)).at(-1)?.value).toBe(3);
  });

  it('never mixes dimension sets, and does not care about their order', async () => {
    const telemetry = await open();
    telemetry.metric(point(1));
    telemetry.metric(point(2, { a: '1' }));
    telemetry.metric(point(4, { a: '1', b: '2' }));
    telemetry.metric(point(8, { b: '2', a: '1' }));
    const sums = await Promise.all(
      [{}, { a: '1' }, { b: '2', a: '1' }, { b: '2' }].map((dimensions) =>
        telemetry.statistics(query({ dimensions })),
      ),
    );
    expect(sums.map((periods) => periods[0]?.sum)).toEqual([1, 2, 12, undefined]);
  });

  it('interpolates percentiles between neighbours and counts weighted values', async () => {
    const telemetry = await open();
    for (const value of [10, 20, 30, 40]) telemetry.metric(point(value));
    telemetry.sample({
      ...point(0),
      dimensions: { weighted: 'yes' },
      count: 9,
      sum: 9,
      minimum: 1,
      maximum: 1,
    });
    telemetry.metric(point(5, { weighted: 'yes' }));
    expect(await telemetry.percentile(query(), 0.5)).toEqual([{ time: minute, value: 25 }]);
    expect(await telemetry.percentile(query(), 1)).toEqual([{ time: minute, value: 40 }]);
    expect(await telemetry.percentile(query(), 0)).toEqual([{ time: minute, value: 10 }]);
    const weighted = query({ dimensions: { weighted: 'yes' } });
    expect((await telemetry.percentile(weighted, 0.5))[0]?.value).toBe(1);
    expect((await telemetry.percentile(weighted, 0.99))[0]?.value).toBeCloseTo(4.64, 9);
  });

  it('tells no percentile of a statistic set', async () => {
    const telemetry = await open();
    telemetry.sample({ ...point(0), count: 3, sum: 6, minimum: 1, maximum: 3 });
    expect(await telemetry.percentile(query(), 0.5)).toEqual([]);
  });

  it('counts periods from the start of the query', async () => {
    const telemetry = await open();
    telemetry.metric(point(1, {}, minute - 120_000));
    telemetry.metric(point(2, {}, minute - 60_000));
    const periods = await telemetry.statistics(query({ from: minute - 180_000, period: 120_000 }));
    expect(periods.map(({ time, sum }) => [time - minute, sum])).toEqual([
      [-180_000, 1],
      [-60_000, 2],
    ]);
  });

  it('pages through log lines in both directions', async () => {
    const telemetry = await open();
    for (let n = 1; n <= 5; n += 1) {
      telemetry.logLine({ group: 'g', stream: `s${n % 2}`, time: minute, message: `line ${n}` });
    }
    const first = await telemetry.logEvents({ group: 'g', limit: 2 });
    const second = await telemetry.logEvents({ group: 'g', limit: 2, after: first[1] });
    const last = await telemetry.logEvents({ group: 'g', limit: 1, backward: true });
    const odd = await telemetry.logEvents({ group: 'g', streams: ['s1'], lacks: ['3'], limit: 9 });
    expect([...first, ...second, ...last].map(({ message }) => message)).toEqual(
      [1, 2, 3, 4, 5].map((n) => `line ${n}`),
    );
    expect(odd.map(({ message }) => message)).toEqual(['line 1', 'line 5']);
  });

  it('finds everything again after it was closed', async () => {
    let telemetry = await open();
    telemetry.metric(point(3));
    telemetry.segment({ id: 'a', trace_id: '1-a-b', name: 'first', start_time: minute / 1_000 });
    await telemetry.close();
    telemetry = await open();
    expect((await telemetry.statistics(query()))[0]?.sum).toBe(3);
    const [span] = await telemetry.traces.spans('1-a-b');
    expect(JSON.parse(span?.document ?? '')).toEqual({
      ...{ id: 'a', trace_id: '1-a-b', name: 'first', start_time: minute / 1_000 },
    });
  });

  it('brings log lines up to date that were written before lines told their documents', async () => {
    const instance = await DuckDBInstance.create(join(directory, 'telemetry.duckdb'));
    const connection = await instance.connect();
    await connection.run(`CREATE TABLE log_lines (
      group_name VARCHAR, stream VARCHAR, time BIGINT, ingestion_time BIGINT, sequence BIGINT, message VARCHAR)`);
    await connection.run(
      `INSERT INTO log_lines VALUES ('g', 's', ${minute}, 0, 1, '{"a":1}'), ('g', 's', ${minute}, 0, 2, '{no')`,
    );
    connection.closeSync();
    instance.closeSync();
    const telemetry = await open();
    telemetry.logLine({ group: 'g', stream: 's', time: minute, message: 'x {"a":2}' });
    const reader = await telemetry.logReader();
    const lines = 'SELECT size::DOUBLE, is_document, fragment FROM log_lines ORDER BY sequence';
    expect(await reader.read(lines, {})).toEqual([
      [7, true, null],
      [3, false, null],
      [9, false, '{"a":2}'],
    ]);
    reader.close();
  });

  it('forgets what is older than fifteen days when it is opened', async () => {
    let telemetry = await open();
    telemetry.metric(point(1, { age: 'old' }, minute - 16 * 24 * 3_600_000));
    telemetry.metric(point(1, { age: 'new' }));
    await telemetry.close();
    telemetry = await open();
    await telemetry.close();
    telemetry = await open();
    const found = await telemetry.metrics({ since: 0 });
    expect(found.map(({ dimensions }) => dimensions)).toEqual([{ age: 'new' }]);
  });

  it('keeps what was flushed when the process is killed', async () => {
    const module = pathToFileURL(join(import.meta.dirname, 'index.ts')).href;
    const script = `
      import { openTelemetry } from ${JSON.stringify(module)};
      const store = await openTelemetry(${JSON.stringify(directory)}, console);
      for (let n = 0; n < 2500; n += 1) store.metric(${JSON.stringify(point(1))});
      await store.statistics(${JSON.stringify(query())});
      process.kill(process.pid, 'SIGKILL');`;
    writeFileSync(join(directory, 'script.mts'), script);
    const child = spawnSync(process.execPath, ['--import', 'tsx', join(directory, 'script.mts')], {
      cwd: join(import.meta.dirname, '../..'),
    });
    expect(child.signal).toBe('SIGKILL');
    const telemetry = await open();
    expect((await telemetry.statistics(query()))[0]?.count).toBe(2_500);
    expect(warnings).toEqual([]);
  });

  it('sets a log aside that cannot be replayed, and says so', async () => {
    await (await open()).close();
    store = undefined;
    writeFileSync(join(directory, 'telemetry.duckdb.wal'), Buffer.alloc(5_000, 0xab));
    const telemetry = await open();
    telemetry.metric(point(1));
    expect((await telemetry.statistics(query()))[0]?.sum).toBe(1);
    const aside = readdirSync(directory).some((name) => name.includes('damaged'));
    expect(aside).toBe(warnings.length === 1);
  });

  it('says in one sentence what to do about a damaged file', async () => {
    writeFileSync(join(directory, 'telemetry.duckdb'), 'this is no database');
    await expect(open()).rejects.toThrow(/cannot be read .*move it away/);
  });

  it('begins anew on the empty file of a process killed at its first start', async () => {
    writeFileSync(join(directory, 'telemetry.duckdb'), '');
    const telemetry = await open();
    telemetry.metric(point(1));
    expect(await telemetry.statistics(query())).toHaveLength(1);
  });

  it('does not take a damaged block for a locked file', async () => {
    const telemetry = await open();
    for (let n = 0; n < 5_000; n += 1) telemetry.metric(point(n, { n: String(n) }));
    await telemetry.close();
    store = undefined;
    const path = join(directory, 'telemetry.duckdb');
    const bytes = readFileSync(path);
    bytes.fill(0xab, 12_288);
    writeFileSync(path, bytes);
    await expect(open()).rejects.toThrow(/cannot be read/);
  });

  it('drops what is not a number instead of storing or throwing', async () => {
    const telemetry = await open();
    telemetry.metric(point(Number.NaN));
    telemetry.metric(point(1, {}, Number.NaN));
    telemetry.metric(point(1, {}, 1e300));
    expect(await telemetry.statistics(query())).toEqual([]);
  });
});
