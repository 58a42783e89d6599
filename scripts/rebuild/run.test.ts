import { expect, test } from 'vitest';
import { run } from './run.ts';

const estimate = {
  items: 1_000,
  bytes: 400_000,
  rows: 50,
  readUnits: 98,
  writeUnits: 100,
  dollars: 0.00007,
  seconds: 16,
};
const price = {
  region: 'us-east-1',
  since: '2024-11-01',
  perMillionReadUnits: 0.125,
  perMillionWriteUnits: 0.625,
};
const ended = { rebuildId: 'r0', status: 'switched', startedAt: '2026-01-01T00:00:00.000Z' };
const progress = { items: 500, rows: 25, rowsPerSecond: 10 };

/** An API that answers each state of the one model in turn, the last again and again. */
function apiOf(...states: (object | undefined)[]) {
  const sent: unknown[] = [];
  const asked: string[] = [];
  let turn = 0;
  const api = async (method: string, path: string, body?: unknown) => {
    if (method === 'POST') {
      sent.push([path, body]);
      return { stream: 'rebuild/r1', version: 1 };
    }
    asked.push(path);
    const rebuild = states[Math.min(turn++, states.length - 1)];
    const follows = { model: 'sales/orders', rows: 50, lagSeconds: 0, estimate };
    return { items: [{ ...follows, ...(rebuild ? { rebuild } : {}) }], price };
  };
  return { api, sent, asked };
}

async function told(api: ReturnType<typeof apiOf>['api'], wish: Parameters<typeof run>[1]) {
  const lines: string[] = [];
  const code = await run(
    api,
    wish,
    (line) => lines.push(line),
    async () => {},
  );
  return { code, text: lines.join('\n') };
}

const model = 'sales/orders';

test('lists read models with their lag and their rebuild', async () => {
  const { code, text } = await told(apiOf(ended).api, { action: 'list' });
  expect(code).toBe(0);
  expect(text).toMatch(/sales\/orders +50 rows {2}0 s behind {2}switched/);
});

test('tells time, units and price before anything starts', async () => {
  const { api, sent } = apiOf(undefined);
  const { code, text } = await told(api, { action: 'estimate', model });
  expect(code).toBe(0);
  expect(text).toContain('takes   about 16 s');
  expect(text).toContain('us-east-1 on demand since 2024-11-01');
  expect(sent).toEqual([]);
});

test('starts a rebuild and tells how far it is until it is over', async () => {
  const running = { ...ended, rebuildId: 'r1', status: 'copying', progress, share: 0.5, secondsLeft: 3 };
  const { api, sent, asked } = apiOf(ended, running, running, { ...running, status: 'switched', share: 1 });
  const { code, text } = await told(api, { action: 'start', model });
  expect(code).toBe(0);
  expect(sent).toEqual([['/events/rebuilds', { model }]]);
  expect(text.split('\n').filter((line) => line.startsWith('copying'))).toEqual([
    'copying, 50 %, 25 rows, 10 rows/s, 3 s left',
  ]);
  expect(text).toMatch(/switched, 100 %/);
  expect(asked.at(-1)).toBe('/events/read-models?atLeast=rebuild/r1:1');
});

test('ends with 1 when the rebuild failed', async () => {
  const failed = {
    ...ended,
    rebuildId: 'r1',
    status: 'failed',
    reason: 'StreamCorrupt: commit 3 is missing',
  };
  const { code, text } = await told(apiOf(undefined, failed).api, { action: 'start', model });
  expect(code).toBe(1);
  expect(text).toContain('failed, StreamCorrupt: commit 3 is missing');
});

test('cancels what runs, with the reason', async () => {
  const { api, sent } = apiOf({ ...ended, status: 'copying' });
  const cancelled = await told(api, { action: 'cancel', model, reason: 'Wrong one.' });
  expect(cancelled.code).toBe(0);
  expect(sent).toEqual([['/events/rebuilds/r0/cancellation', { reason: 'Wrong one.' }]]);
  expect(await told(apiOf(ended).api, { action: 'cancel', model, reason: 'Wrong one.' })).toEqual({
    code: 1,
    text: 'No rebuild of sales/orders runs.',
  });
});

test('names what there is when asked for what there is not', async () => {
  const { code, text } = await told(apiOf(undefined).api, { action: 'watch', model: 'sales/parcels' });
  expect(code).toBe(1);
  expect(text).toBe('There is no read model sales/parcels. There are: sales/orders');
  expect(await told(apiOf(undefined).api, { action: 'watch', model })).toEqual({
    code: 1,
    text: 'sales/orders was never rebuilt.',
  });
});
