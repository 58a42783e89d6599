import { describe, expect, it } from 'vitest';
import type { BillLine } from './bill.ts';
import { readFilter } from './filter.ts';
import { amountsOf, decimal } from './metrics.ts';

const line: BillLine = {
  time: 0,
  service: 'AWS Lambda',
  usageType: 'Request-ARM',
  operation: 'Invoke',
  resource: 'arn:a',
  region: 'us-east-1',
  account: '000000000000',
  tags: { domain: 'sales' },
  quantity: 2,
  unit: 'Requests',
  cost: 0.25,
};
const dimension = (Key: string, Values: string[], MatchOptions?: string[]) => ({
  Dimensions: { Key, Values, ...(MatchOptions && { MatchOptions }) },
});
const tag = (Values: string[], MatchOptions?: string[], Key = 'domain') => ({
  Tags: { Key, Values, ...(MatchOptions && { MatchOptions }) },
});
const lambda = dimension('SERVICE', ['AWS Lambda']);
const sqs = dimension('SERVICE', ['Amazon Simple Queue Service']);

describe('a filter', () => {
  it.each([
    [undefined, true],
    [lambda, true],
    [sqs, false],
    [dimension('SERVICE', ['Amazon Simple Queue Service', 'AWS Lambda']), true],
    [dimension('SERVICE', ['aws lambda']), false],
    [dimension('SERVICE', ['aws lambda'], ['CASE_INSENSITIVE']), true],
    [dimension('USAGE_TYPE', ['Request'], ['STARTS_WITH']), true],
    [dimension('USAGE_TYPE', ['arm'], ['ENDS_WITH', 'CASE_INSENSITIVE']), true],
    [dimension('OPERATION', ['vok'], ['CONTAINS']), true],
    [dimension('INSTANCE_TYPE', [], ['ABSENT']), true],
    [dimension('SERVICE', [], ['ABSENT']), false],
    [tag(['sales']), true],
    [tag(['stock']), false],
    [tag([], ['ABSENT'], 'team'), true],
    [tag([''], undefined, 'team'), true],
    [{ And: [lambda, tag(['sales'])] }, true],
    [{ And: [lambda, sqs] }, false],
    [{ Or: [sqs, lambda] }, true],
    [{ Not: lambda }, false],
    [{ Not: { And: [lambda, { Not: tag(['sales']) }] } }, true],
  ])('%j matches: %s', (filter, expected) => {
    expect(readFilter(filter)(line)).toBe(expected);
  });

  it.each([
    [{}],
    ['SERVICE'],
    [{ ...lambda, ...tag(['sales']) }],
    [{ And: [lambda] }],
    [dimension('COLOUR', ['red'])],
    [dimension('SERVICE', [])],
    [dimension('RESOURCE_ID', ['arn:a'])],
    [dimension('SERVICE', ['a'], ['GREATER_THAN_OR_EQUAL'])],
  ])('%j is refused', (filter) => {
    expect(() => readFilter(filter)).toThrow(expect.objectContaining({ code: 'ValidationException' }));
  });

  it('by cost categories is not there, and says so', () => {
    expect(() => readFilter({ CostCategories: { Key: 'team', Values: ['a'] } })).toThrow(
      expect.objectContaining({ code: 'NotImplemented' }),
    );
  });
});

describe('amounts', () => {
  it.each([
    [0, '0'],
    [-0, '0'],
    [1e-10, '0.0000000001'],
    [4e-11, '0'],
    [12.5, '12.5'],
    [1_000_000, '1000000'],
    [0.1 + 0.2, '0.3'],
  ])('%d is written %s', (value, text) => {
    expect(decimal(value)).toBe(text);
  });

  it('have the unit of their lines, and none when these differ', () => {
    const other = { ...line, quantity: 3, unit: 'GB' };
    expect(amountsOf([line, line], ['UsageQuantity', 'BlendedCost'])).toEqual({
      UsageQuantity: { Amount: '4', Unit: 'Requests' },
      BlendedCost: { Amount: '0.5', Unit: 'USD' },
    });
    expect(amountsOf([line, other], ['UsageQuantity', 'NormalizedUsageAmount'])).toEqual({
      UsageQuantity: { Amount: '5', Unit: 'N/A' },
      NormalizedUsageAmount: { Amount: '0', Unit: 'N/A' },
    });
    expect(amountsOf([], ['UnblendedCost'])).toEqual({ UnblendedCost: { Amount: '0', Unit: 'USD' } });
  });
});
