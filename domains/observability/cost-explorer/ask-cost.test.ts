import type { CostExplorerClient, Group, ResultByTime } from '@aws-sdk/client-cost-explorer';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { askCost, mostPages } from './ask-cost.ts';
import { mostGroups } from './cost-groups.ts';

interface Page {
  ResultsByTime?: ResultByTime[];
  NextPageToken?: string;
}

/** A client that gives these pages one after the other, and remembers what it was asked. */
function clientOf(...pages: Page[]) {
  const asked: Record<string, unknown>[] = [];
  const send = async ({ input }: { input: Record<string, unknown> }) => {
    asked.push(input);
    return pages[Math.min(asked.length, pages.length) - 1];
  };
  return { client: { send } as unknown as Pick<CostExplorerClient, 'send'>, asked };
}

const group = (name: string, amount: string): Group => ({
  Keys: [name],
  Metrics: { UnblendedCost: { Amount: amount, Unit: 'USD' } },
});
const result = (start: string, end: string, groups: Group[], estimated = false): ResultByTime => ({
  TimePeriod: { Start: start, End: end },
  Groups: groups,
  Estimated: estimated,
});

const wish = {
  previousFrom: '2026-11-19',
  from: '2026-11-20',
  to: '2026-11-21',
  granularity: 'daily' as const,
  groupBy: 'service',
};

describe('a bill', () => {
  test('is asked for together with the period before, in one request', async () => {
    const { client, asked } = clientOf({ ResultsByTime: [] });
    const { requests, price } = await askCost(client, wish);
    expect(asked).toEqual([
      {
        TimePeriod: { Start: '2026-11-19', End: '2026-11-21' },
        Granularity: 'DAILY',
        Metrics: ['UnblendedCost'],
        GroupBy: [{ Type: 'DIMENSION', Key: 'SERVICE' }],
        NextPageToken: undefined,
      },
    ]);
    expect({ requests, price }).toEqual({ requests: 1, price: 0.01 });
  });

  test('is cut by period and group, the dearest first, and compared with the period before', async () => {
    const { client } = clientOf({
      ResultsByTime: [
        result('2026-11-19', '2026-11-20', [group('Lambda', '2'), group('SQS', '1')]),
        result('2026-11-20', '2026-11-21', [group('Lambda', '0.000012'), group('DynamoDB', '3.5')], true),
      ],
    });
    expect(await askCost(client, wish)).toMatchObject({
      unit: 'USD',
      periods: [{ from: '2026-11-20', to: '2026-11-21', estimated: true, total: 3.500012 }],
      groups: [
        { name: 'DynamoDB', amounts: [3.5], total: 3.5, previousTotal: 0 },
        { name: 'Lambda', amounts: [0.000012], total: 0.000012, previousTotal: 2 },
        { name: 'SQS', amounts: [0], total: 0, previousTotal: 1 },
      ],
      total: 3.500012,
      previousTotal: 3,
      estimated: true,
      partial: false,
    });
  });

  test('has no comparison where the days before are not kept', async () => {
    const { client, asked } = clientOf({
      ResultsByTime: [result('2026-11-20', '2026-11-21', [group('SQS', '1')])],
    });
    const { previousFrom: _, ...alone } = wish;
    const bill = await askCost(client, alone);
    expect(asked[0]).toMatchObject({ TimePeriod: { Start: '2026-11-20' } });
    expect(bill).not.toHaveProperty('previousTotal');
    expect(bill.groups[0]).not.toHaveProperty('previousTotal');
  });

  test.each([
    ['usage-type', { Type: 'DIMENSION', Key: 'USAGE_TYPE' }],
    ['region', { Type: 'DIMENSION', Key: 'REGION' }],
    ['tag:domain', { Type: 'TAG', Key: 'domain' }],
  ])('can be grouped by %s', async (groupBy, definition) => {
    const { client, asked } = clientOf({});
    await askCost(client, { ...wish, groupBy });
    expect(asked[0]).toMatchObject({ GroupBy: [definition] });
  });

  test('names tags by their value, and says what bears none', async () => {
    const groups = [group('domain$identity', '2'), group('domain$', '1'), group('NoRegion', '0.5')];
    const { client } = clientOf({ ResultsByTime: [result('2026-11-20', '2026-11-21', groups)] });
    const bill = await askCost(client, wish);
    expect(bill.groups.map(({ name }) => name)).toEqual(['identity', 'without the tag domain', 'no region']);
  });

  test('joins a period whose groups came on two pages', async () => {
    const { client, asked } = clientOf(
      { ResultsByTime: [result('2026-11-20', '2026-11-21', [group('SQS', '1')])], NextPageToken: 'more' },
      { ResultsByTime: [result('2026-11-20', '2026-11-21', [group('SNS', '2')])] },
    );
    const bill = await askCost(client, wish);
    expect(asked[1]).toMatchObject({ NextPageToken: 'more' });
    expect(bill).toMatchObject({ total: 3, requests: 2, price: 0.02, partial: false });
    expect(bill.periods).toHaveLength(1);
  });

  test('stops asking at some price, and says that it is not all', async () => {
    const { client, asked } = clientOf({ ResultsByTime: [], NextPageToken: 'for ever' });
    expect(await askCost(client, wish)).toMatchObject({ partial: true, requests: mostPages });
    expect(asked).toHaveLength(mostPages);
  });

  test('adds up to the same, however many groups stand together', async () => {
    const amounts = fc.array(fc.integer({ min: 0, max: 1_000_000 }), { minLength: 1, maxLength: 120 });
    await fc.assert(
      fc.asyncProperty(amounts, async (cents) => {
        const groups = cents.map((each, index) => group(`g${index}`, String(each / 100)));
        const { client } = clientOf({ ResultsByTime: [result('2026-11-20', '2026-11-21', groups)] });
        const bill = await askCost(client, wish);
        const expected = cents.reduce((sum, each) => sum + each, 0) / 100;
        const told = bill.groups.reduce((sum, { total }) => sum + total, 0);
        expect(bill.groups.length).toBeLessThanOrEqual(mostGroups + 1);
        for (const sum of [told, bill.total, bill.periods[0]?.total]) expect(sum).toBeCloseTo(expected, 6);
      }),
    );
  });

  test('names the call that AWS refused', async () => {
    const refusal = Object.assign(new Error('too often'), {
      name: 'LimitExceededException',
      $fault: 'client',
    });
    const client = { send: () => Promise.reject(refusal) } as unknown as Pick<CostExplorerClient, 'send'>;
    await expect(askCost(client, wish)).rejects.toMatchObject({
      status: 429,
      message: expect.stringContaining('Cost Explorer GetCostAndUsage'),
    });
  });
});
