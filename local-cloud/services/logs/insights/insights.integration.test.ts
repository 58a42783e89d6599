import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startLogs, type TestLogs } from '../testing.ts';
import type { ResultField } from './execute.ts';

interface Results {
  status: string;
  results: ResultField[][];
  statistics: Record<string, number>;
}

/** A whole minute in the past hour, so that bins are known. */
const start = Math.floor(Date.now() / 300_000) * 300_000 - 1_800_000;
const time = (milliseconds: number) =>
  new Date(start + milliseconds).toISOString().replace('T', ' ').replace('Z', '');

const REPORT =
  'REPORT RequestId: 0b5f1a4e-1111-4222-8333-944445555666\tDuration: 12.34 ms\tBilled Duration: 13 ms\tMemory Size: 128 MB\tMax Memory Used: 70 MB\tInit Duration: 99.10 ms\t\nXRAY TraceId: 1-12345678-123456789012345678901234\tSegmentId: 1111111111111111\tSampled: true\t\n';

const LINES = [
  { level: 'ERROR', duration: 12.5, 'a.b': 'dot', detail: { items: [{ name: 'x' }, { name: 'y' }] } },
  { level: 'INFO', duration: 100, user: 'bob', text: '' },
  { level: 'INFO', duration: 60, user: 'ann', text: ' \t' },
  { level: 'WARN', duration: '200', user: 'bob', ok: true },
].map((line) => JSON.stringify(line));
const PLAIN = 'plain user=eve, status=404 done in 7 ms';
const EMBEDDED =
  '2026-01-01T00:00:00Z\t0b5f1a4e-1111-4222-8333-944445555777\tINFO\t{"level":"DEBUG","n":1}\n';
const ALL = [...LINES, PLAIN, REPORT, EMBEDDED];

let logs: TestLogs;

async function run(queryString: string, input: Record<string, unknown> = {}): Promise<Results> {
  const { queryId } = await logs.call<{ queryId: string }>('StartQuery', {
    logGroupName: 'app',
    startTime: start / 1_000,
    endTime: start / 1_000 + 1_800,
    queryString,
    ...input,
  });
  return vi.waitFor(
    async () => {
      const results = await logs.call<Results>('GetQueryResults', { queryId });
      expect(results.status).not.toMatch(/Running|Scheduled/);
      return results;
    },
    { timeout: 20_000, interval: 5 },
  );
}

/** Rows as objects, without pointers. */
async function rows(query: string, input: Record<string, unknown> = {}): Promise<Record<string, string>[]> {
  const { status, results } = await run(query, input);
  expect(status).toBe('Complete');
  return results.map((row) =>
    Object.fromEntries(row.filter(({ field }) => field !== '@ptr').map(({ field, value }) => [field, value])),
  );
}

beforeAll(async () => {
  logs = await startLogs();
  await logs.call('CreateLogGroup', { logGroupName: 'empty' });
  const entries = ALL.map((message, index) => ({ time: start + index * 60_000, message }));
  logs.cloud.ports.logs.write('app', 'one', entries);
  logs.cloud.ports.logs.write('other', 'two', [{ time: start, message: '{"level":"INFO","duration":1}' }]);
});

afterAll(() => logs.stop());

describe('a query of logs', () => {
  it('shows time and message, newest first, unless it says otherwise', async () => {
    const { results, statistics } = await run('limit 2');
    expect(results).toEqual(
      [6, 5].map((index) => [
        { field: '@timestamp', value: time(index * 60_000) },
        { field: '@message', value: ALL[index] },
        { field: '@ptr', value: expect.any(String) },
      ]),
    );
    const bytes = ALL.reduce((sum, line) => sum + line.length, 0);
    expect(statistics).toMatchObject({ recordsMatched: 7, recordsScanned: 7, bytesScanned: bytes });
  });

  it.each([
    ['level = "INFO"', [1, 2]],
    ['level != "INFO"', [0, 3, 4, 5, 6]],
    ['not (level = "INFO")', [0, 3, 4, 5, 6]],
    ['duration > 60', [1, 3]],
    ['duration >= 60 and duration <= 100', [1, 2]],
    ['duration = "100" or duration = 200', [1, 3]],
    ['level in ["INFO", "WARN"] and duration in [60, 200]', [2, 3]],
    ['level not in ["INFO"]', [0, 3, 4, 5, 6]],
    ['@message like "user"', [1, 2, 3, 4]],
    ['@message like /user":"b.b/', [1, 3]],
    ['@message =~ /PLAIN|error/i', [0, 4]],
    ['@message not like /"level"/', [4, 5]],
    ['ispresent(user)', [1, 2, 3]],
    ['isempty(text)', [0, 1, 3, 4, 5, 6]],
    ['isblank(text)', [0, 1, 2, 3, 4, 5, 6]],
    ['detail.items.1.name = "y"', [0]],
    ['`a.b` = "dot"', [0]],
    ['ok = true', [3]],
    ['n = 1', [6]],
    ['@logStream = "one" and @log = "000000000000:app" and duration < 20', [0]],
    [`@timestamp < ${start + 60_000}`, [0]],
    ['strcontains(@message, "eve,")', [4]],
    ['duration / 0 > 1 or duration % 0 = 1 or log(0) > 1 or sqrt(-1) > 1', []],
  ])('filters by %s', async (condition, expected) => {
    const found = await rows(`filter ${condition} | sort @timestamp asc`);
    expect(found.map((row) => ALL.indexOf(row['@message'] ?? ''))).toEqual(expected);
  });

  it.each([
    ['2 ^ 3', '8'],
    ['1 / 3', '0.3333'],
    ['7 % 4 + 0.5', '3.5'],
    ['abs(-2)', '2'],
    ['ceil(1.2)', '2'],
    ['floor(-1.2)', '-2'],
    ['greatest(1, 3, 2)', '3'],
    ['least(duration, 3)', '3'],
    ['log(1)', '0'],
    ['sqrt(9)', '3'],
    ['strlen("añb")', '3'],
    ['toupper(level)', 'ERROR'],
    ['tolower(level)', 'error'],
    ['trim("  a ")', 'a'],
    ['ltrim("xxax", "x")', 'ax'],
    ['rtrim("xxax", "x")', 'xxa'],
    ['concat(level, "-", duration)', 'ERROR-12.5'],
    ['substr("abcdef", 2)', 'cdef'],
    ['substr("abcdef", 1, 3)', 'bcd'],
    ['replace("a-b-c", "-", "+")', 'a+b+c'],
    ['strcontains(level, "RR")', '1'],
    ['duration > 10', '1'],
    ['coalesce(nothing, level)', 'ERROR'],
    ['if(duration > 10, "slow", "fast")', 'slow'],
    ['datefloor(@timestamp, 1h)', `${time(0).slice(0, 14)}00:00.000`],
    ['dateceil(@timestamp, 5m)', time(0)],
    ['fromMillis(toMillis(@timestamp) + 5)', time(5)],
    ['fromMillis(1e30)', undefined],
    ['bin(1d)', `${time(0).slice(0, 11)}00:00:00.000`],
    ['detail.items.0.name', 'x'],
    ['@entity.KeyAttributes.Name', undefined],
    ['-duration', '-12.5'],
  ])('computes %s', async (expression, expected) => {
    expect(await rows(`filter level = "ERROR" | fields ${expression} as it`)).toEqual([
      expected === undefined ? {} : { it: expected },
    ]);
  });

  it('finds what Lambda reports', async () => {
    const query =
      'filter @type = "REPORT" | fields @requestId, @duration, @billedDuration, @memorySize / 1000 / 1000 as memory, @maxMemoryUsed, @initDuration, @xrayTraceId';
    expect(await rows(query)).toEqual([
      {
        '@requestId': '0b5f1a4e-1111-4222-8333-944445555666',
        '@duration': '12.34',
        '@billedDuration': '13',
        memory: '128',
        '@maxMemoryUsed': '70000000',
        '@initDuration': '99.1',
        '@xrayTraceId': '1-12345678-123456789012345678901234',
      },
    ]);
    expect(await rows('filter n = 1 | fields @requestId, level')).toEqual([
      { '@requestId': '0b5f1a4e-1111-4222-8333-944445555777', level: 'DEBUG' },
    ]);
  });

  it.each([
    [
      'stats count(*) as n by level | sort n desc, level asc | limit 2',
      [{ level: 'INFO', n: '2' }, { n: '2' }],
    ],
    [
      'filter ispresent(user) | stats count_distinct(user) as d, sum(duration) as s, avg(duration)',
      [{ d: '2', s: '360', 'avg(duration)': '120' }],
    ],
    [
      'stats min(duration), max(duration), max(level), median(duration) as m',
      [{ 'min(duration)': '12.5', 'max(duration)': '200', 'max(level)': 'WARN', m: '80' }],
    ],
    ['stats pct(duration, 50) as p, stddev(duration) as s', [{ p: '80', s: '79.7228' }]],
    [
      'stats earliest(level), latest(n), sortsFirst(user), sortsLast(user)',
      [{ 'earliest(level)': 'ERROR', 'latest(n)': '1', 'sortsFirst(user)': 'ann', 'sortsLast(user)': 'bob' }],
    ],
    [
      'filter ispresent(duration) | stats max(duration) - min(duration) as spread, sum(duration) / count(*) as mean',
      [{ spread: '187.5', mean: '93.125' }],
    ],
    [
      'stats count(*) by bin(5m)',
      [
        { 'bin(5m)': time(300_000), 'count(*)': '2' },
        { 'bin(5m)': time(0), 'count(*)': '5' },
      ],
    ],
    [
      'stats count(*) as n by user | filter n > 1 | stats sum(n) as total, count(*) as users',
      [{ total: '6', users: '2' }],
    ],
    [
      'parse @message "user=*, status=* done" as who, status | filter ispresent(who) | stats sum(status) by who',
      [{ who: 'eve', 'sum(status)': '404' }],
    ],
    ['parse @message /status=(?<code>\\d)\\d+/ | filter code = 4 | display code', [{ code: '4' }]],
    ['fields duration * 2 as d | filter d > 300 | display d', [{ d: '400' }]],
    ['fields duration + 1 as duration | filter duration = 61 | display duration', [{ duration: '61' }]],
    [
      'filter ispresent(user) | dedup user | fields user, duration',
      [
        { user: 'bob', duration: '200' },
        { user: 'ann', duration: '60' },
      ],
    ],
    ['sort duration asc | limit 2 | fields duration', [{ duration: '12.5' }, { duration: '60' }]],
    ['sort @timestamp asc | limit 3 | stats count(*) as n, max(duration) as m', [{ n: '3', m: '100' }]],
    ['filter level = "NONE" | stats count(*)', []],
  ])('%s', async (query, expected) => {
    expect(await rows(query)).toEqual(expected);
  });

  it('counts the lines that matched, whatever became of them', async () => {
    const matched = async (query: string) => (await run(query)).statistics['recordsMatched'];
    expect(await matched('filter level = "INFO"')).toBe(2);
    expect(await matched('filter level = "INFO" | limit 1')).toBe(2);
    expect(await matched('filter ispresent(level) | stats count(*) by level | limit 1')).toBe(5);
    expect(await matched('filter ispresent(level) | stats count(*) as n by level | filter n > 9')).toBe(5);
    expect(await matched('filter ispresent(level) | dedup level | stats count(*)')).toBe(5);
  });

  it('reads several groups, by name or ARN, and only its time', async () => {
    const arn = 'arn:aws:logs:us-east-1:000000000000:log-group:other:*';
    const both = { logGroupName: undefined, logGroupIdentifiers: ['app', arn] };
    expect(await rows('filter level = "INFO" | stats count(*) by @log', both)).toEqual([
      { '@log': '000000000000:app', 'count(*)': '2' },
      { '@log': '000000000000:other', 'count(*)': '1' },
    ]);
    const end = { endTime: start / 1_000 + 60 };
    expect(await rows('stats count(*) as n', end)).toEqual([{ n: '2' }]);
    expect(await rows('fields @message', { logGroupName: 'empty' })).toEqual([]);
  });

  it('gives back any JSON as it was written', async () => {
    const key = fc
      .string({ minLength: 1, maxLength: 12 })
      .filter((text) => !/[.`\\\0]|^\d+$|^\s*$/.test(text));
    const value = fc.oneof(fc.string({ minLength: 1, unit: 'grapheme' }), fc.integer(), fc.boolean());
    await fc.assert(
      fc.asyncProperty(key, value, fc.uuid(), async (name, given, id) => {
        const message = JSON.stringify({ id, inner: { [name]: given } });
        logs.cloud.ports.logs.write('any', 's', [{ time: start, message }]);
        const found = await rows(`filter id = "${id}" | fields inner.\`${name}\` as it`, {
          logGroupName: 'any',
        });
        expect(found).toEqual([{ it: String(given) }]);
      }),
      { numRuns: 40 },
    );
  });
});

describe('the record of a pointer', () => {
  it('holds every field of the line', async () => {
    const { results } = await run('filter level = "ERROR"');
    const pointer = results[0]?.find(({ field }) => field === '@ptr')?.value;
    const { logRecord } = await logs.call('GetLogRecord', { logRecordPointer: pointer });
    expect(logRecord).toMatchObject({
      '@message': ALL[0],
      '@logStream': 'one',
      '@log': '000000000000:app',
      '@timestamp': String(start),
      'detail.items.1.name': 'y',
      duration: '12.5',
    });
    await expect(logs.call('GetLogRecord', { logRecordPointer: 'nonsense' })).rejects.toMatchObject({
      code: 'InvalidParameterException',
    });
  });
});

describe('a query that cannot be', () => {
  it.each([
    [{ queryString: 'filter @message like /(/' }, 'MalformedQueryException'],
    [{ queryString: 'fields a | bogus' }, 'MalformedQueryException'],
    [{ logGroupName: 'none' }, 'ResourceNotFoundException'],
    [{ logGroupNames: ['app'] }, 'InvalidParameterException'],
    [{ startTime: 10, endTime: 9 }, 'InvalidParameterException'],
    [{ limit: 10_001 }, 'InvalidParameterException'],
    [{ queryLanguage: 'SQL' }, 'InvalidParameterException'],
  ])('is refused: %o', async (input, code) => {
    await expect(run('fields @message', input)).rejects.toMatchObject({ code });
  });

  it('is not found by another name', async () => {
    for (const name of ['GetQueryResults', 'StopQuery']) {
      await expect(logs.call(name, { queryId: 'none' })).rejects.toMatchObject({
        code: 'ResourceNotFoundException',
      });
    }
  });
});
