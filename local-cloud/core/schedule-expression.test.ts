import { expect, test } from 'vitest';
import { readSchedule } from './schedule-expression.ts';

const at = (text: string) => Date.parse(text);
const from = at('2026-11-21T07:30:00Z');

test.each([
  ['rate(1 minute)', '2026-11-21T07:31:00.000Z'],
  ['rate(5 minutes)', '2026-11-21T07:35:00.000Z'],
  ['rate(1 day)', '2026-11-22T07:30:00.000Z'],
  ['cron(0 10 * * ? *)', '2026-11-21T10:00:00.000Z'],
  ['cron(15 12 * * ? *)', '2026-11-21T12:15:00.000Z'],
  ['cron(0 18 ? * MON-FRI *)', '2026-11-23T18:00:00.000Z'],
  ['cron(0 18 ? * 2-6 *)', '2026-11-23T18:00:00.000Z'],
  ['cron(0 8 1 * ? *)', '2026-12-01T08:00:00.000Z'],
  ['cron(0/15 * * * ? *)', '2026-11-21T07:45:00.000Z'],
  ['cron(0 9 ? * 2#1 *)', '2026-12-07T09:00:00.000Z'],
  ['cron(0 0 L * ? *)', '2026-11-30T00:00:00.000Z'],
  ['cron(0 0 1 1 ? 2030)', '2030-01-01T00:00:00.000Z'],
])('%s fires next at %s', (expression, expected) => {
  expect(new Date(readSchedule(expression)?.next(from, from) ?? 0).toISOString()).toBe(expected);
});

test('a rate keeps its rhythm after firings were missed', () => {
  const later = at('2026-11-21T07:47:10Z');
  expect(readSchedule('rate(5 minutes)')?.next(later, from)).toBe(at('2026-11-21T07:50:00Z'));
});

test('a schedule that lies in the past never fires', () => {
  expect(readSchedule('cron(0 0 1 1 ? 2020)')?.next(from, from)).toBeUndefined();
});

test.each([
  'rate(1 minutes)',
  'rate(5 minute)',
  'rate(0 minutes)',
  'rate(5 seconds)',
  'cron(0 10 * * * *)',
  'cron(0 10 ? * ? *)',
  'cron(0 10 * * ?)',
  'cron(99 10 * * ? *)',
  'every day',
  'at(2026-02-30T00:00:00)',
  'at(2026-02-03)',
  'at(2026-02-03T00:00:00Z)',
  'rate(99999999999999999999 days)',
])('%s is refused', (expression) => {
  expect(readSchedule(expression)).toBeUndefined();
});

const firings = (expression: string, zone: string, after: string, count: number) => {
  const schedule = readSchedule(expression, zone);
  const times: string[] = [];
  for (let last = at(after); times.length < count; ) {
    last = schedule?.next(last, last) ?? Number.NaN;
    times.push(new Date(last).toISOString().slice(0, 16));
  }
  return times;
};

test('a time zone is that of its clocks, whichever way they are turned', () => {
  expect(firings('cron(0 10 * * ? *)', 'Europe/Berlin', '2026-03-27T12:00:00Z', 3)).toEqual([
    ...['2026-03-28T09:00', '2026-03-29T08:00', '2026-03-30T08:00'],
  ]);
  expect(firings('cron(0 9 ? * 1 *)', 'Asia/Kathmandu', '2026-03-27T12:00:00Z', 1)).toEqual([
    '2026-03-29T03:15',
  ]);
});

test('what falls into the hour that clocks leave out is left out', () => {
  expect(firings('cron(30 2 * * ? *)', 'America/New_York', '2026-03-07T00:00:00Z', 3)).toEqual([
    ...['2026-03-07T07:30', '2026-03-09T06:30', '2026-03-10T06:30'],
  ]);
});

test('what falls into the hour that clocks show twice is due once', () => {
  expect(firings('cron(30 1 * * ? *)', 'America/New_York', '2026-10-31T06:00:00Z', 2)).toEqual([
    ...['2026-11-01T05:30', '2026-11-02T06:30'],
  ]);
  expect(firings('cron(0/30 * * * ? *)', 'America/New_York', '2026-11-01T05:00:00Z', 3)).toEqual([
    ...['2026-11-01T05:30', '2026-11-01T07:00', '2026-11-01T07:30'],
  ]);
});

test('one time is due once, in its zone', () => {
  const schedule = readSchedule('at(2026-07-01T12:00:00)', 'Europe/Berlin');
  expect(schedule?.next(from, from)).toBeUndefined();
  expect(schedule?.next(at('2026-06-30T00:00:00Z'), 0)).toBe(at('2026-07-01T10:00:00Z'));
});

test('a zone that is not there is no schedule', () => {
  expect(readSchedule('rate(1 minute)', 'Mars/Olympus')).toBeUndefined();
});
