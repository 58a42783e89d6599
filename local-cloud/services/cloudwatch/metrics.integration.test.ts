import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startCloudwatch, type TestCloudwatch } from './testing.ts';

const HOUR = 3_600;
/** Epoch seconds of a full minute, five minutes ago. */
const start = Math.floor(Date.now() / 60_000) * 60 - 300;

interface DataResult {
  Id: string;
  Label: string;
  Timestamps: Date[];
  Values: number[];
  StatusCode: string;
}
interface DataAnswer {
  MetricDataResults: DataResult[];
  NextToken?: string;
}

let cloudwatch: TestCloudwatch;

beforeEach(async () => {
  cloudwatch = await startCloudwatch();
});

afterEach(() => cloudwatch.stop());

async function put(...data: Record<string, unknown>[]): Promise<void> {
  await cloudwatch.call('PutMetricData', { Namespace: 'Shop', MetricData: data });
}

function latency(minute: number, fields: Record<string, unknown>, dimensions: Record<string, string> = {}) {
  return {
    MetricName: 'Latency',
    Unit: 'Milliseconds',
    Timestamp: start + minute * 60,
    Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
    ...fields,
  };
}

function metric(Id: string, Stat: string, fields: Record<string, unknown> = {}) {
  return {
    Id,
    MetricStat: { Metric: { Namespace: 'Shop', MetricName: 'Latency' }, Period: 60, Stat },
    ...fields,
  };
}

function data(queries: Record<string, unknown>[], fields: Record<string, unknown> = {}): Promise<DataAnswer> {
  return cloudwatch.call<DataAnswer>('GetMetricData', {
    MetricDataQueries: queries,
    StartTime: start,
    EndTime: start + 300,
    ScanBy: 'TimestampAscending',
    ...fields,
  });
}

describe('GetMetricData', () => {
  it('answers all statistics of single, weighted and aggregated values', async () => {
    await put(
      latency(0, { Value: 1 }),
      latency(0, { Values: [2, 3], Counts: [3, 1] }),
      latency(1, { StatisticValues: { SampleCount: 4, Sum: 10, Minimum: 1, Maximum: 4 } }),
    );
    const names = ['Sum', 'Average', 'Minimum', 'Maximum', 'SampleCount', 'p50', 'p100'];
    const { MetricDataResults } = await data(names.map((stat, index) => metric(`q${index}`, stat)));
    expect(MetricDataResults.map(({ Values }) => Values)).toEqual([
      [10, 10],
      [2, 2.5],
      [1, 1],
      [3, 4],
      [5, 4],
      [2],
      [3],
    ]);
    expect(MetricDataResults[0]?.Timestamps).toEqual([
      new Date(start * 1_000),
      new Date((start + 60) * 1_000),
    ]);
  });

  it('accepts the types of every protocol', async () => {
    await cloudwatch.call('PutMetricData', {
      Namespace: 'Shop',
      MetricData: [
        { MetricName: 'Latency', Value: '1.5', Timestamp: new Date(start * 1_000).toISOString() },
        { MetricName: 'Latency', Value: 2, Timestamp: new Date(start * 1_000) },
      ],
    });
    const { MetricDataResults } = await data([
      {
        Id: 'q',
        ReturnData: 'true',
        MetricStat: { Metric: { Namespace: 'Shop', MetricName: 'Latency' }, Period: '60', Stat: 'Sum' },
      },
    ]);
    expect(MetricDataResults[0]?.Values).toEqual([3.5]);
  });

  it('computes metric math and returns only what was asked for', async () => {
    await put(latency(0, { Value: 10 }), latency(1, { Value: 30 }));
    const { MetricDataResults } = await data([
      metric('m1', 'Sum', { ReturnData: false }),
      { Id: 'half', Expression: 'm1 / 2', Label: 'Half' },
      { Id: 'twice', Expression: 'half * 4' },
      { Id: 'filled', Expression: 'FILL(m1, 0)' },
    ]);
    expect(MetricDataResults.map(({ Id, Label, Values }) => [Id, Label, Values])).toEqual([
      ['half', 'Half', [5, 15]],
      ['twice', 'twice', [20, 60]],
      ['filled', 'filled', [10, 30, 0, 0, 0]],
    ]);
  });

  it('refuses a function it does not know by its name', async () => {
    await expect(data([{ Id: 'e', Expression: "SEARCH('x', 'Sum')" }])).rejects.toMatchObject({
      code: 'ValidationError',
      message: expect.stringContaining('SEARCH'),
    });
  });

  it('refuses an expression that refers to itself', async () => {
    await expect(
      data([
        { Id: 'a', Expression: 'b + 1' },
        { Id: 'b', Expression: 'a + 1' },
      ]),
    ).rejects.toThrow(/refers to itself/);
  });

  it('pages without losing or repeating a point', async () => {
    await put(...[0, 1, 2, 3].map((minute) => latency(minute, { Value: minute })));
    const queries = [metric('sum', 'Sum'), metric('most', 'Maximum')];
    const values = new Map<string, number[]>();
    let token: string | undefined;
    let pages = 0;
    do {
      const answer = await data(queries, { MaxDatapoints: 3, ...(token ? { NextToken: token } : {}) });
      for (const { Id, Values } of answer.MetricDataResults) {
        values.set(Id, [...(values.get(Id) ?? []), ...Values]);
      }
      token = answer.NextToken;
      pages += 1;
    } while (token);
    expect(pages).toBe(3);
    expect(Object.fromEntries(values)).toEqual({ sum: [0, 1, 2, 3], most: [0, 1, 2, 3] });
  });

  it('answers newest first unless asked otherwise', async () => {
    await put(latency(0, { Value: 1 }), latency(1, { Value: 2 }));
    const { MetricDataResults } = await data([metric('q', 'Sum')], { ScanBy: undefined });
    expect(MetricDataResults[0]?.Values).toEqual([2, 1]);
  });

  it('keeps high resolution apart and puts the rest on whole minutes', async () => {
    await put(
      latency(0, { Value: 1, Timestamp: start + 17, StorageResolution: 1 }),
      latency(0, { Value: 2, Timestamp: start + 17 }),
    );
    const query = metric('q', 'Sum');
    query.MetricStat.Period = 10;
    const { MetricDataResults } = await data([query]);
    expect(MetricDataResults[0]?.Timestamps.map((time) => time.getTime() / 1_000 - start)).toEqual([0, 10]);
    expect(MetricDataResults[0]?.Values).toEqual([2, 1]);
  });
});

describe('GetMetricStatistics', () => {
  it('answers statistics and percentiles together', async () => {
    await put(latency(0, { Values: [1, 2, 3, 4] }));
    const answer = await cloudwatch.call('GetMetricStatistics', {
      Namespace: 'Shop',
      MetricName: 'Latency',
      StartTime: start,
      EndTime: start + HOUR,
      Period: 60,
      Statistics: ['Average', 'SampleCount'],
      ExtendedStatistics: ['p50'],
    });
    expect(answer).toEqual({
      Label: 'Latency',
      Datapoints: [
        {
          Timestamp: new Date(start * 1_000),
          Average: 2.5,
          SampleCount: 4,
          Unit: 'Milliseconds',
          ExtendedStatistics: { p50: 2.5 },
        },
      ],
    });
  });
});

describe('ListMetrics', () => {
  it('filters by dimension name and value, and pages by five hundred', async () => {
    const many = Array.from({ length: 600 }, (_, n) =>
      latency(0, { Value: 1 }, { Host: `h${n}`, Zone: 'a' }),
    );
    await put(...many, latency(0, { Value: 1 }, { Zone: 'b' }), latency(0, { Value: 1 }));
    const list = (input: Record<string, unknown>) =>
      cloudwatch.call<{ Metrics: unknown[]; NextToken?: string }>('ListMetrics', input);
    const first = await list({ Namespace: 'Shop', Dimensions: [{ Name: 'Host' }] });
    const second = await list({
      Namespace: 'Shop',
      Dimensions: [{ Name: 'Host' }],
      NextToken: first.NextToken,
    });
    expect([first.Metrics.length, second.Metrics.length, second.NextToken]).toEqual([500, 100, undefined]);
    expect(
      (await list({ Dimensions: [{ Name: 'Zone', Value: 'b' }], RecentlyActive: 'PT3H' })).Metrics,
    ).toEqual([{ Namespace: 'Shop', MetricName: 'Latency', Dimensions: [{ Name: 'Zone', Value: 'b' }] }]);
    await expect(list({ NextToken: 'nonsense' })).rejects.toMatchObject({ code: 'InvalidNextToken' });
  });
});

describe('PutMetricData', () => {
  it.each([
    [
      { Value: 1, StatisticValues: { SampleCount: 1, Sum: 1, Minimum: 1, Maximum: 1 } },
      'InvalidParameterCombinationException',
    ],
    [{}, 'MissingRequiredParameterException'],
    [{ Value: 'many' }, 'InvalidParameterValueException'],
    [{ Value: Number.NaN }, 'InvalidParameterValueException'],
    [{ Value: 2 ** 361 }, 'InvalidParameterValueException'],
    [{ Values: [1, 2], Counts: [1] }, 'InvalidParameterValueException'],
    [{ Value: 1, Unit: 'Parsecs' }, 'InvalidParameterValueException'],
    [{ Value: 1, StorageResolution: 5 }, 'InvalidParameterValueException'],
    [{ Value: 1, Timestamp: start - 15 * 24 * HOUR }, 'InvalidParameterValueException'],
    [
      { StatisticValues: { SampleCount: 1, Sum: 1, Minimum: 2, Maximum: 1 } },
      'InvalidParameterCombinationException',
    ],
  ])('refuses %j with %s and stores nothing of the request', async (fields, code) => {
    await expect(put(latency(0, { Value: 1 }), latency(0, fields))).rejects.toMatchObject({ code });
    expect((await data([metric('q', 'Sum')])).MetricDataResults[0]?.Values).toEqual([]);
  });
});
