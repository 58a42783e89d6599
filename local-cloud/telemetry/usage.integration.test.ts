import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTestCloud } from '../core/testing.ts';
import { openDatabase } from './database.ts';
import { openTelemetry, type TelemetryStore } from './index.ts';
import { compactUsage } from './usage.ts';

const HOUR = 3_600_000;
const now = Math.floor(Date.now() / HOUR) * HOUR;
const recorder = createTestCloud();
recorder.remove();

let folder: string;
let store: TelemetryStore | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'usage-'));
});

afterEach(async () => {
  await store?.close();
  store = undefined;
  rmSync(folder, { recursive: true, force: true });
});

async function open(): Promise<TelemetryStore> {
  await store?.close();
  store = await openTelemetry(folder, recorder.logger);
  return store;
}

const use = (quantity: number, time: number, resource = 'arn:a') => ({
  service: 'AWS Lambda',
  usageType: 'Request-ARM',
  operation: 'Invoke',
  resource,
  quantity,
  time,
});
const all = { from: now - 3 * 24 * HOUR, to: now + 24 * HOUR, byResource: true };

describe('usage', () => {
  it('adds up by the hour and the day, and every read sees what was recorded before', async () => {
    const telemetry = await open();
    for (let each = 0; each < 10; each += 1) telemetry.usage(use(0.1, now + each));
    telemetry.usage(use(5, now - 48 * HOUR));
    telemetry.usage(use(7, now, 'arn:b'));
    const hours = await telemetry.usageSums({ ...all, by: 'hour' });
    const rows = hours.map(({ time, resource, quantity }) => [time, resource, quantity]);
    expect(rows.sort()).toEqual([
      [now - 48 * HOUR, 'arn:a', 5],
      [now, 'arn:a', expect.closeTo(1, 12)],
      [now, 'arn:b', 7],
    ]);
    const days = await telemetry.usageSums({ ...all, by: 'day' });
    expect(days.map(({ time }) => time % (24 * HOUR))).toEqual([0, 0, 0]);
    const whole = await telemetry.usageSums({ ...all, by: 'whole', byResource: false });
    expect(whole).toEqual([use(expect.closeTo(13, 12), all.from, '')]);
  });

  it('keeps what was used when it is opened again, and nothing that is no number', async () => {
    const telemetry = await open();
    telemetry.usage(use(3, now));
    telemetry.usage(use(Number.NaN, now));
    telemetry.usage(use(1, Number.NaN));
    expect(await (await open()).usageSums({ ...all, by: 'hour' })).toMatchObject([{ quantity: 3 }]);
  });

  it('counts a trace once, however many segments it has', async () => {
    const telemetry = await open();
    for (const [trace, id] of [
      ['a', 1],
      ['a', 2],
      ['b', 3],
    ] as const) {
      telemetry.segment({
        trace_id: `1-00000000-${trace.repeat(24)}`,
        id: String(id).repeat(16),
        name: 'x',
        start_time: now / 1000,
        end_time: now / 1000,
      });
    }
    expect(await telemetry.usageSums({ ...all, by: 'hour' })).toMatchObject([
      { usageType: 'USE1-XRay-TracesStored', quantity: 2 },
    ]);
  });

  it('is joined into one row an hour once the hour is over, and forgotten after fourteen months', async () => {
    const telemetry = await open();
    for (let each = 1; each <= 5; each += 1) {
      telemetry.usage(use(each, now - 2 * HOUR));
      telemetry.usage(use(each, now));
      await telemetry.usageSums({ ...all, by: 'hour' });
    }
    telemetry.usage(use(1, now - 440 * 24 * HOUR));
    await telemetry.close();
    store = undefined;

    const database = await openDatabase(folder, recorder.logger);
    await compactUsage(database, now + 1);
    const rows = await database.reader.runAndReadAll(
      'SELECT hour::DOUBLE, quantity FROM usage_hours ORDER BY ALL',
    );
    expect(rows.getRowsJS()).toEqual([[now - 2 * HOUR, 15], ...[1, 2, 3, 4, 5].map((each) => [now, each])]);
    for (const connection of [database.reader, database.remover, database.writer]) connection.closeSync();
    database.instance.closeSync();
  });
});
