import { describe, expect, it } from 'vitest';
import { hoursOfMonth, monthShares } from './holdings.ts';
import { type Granularity, periodsOf, readPastInterval, spelled } from './periods.ts';

const now = Date.parse('2026-03-20T15:00:00Z');
const read = (Start: string, End: string, granularity: Granularity = 'DAILY') =>
  readPastInterval({ TimePeriod: { Start, End } }, granularity, now);

describe('a time period', () => {
  it('is cut into months of the calendar', () => {
    const interval = read('2026-01-15', '2026-03-02', 'MONTHLY');
    expect(
      periodsOf(interval, 'MONTHLY').map(({ from, to }) => [
        spelled(from, 'MONTHLY'),
        spelled(to, 'MONTHLY'),
      ]),
    ).toEqual([
      ['2026-01-15', '2026-02-01'],
      ['2026-02-01', '2026-03-01'],
      ['2026-03-01', '2026-03-02'],
    ]);
  });

  it('is cut into days and hours', () => {
    expect(periodsOf(read('2026-03-01', '2026-03-04'), 'DAILY')).toHaveLength(3);
    const hours = periodsOf(read('2026-03-19T22:00:00Z', '2026-03-20T01:00:00Z', 'HOURLY'), 'HOURLY');
    expect(hours.map(({ from }) => spelled(from, 'HOURLY'))).toEqual([
      '2026-03-19T22:00:00Z',
      '2026-03-19T23:00:00Z',
      '2026-03-20T00:00:00Z',
    ]);
  });

  it.each<[string, string, Granularity, string]>([
    ['2026-03-05', '2026-03-05', 'DAILY', 'Start date (and hour) should be before end date (and hour)'],
    ['2026-03-05', '2026-03-01', 'DAILY', 'Start date (and hour) should be before end date (and hour)'],
    ['2026-03-05', '2026-04-02', 'DAILY', 'end date past the beginning of next month'],
    ['2026-03-25', '2026-03-26', 'DAILY', 'Start date must be no later than the current date'],
    ['2024-12-31', '2026-03-01', 'MONTHLY', "You haven't enabled historical data beyond 14 months"],
    ['2026-02-30', '2026-03-03', 'DAILY', 'Start time 2026-02-30 is invalid. Valid format is: yyyy-MM-dd.'],
    ['2026-03-01', 'soon', 'DAILY', 'End time soon is invalid. Valid format is: yyyy-MM-dd.'],
    [
      '2026-03-01',
      '2026-03-02',
      'HOURLY',
      'Start time 2026-03-01 is invalid. Valid format is: yyyy-MM-ddTHH:mm:ssZ.',
    ],
    [
      '2026-03-01T00:00:00Z',
      '2026-03-02T00:00:00Z',
      'HOURLY',
      'Hourly data is available for the past 14 days only',
    ],
  ])('from %s to %s, %s, is refused: %s', (start, end, granularity, message) => {
    expect(() => read(start, end, granularity)).toThrow(
      expect.objectContaining({ code: 'ValidationException', message }),
    );
  });
});

describe('what stands', () => {
  it('is paid for by the hours of its month', () => {
    expect(hoursOfMonth(Date.UTC(2026, 1, 10))).toBe(28 * 24);
    expect(hoursOfMonth(Date.UTC(2028, 1, 29))).toBe(29 * 24);
    expect(hoursOfMonth(Date.UTC(2026, 11, 31))).toBe(31 * 24);
  });

  it('counts in each hour that it stood in', () => {
    const shares = monthShares(Date.parse('2026-01-31T23:45:00Z'), Date.parse('2026-02-01T00:30:00Z'));
    expect(shares).toEqual([
      { time: Date.parse('2026-01-31T23:45:00Z'), months: 0.25 / 744 },
      { time: Date.parse('2026-02-01T00:00:00Z'), months: 0.5 / 672 },
    ]);
    expect(monthShares(5, 5)).toEqual([]);
  });
});
