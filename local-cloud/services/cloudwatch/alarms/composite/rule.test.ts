import { describe, expect, it, test } from 'vitest';
import { alarmsOf, isFulfilled, parseRule } from './rule.ts';

const states = {
  a: 'ALARM',
  b: 'OK',
  c: 'INSUFFICIENT_DATA',
  'with space (1)': 'ALARM',
  'say "x"': 'OK',
} as const;
const evaluate = (text: string) =>
  isFulfilled(parseRule(text), (name) => states[name as keyof typeof states]);

describe('the rule of a composite alarm', () => {
  test.each([
    ['ALARM(a)', true],
    ['ALARM("a")', true],
    ['alarm(a) and ok(b)', true],
    ['ALARM(arn:aws:cloudwatch:us-east-1:000000000000:alarm:a)', true],
    ['ALARM("arn:aws:cloudwatch:us-east-1:000000000000:alarm:with space (1)")', true],
    ['OK("say \\"x\\"")', true],
    ['ALARM(b)', false],
    ['INSUFFICIENT_DATA(c)', true],
    ['NOT ALARM(a)', false],
    ['NOT NOT ALARM(a)', true],
    ['NOT ALARM(b) AND ALARM(a)', true],
    ['ALARM(a) OR ALARM(b) AND FALSE', true],
    ['(ALARM(a) OR ALARM(b)) AND FALSE', false],
    ['NOT (ALARM(a) AND ALARM(b))', true],
    ['TRUE', true],
    ['false', false],
    ['ALARM(gone) OR OK(gone)', false],
    ['\n ALARM(a)\n AND\n\tOK( b )', true],
  ])('%s is %s', (text, expected) => {
    expect(evaluate(text)).toBe(expected);
  });

  test.each([
    ['', 'it is empty'],
    ['ALARM', 'in parentheses'],
    ['ALARM()', 'in parentheses'],
    ['ALARM(a b)', 'needs quotes'],
    ['ALARM(a) ALARM(b)', 'AND or OR is missing'],
    ['(ALARM(a)', 'not closed'],
    ['ALARM(a))', 'too many'],
    ['ALARM(a) AND', 'is missing'],
    ['RED(a)', 'is missing'],
    ['ALARM("a)', 'cannot be read'],
    ['AT_LEAST(1, ALARM, (a, b))', 'does not support AT_LEAST'],
  ])('%s is refused', (text, message) => {
    expect(() => parseRule(text)).toThrow(message);
  });

  it('names each of its alarms once, and no more than a hundred', () => {
    expect(alarmsOf(parseRule('ALARM(a) OR OK(b) AND NOT OK(a)'))).toEqual(['a', 'b']);
    const many = Array.from({ length: 101 }, (_, index) => `ALARM(a${index})`);
    expect(() => parseRule(many.join(' OR '))).toThrow('more than 100 alarms');
  });
});
