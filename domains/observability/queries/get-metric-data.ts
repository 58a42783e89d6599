import {
  GetMetricDataCommand,
  type GetMetricDataCommandOutput,
  type MetricDataResult,
} from '@aws-sdk/client-cloudwatch';
import { query } from '#shared/definition/query.ts';
import { invalid } from '#shared/messages/problem.ts';
import { instant, integer, text } from '#shared/messages/schema.ts';
import { calling } from '#shared/runtime/upstream.ts';
import { cloudwatch } from '../cloudwatch/client.ts';
import { readers } from '../roles.ts';
import { parseSeries } from './series.ts';

/** Points per series that a chart can still show; more would cost without being seen. */
const maximumPoints = 1_500;
const maximumPages = 20;

export const getMetricData = query({
  route: 'GET /metrics/data',
  roles: readers,
  installationOnly: true,
  input: {
    from: instant,
    to: instant,
    period: integer({ minimum: 1, maximum: 86_400 }),
    series: text(16_384),
  },
  answer: async ({ from, to, period, series }) => {
    assertRange(from, to, period);
    const queries = parseSeries(series, period);
    const results = new Map<string, MetricDataResult>();
    const messages: string[] = [];
    const client = await cloudwatch();
    let token: string | undefined;
    let pages = 0;
    do {
      const command = new GetMetricDataCommand({
        MetricDataQueries: queries,
        StartTime: new Date(from),
        EndTime: new Date(to),
        ScanBy: 'TimestampAscending',
        NextToken: token,
      });
      const page: GetMetricDataCommandOutput = await calling(
        'CloudWatch',
        'GetMetricData',
        client.send(command),
      );
      for (const result of page.MetricDataResults ?? []) merge(results, result);
      messages.push(...(page.Messages ?? []).map((message) => message.Value ?? ''));
      token = page.NextToken;
      pages++;
    } while (token && pages < maximumPages);
    return {
      from,
      to,
      period,
      series: [...results.values()].map((result) => seriesOf(result, token !== undefined)),
      messages,
    };
  },
});

function assertRange(from: string, to: string, period: number): void {
  const seconds = (Date.parse(to) - Date.parse(from)) / 1000;
  if (!(seconds > 0))
    throw invalid('Mend #/to and send it again.', [{ pointer: '#/to', detail: 'must be later than from' }]);
  if (period > 30 ? period % 60 !== 0 : ![1, 5, 10, 20, 30].includes(period)) {
    throw invalid('Mend #/period and send it again.', [
      { pointer: '#/period', detail: 'must be 1, 5, 10, 20, 30 or a multiple of 60' },
    ]);
  }
  if (seconds / period > maximumPoints) {
    const detail = `must be at least ${Math.ceil(seconds / maximumPoints / 60) * 60} for this range, or the range shorter`;
    throw invalid('Mend #/period and send it again.', [{ pointer: '#/period', detail }]);
  }
}

/** A series may come in several pages. */
function merge(results: Map<string, MetricDataResult>, page: MetricDataResult): void {
  const before = results.get(page.Id ?? '');
  results.set(page.Id ?? '', {
    ...page,
    Timestamps: [...(before?.Timestamps ?? []), ...(page.Timestamps ?? [])],
    Values: [...(before?.Values ?? []), ...(page.Values ?? [])],
  });
}

function seriesOf(result: MetricDataResult, cut: boolean) {
  return {
    id: result.Id,
    label: result.Label ?? result.Id,
    timestamps: (result.Timestamps ?? []).map((time) => time.toISOString()),
    values: result.Values ?? [],
    partial: cut || result.StatusCode === 'PartialData',
  };
}
