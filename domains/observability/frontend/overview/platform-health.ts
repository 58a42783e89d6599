import { api, type ListAnswer } from '#shared/frontend/api.ts';
import type { Problem } from '#shared/frontend/problem.ts';
import type { ApiRequest } from '#shared/frontend/request.ts';
import type { Metric, MetricData, SeriesWish } from '../types.ts';

/** What the platform did in a span of time, added up over its HTTP APIs and functions. */
export interface PlatformHealth {
  from: string;
  to: string;
  /** Absent when no API has ever published a metric. */
  api?: { requests: number; clientErrors: number; serverErrors: number; slowestP95: number | undefined };
  /** Absent when no function has ever published a metric. */
  functions?: { count: number; invocations: number; errors: number; failing: string[] };
}

type Ask = (request: ApiRequest) => PromiseLike<{ data?: unknown; error?: Problem }>;

/** Periods of a minute, so that the hour ends where it is told to. Percentiles cannot be added up: the slowest is told. */
const period = 60;
const length = 3600;
/** Keeps each address far below the 8 kB that CloudFront accepts. */
const seriesPerRequest = 20;
const mostPages = 5;

export const healthApi = api.injectEndpoints({
  endpoints: (build) => ({
    platformHealth: build.query<PlatformHealth, number>({
      queryFn: async (now, _, __, baseQuery) => readHealth(now, baseQuery as Ask),
    }),
  }),
});

export const { usePlatformHealthQuery } = healthApi;

/** The health in the running minute and the 59 before it, up to `now` (epoch milliseconds), or the first problem met. */
async function readHealth(now: number, ask: Ask): Promise<{ data: PlatformHealth } | { error: Problem }> {
  try {
    const running = Math.floor(now / (period * 1000)) * period;
    const span = {
      from: new Date((running + period - length) * 1000).toISOString(),
      to: new Date(now).toISOString(),
    };
    const [apis, functions] = await Promise.all([
      listMetrics(ask, 'AWS/ApiGateway', 'Count', 'ApiId'),
      listMetrics(ask, 'AWS/Lambda', 'Errors', 'FunctionName'),
    ]);
    const [apiData, functionData] = await Promise.all([
      readSeries(ask, span, apis.flatMap(apiSeries)),
      readSeries(ask, span, functions.flatMap(functionSeries)),
    ]);
    return { data: { ...span, ...apiHealth(apis, apiData), ...functionHealth(functions, functionData) } };
  } catch (problem) {
    if (problem instanceof Refusal) return { error: problem.problem };
    throw problem;
  }
}

class Refusal extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.title);
    this.problem = problem;
  }
}

async function answer<Body>(ask: Ask, request: ApiRequest): Promise<Body> {
  const { data, error } = await ask(request);
  if (error) throw new Refusal(error);
  return data as Body;
}

/** The metrics of that name whose only dimension is `dimension`: each resource once. */
async function listMetrics(
  ask: Ask,
  namespace: string,
  metricName: string,
  dimension: string,
): Promise<Metric[]> {
  const found: Metric[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < mostPages; page++) {
    const query = { namespace, metricName, limit: 100, cursor };
    const list = await answer<ListAnswer<Metric>>(ask, { path: 'observability/metrics', query });
    found.push(...list.items);
    cursor = list.nextCursor;
    if (!cursor) break;
  }
  return found.filter(({ dimensions }) => Object.keys(dimensions).join() === dimension);
}

function apiSeries(metric: Metric, index: number): SeriesWish[] {
  const of = (id: string, metricName: string, statistic: string): SeriesWish => ({
    ...metric,
    id: `${id}${index}`,
    metricName,
    statistic,
  });
  return [
    of('count', 'Count', 'Sum'),
    of('client', '4xx', 'Sum'),
    of('server', '5xx', 'Sum'),
    of('latency', 'Latency', 'p95'),
  ];
}

function functionSeries(metric: Metric, index: number): SeriesWish[] {
  return [
    { ...metric, id: `errors${index}`, statistic: 'Sum' },
    { ...metric, id: `invocations${index}`, metricName: 'Invocations', statistic: 'Sum' },
  ];
}

/** The values of each series by its id. */
async function readSeries(
  ask: Ask,
  span: { from: string; to: string },
  series: SeriesWish[],
): Promise<Map<string, number[]>> {
  const parts: SeriesWish[][] = [];
  for (let at = 0; at < series.length; at += seriesPerRequest)
    parts.push(series.slice(at, at + seriesPerRequest));
  const answers = await Promise.all(
    parts.map((part) =>
      answer<MetricData>(ask, {
        path: 'observability/metrics/data',
        query: { ...span, period, series: JSON.stringify(part) },
      }),
    ),
  );
  return new Map(
    answers.flatMap((data) => data.series.map((each): [string, number[]] => [each.id, each.values])),
  );
}

function apiHealth(apis: readonly Metric[], data: Map<string, number[]>): Pick<PlatformHealth, 'api'> {
  if (apis.length === 0) return {};
  const total = (id: string): number => sum(apis.flatMap((_, index) => data.get(`${id}${index}`) ?? []));
  const latencies = apis.flatMap((_, index) => data.get(`latency${index}`) ?? []);
  return {
    api: {
      requests: total('count'),
      clientErrors: total('client'),
      serverErrors: total('server'),
      slowestP95: latencies.length === 0 ? undefined : Math.max(...latencies),
    },
  };
}

function functionHealth(
  functions: readonly Metric[],
  data: Map<string, number[]>,
): Pick<PlatformHealth, 'functions'> {
  if (functions.length === 0) return {};
  const errors = functions.map((metric, index) => ({
    name: metric.dimensions['FunctionName'] ?? '',
    errors: sum(data.get(`errors${index}`) ?? []),
  }));
  return {
    functions: {
      count: functions.length,
      invocations: sum(functions.flatMap((_, index) => data.get(`invocations${index}`) ?? [])),
      errors: sum(errors.map((each) => each.errors)),
      failing: errors.filter((each) => each.errors > 0).map((each) => each.name),
    },
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
