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

  test('is told by month where that is asked for, its periods in order', async () => {
    const { client, asked } = clientOf({
      ResultsByTime: [
        result('2026-11-01', '2026-12-01', [group('SQS', '2')]),
        result('2026-10-01', '2026-11-01', [group('SQS', '1')]),
        result('2026-12-01', '2027-01-01', [group('SQS', '4')]),
      ],
    });
    const { periods, groups } = await askCost(client, {
      from: '2026-10-01',
      to: '2027-01-01',
      granularity: 'monthly',
      groupBy: 'service',
    });
    expect(asked).toMatchObject([{ Granularity: 'MONTHLY' }]);
    expect(periods.map(({ from }) => from)).toEqual(['2026-10-01', '2026-11-01', '2026-12-01']);
    expect(groups).toEqual([{ name: 'SQS', amounts: [1, 2, 4], total: 7 }]);
  });

  test('takes a group without a metric for nothing, and one without a key for no region', async () => {
    const metric = { UnblendedCost: { Amount: '3', Unit: 'EUR' } };
    const groups = [{ Metrics: metric }, { Keys: [], Metrics: metric }, { Keys: ['SQS'] }];
    const { client } = clientOf({ ResultsByTime: [result('2026-11-20', '2026-11-21', groups)] });
    expect(await askCost(client, wish)).toMatchObject({
      unit: 'EUR',
      groups: [{ name: 'no region', total: 6 }],
      total: 6,
    });
  });

  test('tells the cheapest of many groups as one, and what they cost before where that is known', async () => {
    const many = (amount: string) =>
      Array.from({ length: mostGroups + 2 }, (_, index) =>
        group(`g${index}`, index < mostGroups ? '9' : amount),
      );
    const pages = {
      ResultsByTime: [
        result('2026-11-19', '2026-11-20', many('4')),
        result('2026-11-20', '2026-11-21', many('1')),
        result('2026-11-21', '2026-11-22', many('2')),
      ],
    };
    const compared = await askCost(clientOf(pages).client, { ...wish, to: '2026-11-22' });
    expect(compared.groups.at(-1)).toEqual({ name: '2 others', amounts: [2, 4], total: 6, previousTotal: 8 });
    expect(compared.groupsTogether).toBe(2);
    const { previousFrom: _, ...alone } = wish;
    const { groups } = await askCost(clientOf(pages).client, { ...alone, to: '2026-11-22' });
    expect(groups).toHaveLength(mostGroups + 1);
    expect(groups.at(-1)).toEqual({ name: '2 others', amounts: [2, 4], total: 6 });
  });

  test('adds up to the same, however many groups stand together', async () => {
    const amounts = fc.array(fc.integer({ min: 0, max: 1_000_000 }), {
      minLength: 1,
      maxLength: 120,
      // Else arrays are nearly always shorter than what stands together.
      size: 'max',
    });
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
