import { expect, test } from 'vitest';
import { Gate } from './gate.ts';

const settled = () => new Promise((resolve) => setImmediate(resolve));

test('a held gate lets nothing pass until it is released', async () => {
  const gate = new Gate();
  const release = await gate.hold();
  const passed: string[] = [];
  const waiting = gate.pass(async () => passed.push('after'));
  await settled();
  expect(passed).toEqual([]);
  release();
  await waiting;
  expect(passed).toEqual(['after']);
});

test('whoever holds a gate waits for what passes it, however that ends', async () => {
  const gate = new Gate();
  let fail = (_: Error) => {};
  const passing = gate.pass(() => new Promise((_, reject) => (fail = reject)));
  let isHeld = false;
  const holding = gate.hold().then((release) => {
    isHeld = true;
    return release;
  });
  await settled();
  expect(isHeld).toBe(false);
  fail(new Error('refused'));
  await expect(passing).rejects.toThrow('refused');
  (await holding)();
  expect(await gate.pass(async () => 'again')).toBe('again');
});

test('two who hold a gate do so one after the other', async () => {
  const gate = new Gate();
  const first = await gate.hold();
  let second: (() => void) | undefined;
  const waiting = gate.hold().then((release) => {
    second = release;
  });
  await settled();
  expect(second).toBeUndefined();
  first();
  await waiting;
  second?.();
  expect(await gate.pass(async () => 1)).toBe(1);
});
