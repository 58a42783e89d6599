import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { TelemetryStore } from '../../../telemetry/index.ts';
import { startLogs, type TestLogs } from '../testing.ts';
import { compileQuery } from './compile.ts';
import { createQueryRuns, type QueryRun, type QueryStatus } from './query-runs.ts';

const now = Date.now();
const range = { groups: ['app'], from: now - 60_000, to: now };
/** Many regular expressions for every line: long enough to be stopped on the way. */
const ENDLESS = `filter ${Array.from({ length: 40 }, (_, n) => `@message like /(a|b)*c${n}(d|e)*f[^g]*h$/`).join(' or ')}`;

const compiled = (query: string) =>
  compileQuery(query, { accountId: '0', region: 'r', groups: 1, limit: 1_000 });

let logs: TestLogs;

beforeEach(async () => {
  logs = await startLogs();
});

afterEach(() => logs.stop());

function write(count: number, message: (n: number) => string): void {
  for (let n = 0; n < count; n += 1) {
    const time = range.from + Math.floor((n * 60_000) / count);
    logs.telemetry.logLine({ group: 'app', stream: 's', time, message: message(n) });
  }
}

const ended = (run: QueryRun) =>
  vi.waitFor(() => expect(run.status).not.toMatch(/Running|Scheduled/), { timeout: 30_000, interval: 5 });

describe('runs of queries', () => {
  it('take turns, in the order in which they came', async () => {
    const runs = createQueryRuns(logs.telemetry, logs.cloud.logger);
    const started = [1, 2, 3, 4].map(() => runs.start('stats count(*)', compiled('stats count(*)'), range));
    expect(started.map(({ status }) => status)).toEqual(['Running', 'Running', 'Scheduled', 'Scheduled']);
    expect(runs.pending()).toBe(4);
    await Promise.all(started.map(ended));
    expect(runs.all().map(({ id }) => id)).toEqual(started.map(({ id }) => id).reverse());
    expect(started.every(({ status }) => status === 'Complete')).toBe(true);
    await runs.close();
  });

  it('end at once when stopped, and tell so', async () => {
    const seen: QueryStatus[] = [];
    const runs = createQueryRuns(logs.telemetry, logs.cloud.logger, {
      ended: ({ status }) => seen.push(status),
    });
    write(20_000, (n) => `${'abde'.repeat(40)}${n}`);
    const run = runs.start(ENDLESS, compiled(ENDLESS), range);
    const waiting = [1, 2].map(() => runs.start(ENDLESS, compiled(ENDLESS), range));
    // It is reading now, and not only opening its reader.
    await logs.telemetry.logEvents({ group: 'app', limit: 1 });
    await pause(0);
    expect([runs.stop(run.id), runs.stop(run.id), run.status]).toEqual([true, false, 'Cancelled']);
    await runs.close();
    expect(waiting.map(({ status }) => status)).toEqual(['Cancelled', 'Cancelled']);
    expect(seen).toEqual(['Cancelled', 'Cancelled', 'Cancelled']);
    expect(logs.cloud.recorded.log).toEqual([]);
  });

  it('are ended when their time is over', async () => {
    const runs = createQueryRuns(logs.telemetry, logs.cloud.logger, { timeout: 1 });
    write(20_000, (n) => `${'abde'.repeat(40)}${n}`);
    const run = runs.start(ENDLESS, compiled(ENDLESS), range);
    await ended(run);
    expect(run.status).toBe('Timeout');
    await runs.close();
  });

  it('show the newest lines while the others are read', async () => {
    write(60_000, (n) => `${'abde'.repeat(20)}${n}`);
    const slow = 'filter @message like /e\\d+$/ | stats count(*) as n';
    // Until the whole is let go, only what was seen on the way can show.
    let letGo: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    let readers = 0;
    const store: TelemetryStore = {
      ...logs.telemetry,
      async logReader() {
        const reader = await logs.telemetry.logReader();
        readers += 1;
        if (readers > 1) return reader;
        return { ...reader, read: (...given) => held.then(() => reader.read(...given)) };
      },
    };
    const runs = createQueryRuns(store, logs.cloud.logger);
    const run = runs.start(slow, compiled(slow), range);
    await vi.waitFor(() => expect(run.results).toHaveLength(1), { timeout: 20_000, interval: 5 });
    const partial = Number(run.results[0]?.[0]?.value);
    expect(run.status).toBe('Running');
    expect(run.statistics).toMatchObject({ recordsScanned: partial, recordsMatched: partial });
    expect(partial).toBeGreaterThan(3_000);
    expect(partial).toBeLessThan(5_000);
    letGo();
    await ended(run);
    expect(run.results).toEqual([[{ field: 'n', value: '60000' }]]);
    expect(run.statistics).toMatchObject({ recordsScanned: 60_000, recordsMatched: 60_000 });
    await runs.close();
  }, 60_000);

  it('keep ten thousand rows in order', async () => {
    write(12_000, (n) => `{"n":${n}}`);
    const runs = createQueryRuns(logs.telemetry, logs.cloud.logger);
    const query = 'fields n | sort n asc | limit 10000';
    const run = runs.start(query, compiled(query), range);
    await ended(run);
    expect(run.results.map(([field]) => Number(field?.value))).toEqual(
      Array.from({ length: 10_000 }, (_, n) => n),
    );
    await runs.close();
  });
});
