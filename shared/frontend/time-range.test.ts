import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatInstant, formatLength, isZone, zoneOffset } from './time.ts';
import { carriedSearch, rangeLength, resolveRange, type TimeRange, timeRangeKeys } from './time-range.ts';
import { readSlice } from './url-state.ts';

const relative: TimeRange = { range: '3h', from: '', to: '', zone: 'UTC', absolute: false };

describe('a time range', () => {
  test('that follows the clock starts and ends on boundaries of the period and holds the whole length', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1e12, max: 4e12 }), fc.constantFrom(60, 300, 3600), (now, period) => {
        const { from, to } = resolveRange(relative, now, period);
        expect(Date.parse(from) % (period * 1000)).toBe(0);
        expect(Date.parse(to) % (period * 1000)).toBe(0);
        expect(Date.parse(to)).toBeGreaterThanOrEqual(now);
        expect(Date.parse(to) - Date.parse(from)).toBeGreaterThanOrEqual(rangeLength(relative) * 1000);
      }),
    );
  });

  test('that is fixed means the same at any moment', () => {
    const fixed = { ...relative, absolute: true, from: '2026-11-21T08:00:00Z', to: '2026-11-21T09:30:00Z' };
    expect(resolveRange(fixed, 0, 300)).toEqual({
      from: '2026-11-21T08:00:00.000Z',
      to: '2026-11-21T09:30:00.000Z',
    });
    expect(rangeLength(fixed)).toBe(5400);
  });

  test('goes along from page to page with its zone, and nothing else does', () => {
    const search = new URLSearchParams('find=x&range=1h&tz=Europe/Berlin&tab=past');
    expect(carriedSearch(search)).toBe('?range=1h&tz=Europe%2FBerlin');
  });

  test('ignores instants and zones that do not exist', () => {
    const values = readSlice(
      timeRangeKeys,
      new URLSearchParams('from=yesterday&to=2026-13-01T00:00:00Z&tz=Mars/Base'),
    );
    expect(values).toEqual({ range: '3h', from: '', to: '', tz: '' });
  });
});

describe('a time', () => {
  test('is never shown without its zone', () => {
    expect(formatInstant('2026-07-01T12:00:00Z', 'UTC')).toBe('1 Jul 2026, 12:00:00 UTC');
    expect(formatInstant('2026-07-01T12:00:00Z', 'Europe/Berlin')).toMatch(/14:00:00 (CEST|GMT\+2)$/);
  });

  test('knows how far its zone is ahead, in summer and in winter', () => {
    expect(zoneOffset(new Date('2026-07-01T12:00:00Z'), 'Europe/Berlin')).toBe(120);
    expect(zoneOffset(new Date('2026-12-01T12:00:00Z'), 'Europe/Berlin')).toBe(60);
    expect(zoneOffset(new Date('2026-12-01T12:00:00Z'), 'Asia/Kolkata')).toBe(330);
    expect(zoneOffset(new Date('2026-12-01T12:00:00.750Z'), 'America/New_York')).toBe(-300);
  });

  test('has a zone that exists', () => {
    expect(isZone('Europe/Berlin')).toBe(true);
    expect(isZone('Mars/Base')).toBe(false);
    expect(isZone('')).toBe(false);
  });

  test.each([
    [0, '0 s'],
    [59.6, '1 min'],
    [3600, '1 h'],
    [7505, '2 h 5 min'],
    [90_061, '1 d 1 h'],
  ])('of %d seconds is a length of %s', (seconds, words) => {
    expect(formatLength(seconds)).toBe(words);
  });
});
