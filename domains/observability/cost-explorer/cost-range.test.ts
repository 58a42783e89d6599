import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { costRange } from './cost-range.ts';
import { addDays, dayAt, daysBetween, firstOfMonth } from './days.ts';

const now = Date.parse('2026-11-21T10:00:00Z');
const instants = fc.integer({ min: Date.UTC(2024, 0, 1), max: Date.UTC(2032, 0, 1) });
const granularities = fc.constantFrom('daily' as const, 'monthly' as const);

describe('the days of a bill', () => {
  test('are by default the last 30 with today, beside the 30 before', () => {
    expect(costRange({ granularity: 'daily' }, now)).toEqual({
      from: '2026-10-23',
      to: '2026-11-22',
      previousFrom: '2026-09-23',
    });
  });

  test('are those of UTC, wherever who asks may be', () => {
    expect(costRange({ granularity: 'daily' }, Date.parse('2026-11-21T23:30:00-05:00')).to).toBe(
      '2026-11-23',
    );
  });

  test('begin with a month when they are shown by month', () => {
    expect(costRange({ granularity: 'monthly' }, now)).toMatchObject({
      from: '2026-10-01',
      to: '2026-11-22',
    });
  });

  test('are compared with nothing where AWS keeps nothing before', () => {
    const range = costRange({ from: '2025-12-01', to: '2026-11-22', granularity: 'daily' }, now);
    expect(range).toEqual({ from: '2025-12-01', to: '2026-11-22' });
  });

  test('can be a whole year with a leap day', () => {
    const range = costRange(
      { from: '2027-03-01', to: '2028-03-01', granularity: 'daily' },
      Date.parse('2028-02-29T12:00:00Z'),
    );
    expect(daysBetween(range.from, range.to)).toBe(366);
  });

  test('are by default such as AWS takes, at every instant', () => {
    fc.assert(
      fc.property(instants, granularities, (instant, granularity) => {
        const today = dayAt(instant);
        const { from, to, previousFrom } = costRange({ granularity }, instant);
        expect(to).toBe(addDays(today, 1));
        expect(from < to).toBe(true);
        expect(daysBetween(previousFrom ?? '', from)).toBe(daysBetween(from, to));
        if (granularity === 'monthly') expect(from).toBe(firstOfMonth(from));
        else expect(daysBetween(from, to)).toBe(30);
      }),
    );
  });

  test.each([
    [{ from: '2026-02-29' }, '#/from', /day of the calendar/],
    [{ from: '2025-09-30', to: '2025-11-01' }, '#/from', /not be before 2025-10-01/],
    [{ from: '2026-11-22', to: '2026-11-22' }, '#/to', /later than from/],
    [{ to: '2026-11-23' }, '#/to', /not be after 2026-11-22/],
    [{ to: 'yesterday' }, '#/to', /day of the calendar/],
    [{ from: '2025-10-02', to: '2026-11-01' }, '#/to', /at most 12 months/],
  ])('are refused as %j', (asked, pointer, detail) => {
    const refuse = () => costRange({ ...asked, granularity: 'daily' }, now);
    expect(refuse).toThrow(expect.objectContaining({ status: 400 }));
    try {
      refuse();
    } catch (error) {
      expect(error).toMatchObject({ errors: [{ pointer, detail: expect.stringMatching(detail) }] });
    }
  });

  test('are refused when a month would be cut at its beginning', () => {
    expect(() => costRange({ from: '2026-10-02', granularity: 'monthly' }, now)).toThrow('Mend #/from');
  });
});
