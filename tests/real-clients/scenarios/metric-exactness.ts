import type { GetMetricDataOutput } from '@aws-sdk/client-cloudwatch';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BareStage, deep } from '../scenario.ts';

const PERCENTILES = [0, 10, 50, 90, 99, 99.9, 100];
const SIMPLE = ['Sum', 'Average', 'Minimum', 'Maximum', 'SampleCount'];
const DAY = 86_400;

interface Point {
  /** Epoch seconds. */
  time: number;
  value: number;
  count: number;
}

/** Whole periods in the past two weeks. */
const windows = fc
  .tuple(fc.constantFrom(60, 300, 3_600, 21_600, DAY), fc.integer({ min: 2, max: 12 }), fc.nat(13 * DAY))
  .map(([period, periods, age]) => {
    const now = Math.floor(Date.now() / 1_000);
    const newest = Math.floor(now / period) * period;
    const oldest = Math.ceil((now - 14 * DAY + 600) / period) * period;
    const count = Math.min(periods, (newest - oldest) / period);
    const latestStart = newest - count * period;
    const start = Math.max(oldest, latestStart - Math.floor(age / period) * period);
    return { period, start, end: start + count * period };
  });

const values = fc.oneof(
  fc.double({ min: 0, max: 1, noNaN: true }),
  fc.double({ min: 1e-6, max: 1e9, noNaN: true }),
  fc.integer({ min: 0, max: 20 }),
);
const points = fc.array(
  fc.record({ share: fc.nat(999_999), value: values, count: fc.integer({ min: 1, max: 5 }) }),
  {
    minLength: 150,
    maxLength: deep ? 2_000 : 400,
  },
);

/** Points come back exactly, whichever client puts and reads them. */
export function metricExactness(stage: BareStage): void {
  const Namespace = `Exact/${stage.name}`;
  let round = 0;

  async function puts(MetricName: string, all: Point[]): Promise<void> {
    for (let from = 0; from < all.length; from += 500) {
      const MetricData = all.slice(from, from + 500).map(({ time, value, count }) => ({
        MetricName,
        Timestamp: new Date(time * 1_000).toISOString(),
        ...(count === 1 ? { Value: value } : { Values: [value], Counts: [count] }),
      }));
      await stage.client.call('cloudwatch', 'PutMetricData', { Namespace, MetricData });
    }
  }

  async function reads(MetricName: string, window: { period: number; start: number; end: number }) {
    const stats = [...SIMPLE, ...PERCENTILES.map((percent) => `p${percent}`)];
    const { MetricDataResults = [] } = await stage.client.call<GetMetricDataOutput>(
      'cloudwatch',
      'GetMetricData',
      {
        StartTime: new Date(window.start * 1_000).toISOString(),
        EndTime: new Date(window.end * 1_000).toISOString(),
        MetricDataQueries: stats.map((Stat, index) => ({
          Id: `q${index}`,
          MetricStat: { Metric: { Namespace, MetricName }, Period: window.period, Stat },
        })),
      },
    );
    return (stat: string, time: number) => {
      const { Timestamps = [], Values = [] } =
        MetricDataResults.find(({ Id }) => Id === `q${stats.indexOf(stat)}`) ?? {};
      const index = Timestamps.findIndex((each) => new Date(each).getTime() === time * 1_000);
      return Values[index] ?? Number.NaN;
    };
  }

  describe('points of the past two weeks', () => {
    it('come back exactly in every period, percentiles between their neighbours', async () => {
      const property = fc.asyncProperty(windows, points, async (window, drawn) => {
        round += 1;
        const MetricName = `Round${round}`;
        const all = drawn.map(({ share, value, count }) => ({
          time: window.start + Math.floor((share / 1e6) * (window.end - window.start)),
          value,
          count,
        }));
        await puts(MetricName, all);
        const read = await reads(MetricName, window);
        for (const [time, inside] of byPeriod(all, window)) expectExact((stat) => read(stat, time), inside);
      });
      await fc.assert(property, { numRuns: deep ? 50 : 3, endOnFailure: true });
    });
  });
}

function byPeriod(all: Point[], window: { period: number; start: number }): Map<number, Point[]> {
  const periods = new Map<number, Point[]>();
  for (const point of all) {
    const time = point.time - ((point.time - window.start) % window.period);
    periods.set(time, [...(periods.get(time) ?? []), point]);
  }
  return periods;
}

function expectExact(read: (stat: string) => number, inside: Point[]): void {
  const sorted = inside.flatMap(({ value, count }) => Array<number>(count).fill(value)).sort((a, b) => a - b);
  const sum = exactSum(inside.map(({ value, count }) => value * count));
  const expected: Record<string, number> = {
    Sum: sum,
    Average: sum / sorted.length,
    Minimum: sorted[0] ?? Number.NaN,
    Maximum: sorted.at(-1) ?? Number.NaN,
    SampleCount: sorted.length,
  };
  for (const [stat, value] of Object.entries(expected)) {
    expect(Math.abs(read(stat) - value), stat).toBeLessThanOrEqual(1e-9 * Math.abs(value));
  }
  for (const percent of PERCENTILES) {
    const rank = ((sorted.length - 1) * percent) / 100;
    const value = read(`p${percent}`);
    expect(value, `p${percent}`).toBeGreaterThanOrEqual((sorted[Math.floor(rank)] ?? Number.NaN) * 0.99);
    expect(value, `p${percent}`).toBeLessThanOrEqual((sorted[Math.ceil(rank)] ?? Number.NaN) * 1.01);
  }
}

/** Keeps what a plain sum would round away. */
function exactSum(terms: number[]): number {
  let sum = 0;
  let lost = 0;
  for (const term of terms) {
    const next = sum + term;
    lost += Math.abs(sum) >= Math.abs(term) ? sum - next + term : term - next + sum;
    sum = next;
  }
  return sum + lost;
}
