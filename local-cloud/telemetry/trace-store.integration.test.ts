import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openTelemetry, type TelemetryStore } from './index.ts';

const silent = { info() {}, warn() {}, error() {} };
const now = Math.floor(Date.now() / 1_000);
const all = { text: 't.start_time > ?', values: [0] };

let folder: string;
let store: TelemetryStore;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'traces-'));
  store = await openTelemetry(folder, silent);
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

async function reopen(): Promise<void> {
  await store.close();
  store = await openTelemetry(folder, silent);
}

const segment = (id: string, trace: string, more: object = {}) => ({
  ...{ id, trace_id: trace, name: 'shop', start_time: now, end_time: now + 1 },
  ...more,
});

async function summaries(): Promise<Record<string, unknown>[]> {
  const { rows } = await store.traces.summaries({ range: all, limit: 100 });
  return rows.map(({ summary }) => JSON.parse(summary) as Record<string, unknown>);
}

describe('traces', () => {
  it('are summarized after a start although they were not before the end', async () => {
    store.segment(segment('a', '1-1'));
    await reopen();
    expect(await summaries()).toMatchObject([{ Id: '1-1', Duration: 1, Revision: 1 }]);
  });

  it('are summarized anew when more of them comes in, and replaced when it is sent again', async () => {
    const { end_time: _, ...begun } = segment('a', '1-1');
    store.segment({ ...begun, in_progress: true });
    expect(await summaries()).toMatchObject([{ IsPartial: true, Duration: 0 }]);
    await reopen();
    store.segment(segment('a', '1-1', { end_time: now + 2 }));
    store.segment(segment('b', '1-1', { parent_id: 'a', name: 'stock', end_time: now + 3 }));
    expect(await summaries()).toMatchObject([
      { IsPartial: false, ResponseTime: 2, Duration: 3, ServiceIds: [{ Name: 'shop' }, { Name: 'stock' }] },
    ]);
    expect(await store.traces.spans('1-1')).toHaveLength(2);
  });

  it('are read to their end when spans name each other as parents', async () => {
    store.segment(segment('a', '1-1', { parent_id: 'b' }));
    store.segment(segment('b', '1-1', { parent_id: 'a' }));
    store.segment(segment('c', '1-2', { parent_id: 'd', type: 'subsegment' }));
    store.segment(segment('d', '1-2', { parent_id: 'c', type: 'subsegment' }));
    expect((await summaries()).map(({ Id }) => Id)).toEqual(['1-2', '1-1']);
  });

  it('are forgotten after thirty days', async () => {
    const old = now - 31 * 24 * 3_600;
    store.segment(segment('a', '1-1', { start_time: old, end_time: old + 1 }));
    store.segment(segment('b', '1-2'));
    expect(await summaries()).toHaveLength(2);
    await reopen();
    await reopen();
    expect((await summaries()).map(({ Id }) => Id)).toEqual(['1-2']);
    expect(await store.traces.spans('1-1')).toEqual([]);
  });
});
