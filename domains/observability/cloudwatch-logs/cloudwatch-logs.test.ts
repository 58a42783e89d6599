import { describe, expect, test } from 'vitest';
import { linesAround } from './context.ts';
import { fakeLogs } from './fake-logs.ts';
import { assertOurs, groupPrefixes, groupsUnder, searchedGroups } from './groups.ts';
import { histogramQuery, mostBars } from './histogram.ts';
import { mergeRows } from './merge.ts';
import { commandsOf } from './pipeline.ts';
import { idOf, type Merge, mergeOfLines, type Plan, planOf, splitGroups } from './plan.ts';
import { assertRange } from './range.ts';
import { tableOf } from './rows.ts';

const lambda = '/aws/lambda/skafu-local-';
const from = '2026-11-21T08:00:00.000Z';

describe('the commands of a query', () => {
  test.each([
    ['fields @message | limit 5', ['fields @message', 'limit 5']],
    ['filter @message like "a|b" | limit 5', ['filter @message like "a|b"', 'limit 5']],
    [String.raw`filter x = "\"|" | limit 5`, [String.raw`filter x = "\"|"`, 'limit 5']],
    ['filter @message like /a|b/ | limit 5', ['filter @message like /a|b/', 'limit 5']],
    ['filter @message =~ /a|b/\n| limit 5', ['filter @message =~ /a|b/', 'limit 5']],
    ['parse @message /(?<a>x|y)/ | limit 5', ['parse @message /(?<a>x|y)/', 'limit 5']],
    ["parse @message '* | *' as a, b", ["parse @message '* | *' as a, b"]],
    ['fields a / 2 as b | fields c / 2 as d', ['fields a / 2 as b', 'fields c / 2 as d']],
    ['fields `a|b` | limit 1', ['fields `a|b`', 'limit 1']],
    ['# all | of it\nfields a | # again\n limit 1', ['fields a', 'limit 1']],
    ['fields "open | limit 5', ['fields "open', 'limit 5']],
    [' | ', []],
  ])('%s', (query, commands) => {
    expect(commandsOf(query)).toEqual(commands);
  });
});

describe('a histogram', () => {
  const counting = (query: string, seconds = 3600) =>
    histogramQuery(query, from, new Date(Date.parse(from) + seconds * 1000).toISOString());

  test('counts what the query is about, whatever it shows of it', () => {
    const query =
      'fields @message, a + 1 as b | parse @message "x*" as c | filter b > 2 | sort @timestamp | limit 5';
    expect(counting(query).query).toBe(
      'fields @message, a + 1 as b\n| parse @message "x*" as c\n| filter b > 2\n| stats count(*) as lines by bin(5m)',
    );
  });

  test('counts the lines before they are counted otherwise', () => {
    expect(counting('filter a = 1 | stats count(*) as n by b | filter n > 5').query).toBe(
      'filter a = 1\n| stats count(*) as lines by bin(5m)',
    );
  });

  test.each([
    [10, 1],
    [3600, 300],
    [86_400, 1800],
    [31 * 86_400, 86_400],
  ])('over %i seconds has bars of %i', (seconds, bin) => {
    expect(counting('fields a', seconds).bin).toBe(bin);
    expect(seconds / bin + 1).toBeLessThanOrEqual(mostBars);
  });

  test('over a range that no query has keeps the longest bars', () => {
    expect(counting('fields a', 400 * 86_400).bin).toBe(86_400);
  });
});

describe('the rows of an answer', () => {
  test('are a table with every field that any row has, in the order of the fullest, times in RFC 3339', () => {
    const results = [
      [{ field: '@message', value: '2026-11-21 08:00:00.123' }],
      [
        { field: '@timestamp', value: '2026-11-21 08:00:00.123' },
        { field: 'level' },
        { field: '@message', value: 'b' },
      ],
      [{ field: 'bin(5m)', value: '2026-11-21 08:00:00.000' }, { value: 'odd' }],
    ];
    expect(tableOf(results)).toEqual({
      fields: ['@timestamp', 'level', '@message', 'bin(5m)', ''],
      rows: [
        [null, null, '2026-11-21 08:00:00.123', null, null],
        ['2026-11-21T08:00:00.123Z', null, 'b', null, null],
        [null, null, null, '2026-11-21T08:00:00.000Z', 'odd'],
      ],
      cut: 0,
    });
    expect(tableOf([])).toEqual({ fields: [], rows: [], cut: 0 });
  });

  test('end before they are more than a function may answer', () => {
    const results = Array.from({ length: 10 }, () => [{ field: 'a', value: 'é'.repeat(10) }]);
    expect(tableOf(results, 100)).toMatchObject({ rows: { length: 4 }, cut: 6 });
  });
});

describe('a range', () => {
  test('of 31 days is taken', () => {
    expect(() => assertRange(from, '2026-12-22T08:00:00.000Z')).not.toThrow();
  });

  test.each([
    [from, from, '#/to'],
    [from, '2026-12-22T08:00:00.001Z', '#/from'],
  ])('from %s to %s is refused at %s', (begin, end, pointer) => {
    expect(() => assertRange(begin, end)).toThrow(
      expect.objectContaining({ status: 400, errors: [expect.objectContaining({ pointer })] }),
    );
  });
});

describe('the groups of a query', () => {
  const names = (prefix: string, count: number) =>
    Array.from({ length: count }, (_, index) => ({ logGroupName: `${prefix}${index}` }));
  const having = (count: number) =>
    fakeLogs({
      DescribeLogGroups: ({ logGroupNamePrefix, nextToken }) =>
        logGroupNamePrefix === lambda
          ? {
              logGroups: names(nextToken ? `${lambda}b` : lambda, count),
              nextToken: nextToken ? undefined : 'next',
            }
          : {},
    });

  test('are all of the installation, from every page, unless some are named', async () => {
    const { client, calls } = having(2);
    expect(await searchedGroups(client, 'local', undefined)).toEqual([
      `${lambda}0`,
      `${lambda}1`,
      `${lambda}b0`,
      `${lambda}b1`,
    ]);
    expect(calls).toHaveLength(groupPrefixes('local').length + 1);
  });

  test('are those that are named or begin so, each once', async () => {
    const { client } = having(1);
    const parameter = `${lambda}0, ${lambda}*,/skafu/local/errors`;
    expect(await searchedGroups(client, 'local', parameter)).toEqual([
      `${lambda}0`,
      `${lambda}b0`,
      '/skafu/local/errors',
    ]);
  });

  test('must be some', async () => {
    const { client } = fakeLogs({ DescribeLogGroups: () => ({ logGroups: [{}] }) });
    await expect(searchedGroups(client, 'local', `${lambda}none*`)).resolves.toBeTruthy();
    const empty = fakeLogs({ DescribeLogGroups: () => ({}) });
    await expect(searchedGroups(empty.client, 'local', `${lambda}none*`)).rejects.toMatchObject({
      status: 400,
      errors: [{ pointer: '#/groups', detail: 'must match at least one log group' }],
    });
  });

  test.each(['/aws/lambda/other', '/aws/lambda/skafu-production-relay', '*', ''])(
    'are the own ones: not %o',
    async (name) => {
      const { client, calls } = fakeLogs({});
      await expect(searchedGroups(client, 'local', name)).rejects.toMatchObject({
        status: 400,
        errors: [expect.objectContaining({ pointer: '#/groups' })],
      });
      expect(calls).toEqual([]);
    },
  );

  test('are listed to an end, however long AWS goes on', async () => {
    const { client, calls } = fakeLogs({ DescribeLogGroups: () => ({ nextToken: 'more' }) });
    expect(await groupsUnder(client, lambda)).toEqual([]);
    expect(calls).toHaveLength(10);
  });

  test('of a prefix that is the own one are fine', () => {
    expect(() => assertOurs('local', '/aws/vendedlogs/states/skafu-local-x', '#/group')).not.toThrow();
  });
});

describe('queries side by side', () => {
  const groups = (count: number) => Array.from({ length: count }, (_, index) => `${index}`);

  test.each([
    [10, true, [10], 0],
    [120, true, [50, 50, 20], 0],
    [230, true, [50, 50, 50, 50], 30],
    [120, false, [50], 70],
  ])('of %i groups, mergeable: %s, search %o and leave %i', (count, isMergeable, sizes, left) => {
    const split = splitGroups(groups(count), isMergeable);
    expect([split.batches.map(({ length }) => length), split.left]).toEqual([sizes, left]);
  });

  test.each([
    ['fields a', { field: '@timestamp', descending: true, limit: 10_000 }],
    ['fields a | sort b | limit 5', { field: 'b', descending: false, limit: 5 }],
    ['SORT b DESC, c asc | head 20000', { field: 'b', descending: true, limit: 10_000 }],
  ])('%s is put together by %o', (query, merge) => {
    expect(mergeOfLines(query)).toEqual({ kind: 'lines', ...merge });
  });

  test('count nothing together but lines', () => {
    expect(mergeOfLines('stats count(*) by a')).toBeUndefined();
    expect(mergeOfLines('fields a | dedup b', 5)).toBeUndefined();
    expect(mergeOfLines('fields a', 5)).toMatchObject({ limit: 5 });
  });

  test('are known by one id', () => {
    const several: Plan = {
      ids: ['a', 'b'],
      merge: { kind: 'lines', field: 'x', descending: true, limit: 5 },
    };
    expect(planOf(idOf(several))).toEqual(several);
    expect(idOf({ ...several, ids: ['a'] })).toBe('a');
    expect(planOf('a-b')).toEqual({ ids: ['a-b'], merge: { kind: 'counts' } });
  });

  test.each([
    'eyJ!',
    ...[
      null,
      { ids: ['a', 'b', 'c', 'd', 'e'], merge: { kind: 'counts' } },
      { ids: [1], merge: { kind: 'counts' } },
      { ids: ['a'] },
      { ids: ['a'], merge: { kind: 'lines', field: 1 } },
      { ids: ['a'], merge: { kind: 'lines', field: 'a' } },
      { ids: 'a' },
    ].map((value) => Buffer.from(JSON.stringify({ x: 1, ...value })).toString('base64url')),
  ])('are not known by %s', (id) => {
    expect(() => planOf(id)).toThrow(expect.objectContaining({ status: 400 }));
  });

  const rows = (...values: (string | undefined)[]) =>
    values.map((value) => (value === undefined ? [] : [{ field: 'a', value }]));
  const by = (descending: boolean): Merge => ({ kind: 'lines', field: 'a', descending, limit: 3 });

  test.each([
    [by(false), rows('10', '9'), rows('8', undefined), [undefined, '8', '9']],
    [by(true), rows('b', 'a'), rows('c', 'b'), ['c', 'b', 'b']],
  ])('are in order and no more than asked for: %o', (merge, first, second, values) => {
    const merged = mergeRows(merge, [first, second]);
    expect(merged.map((row) => row[0]?.value)).toEqual(values);
  });

  test('of which there is one stay as they are', () => {
    expect(mergeRows(by(true), [rows('1', '2')])).toEqual(rows('1', '2'));
    expect(mergeRows(by(true), [])).toEqual([]);
  });

  test('add their counts', () => {
    const count = (time: string, lines?: string) => [
      { field: 'bin(5m)', value: time },
      ...(lines ? [{ field: 'lines', value: lines }] : []),
    ];
    const merged = mergeRows({ kind: 'counts' }, [
      [count('8', '2'), count('9', '1')],
      [count('8', '40'), count('7')],
    ]);
    expect(merged).toEqual([count('8', '42'), count('9', '1'), count('7', '0')]);
  });
});

describe('the lines around one', () => {
  const wish = { group: `${lambda}0`, stream: 's', at: from, around: 2 };

  test('are those before it, and those from it on', async () => {
    const { client, calls } = fakeLogs({
      GetLogEvents: ({ startFromHead }) => ({ events: [{ message: startFromHead ? 'from' : 'before' }] }),
    });
    expect((await linesAround(client, wish)).map(({ message }) => message)).toEqual(['before', 'from']);
    const stream = { logGroupName: `${lambda}0`, logStreamName: 's' };
    const time = Date.parse(from);
    expect(calls.map(({ input }) => input)).toEqual([
      { ...stream, endTime: time, limit: 2, startFromHead: false, nextToken: undefined },
      { ...stream, startTime: time, limit: 3, startFromHead: true, nextToken: undefined },
    ]);
  });

  test('are found behind pages without lines, and not sought for ever', async () => {
    const pages = fakeLogs({
      GetLogEvents: ({ startFromHead, nextToken }) => {
        if (!startFromHead) return { nextBackwardToken: 'same' };
        return nextToken ? { events: [{ message: 'late' }] } : { events: [], nextForwardToken: 'f' };
      },
    });
    expect(await linesAround(pages.client, wish)).toEqual([{ message: 'late' }]);
    expect(pages.calls).toHaveLength(4);

    let token = 0;
    const endless = fakeLogs({
      GetLogEvents: () => ({ nextForwardToken: `${token++}`, nextBackwardToken: `${token++}` }),
    });
    expect(await linesAround(endless.client, wish)).toEqual([]);
    expect(endless.calls).toHaveLength(8);
    expect(await linesAround(fakeLogs({ GetLogEvents: () => ({}) }).client, wish)).toEqual([]);
  });
});
