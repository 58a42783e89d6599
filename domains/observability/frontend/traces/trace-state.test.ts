import { describe, expect, test } from 'vitest';
import { both, conditionText, correlated } from './filter-expression.ts';
import { traceItem } from './testing.ts';
import { barOf, ticksOf, traceKeys } from './trace-state.ts';
import { askedText, formatDuration, verdictOf } from './trace-words.ts';
import { distinctTraces, percentile, pointsOf, wishOf } from './traces-state.ts';

describe('a filter expression', () => {
  test('is written from a condition, once its value is of its kind', () => {
    expect(conditionText('fault', '')).toBe('fault');
    expect(conditionText('service', 'a "b"')).toBe('service("a \\"b\\"")');
    expect(conditionText('responseTime', '0.5')).toBe('responsetime > 0.5');
    expect(conditionText('responseTime', 'fast')).toBeUndefined();
    expect(conditionText('service', ' ')).toBeUndefined();
  });

  test('holds both of two, and keeps an alternative together', () => {
    expect(both('', 'fault')).toBe('fault');
    expect(both('fault OR error', correlated('c'))).toBe(
      '(fault OR error) AND annotation.correlationId = "c"',
    );
  });
});

describe('the wish for traces', () => {
  const range = { range: '3h' as const, zone: 'UTC', from: '', to: '', absolute: false };

  test('joins request and filter', () => {
    expect(wishOf(range, Date.now(), { filter: 'fault', request: 'c-1' }).filter).toBe(
      'annotation.correlationId = "c-1" AND fault',
    );
    expect(wishOf(range, Date.now(), { filter: '', request: '' })).not.toHaveProperty('filter');
  });

  test('begins with the oldest trace that X-Ray still has', () => {
    const long = { ...range, absolute: true, from: '2026-08-01T00:00:00Z', to: '2026-10-31T00:00:00Z' };
    expect(wishOf(long, 0, { filter: '', request: '' }).from).toBe('2026-10-01T00:00:00.000Z');
  });
});

test('a trace is shown once, at its response time', () => {
  const { responseTime: _, ...untold } = traceItem;
  expect(distinctTraces([traceItem, traceItem])).toHaveLength(1);
  expect(pointsOf([traceItem, untold]).map(({ milliseconds }) => milliseconds)).toEqual([94.9, 3206.5]);
  expect([0.5, 0.95, 1].map((share) => percentile([1, 2, 3, 4], share))).toEqual([2, 4, 4]);
  expect(percentile([], 0.5)).toBeUndefined();
});

describe('the part of the time that is shown', () => {
  test('stands in the address, and a bad one means all', () => {
    expect(traceKeys.zoom.read(traceKeys.zoom.write({ from: 1.5, to: 20 }))).toEqual({ from: 1.5, to: 20 });
    expect(traceKeys.zoom.read('9-3')).toBeUndefined();
    expect(traceKeys.zoom.read('a-b')).toBeUndefined();
  });

  test('has round times', () => {
    expect(ticksOf({ from: 0, to: 994 })).toEqual([0, 200, 400, 600, 800]);
    expect(ticksOf({ from: 130, to: 148 })).toEqual([130, 135, 140, 145]);
  });

  test('shows the part of a bar that lies within', () => {
    const zoom = { from: 100, to: 200 };
    expect(barOf({ start: 150, duration: 25 }, zoom)).toEqual({ left: 50, width: 25 });
    expect(barOf({ start: 0, duration: 150 }, zoom)).toEqual({ left: 0, width: 50 });
    expect(barOf({ start: 190 }, zoom)).toEqual({ left: 90, width: 10 });
    expect(barOf({ start: 0, duration: 50 }, zoom)).toBeUndefined();
    expect(barOf({ start: 300, duration: 1 }, zoom)).toBeUndefined();
  });
});

test('words say how long and how it went', () => {
  expect([0.123, 999.4, 1500, 150_000, undefined].map(formatDuration)).toEqual([
    '0.12 ms',
    '999.4 ms',
    '1.5 s',
    '2.5 min',
    'in progress',
  ]);
  expect(verdictOf({ fault: true }).word).toBe('Fault');
  expect(verdictOf({ throttle: true, error: true }).word).toBe('Throttled');
  expect(verdictOf({ inProgress: true }).word).toBe('In progress');
  expect(askedText({ method: 'GET', url: 'https://x/orders?q=1' })).toBe('GET /orders');
  expect(askedText({ url: '/orders' })).toBe('/orders');
  expect(askedText({})).toBe('Without an entry point');
});
