import { expect, test } from 'vitest';
import { parseSchedule } from './schedule-expression.ts';

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
  expect(new Date(parseSchedule(expression).next(from, from) ?? 0).toISOString()).toBe(expected);
});

test('a rate keeps its rhythm after firings were missed', () => {
  const later = at('2026-11-21T07:47:10Z');
  expect(parseSchedule('rate(5 minutes)').next(later, from)).toBe(at('2026-11-21T07:50:00Z'));
});

test('a schedule that lies in the past never fires', () => {
  expect(parseSchedule('cron(0 0 1 1 ? 2020)').next(from, from)).toBeUndefined();
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
])('%s is refused', (expression) => {
  expect(() => parseSchedule(expression)).toThrow('Parameter ScheduleExpression is not valid.');
});
