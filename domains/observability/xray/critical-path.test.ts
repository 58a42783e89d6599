import { expect, test } from 'vitest';
import { criticalPath } from './critical-path.ts';
import type { PlacedSpan } from './span-tree.ts';

const span = (id: string, parentId: string | undefined, start: number, end: number): PlacedSpan => ({
  id,
  ...(parentId ? { parentId } : {}),
  depth: 0,
  name: id,
  kind: 'subsegment',
  service: 's',
  start,
  duration: end - start,
});

const pathOf = (...spans: PlacedSpan[]) => [...criticalPath(spans)].sort();

test('the critical path follows what ended last before the next could begin', () => {
  const spans = [
    span('request', undefined, 0, 100),
    span('read', 'request', 10, 40),
    span('beside', 'request', 12, 30),
    span('write', 'request', 45, 90),
    span('attempt', 'write', 50, 88),
  ];
  expect(pathOf(...spans)).toEqual(['attempt', 'read', 'request', 'write']);
});

test('what goes on after the answer is not on the critical path', () => {
  expect(
    pathOf(
      span('request', undefined, 0, 100),
      span('relay', 'request', 90, 300),
      span('other', undefined, 400, 500),
    ),
  ).toEqual(['request']);
});

test('clocks that differ by a little do not break the critical path', () => {
  expect(pathOf(span('request', undefined, 0, 100), span('work', 'request', 1, 100.8))).toEqual([
    'request',
    'work',
  ]);
});

test('the critical path follows the work that was done in a phase which is told beside it', () => {
  const spans = [
    span('function', undefined, 0, 100),
    span('Initialization', 'function', 0, 30),
    span('Invocation', 'function', 30, 99),
    span('work', 'function', 40, 90),
    span('read', 'work', 50, 80),
  ];
  expect(pathOf(...spans)).toEqual(['Initialization', 'Invocation', 'function', 'read', 'work']);
});

test('a span in progress ends the critical path where it began', () => {
  const { duration: _, ...running } = span('running', 'request', 20, 30);
  expect(pathOf(span('request', undefined, 0, 100), running)).toEqual(['request', 'running']);
});

test('nothing has no critical path', () => {
  expect(pathOf()).toEqual([]);
});
