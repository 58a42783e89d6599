import type { MetricIdentity, TelemetryStore } from '../../telemetry/index.ts';
import {
  dimensions,
  type Input,
  oneOf,
  optionalBoolean,
  optionalInteger,
  optionalRecord,
  optionalText,
  records,
  requiredText,
  validation,
} from './input.ts';
import { evaluate } from './math/evaluate.ts';
import { type Expression, MathError, namesIn, parseExpression } from './math/parse.ts';
import type { Series, Value } from './math/values.ts';
import { alignedStart, checkPeriod, parseStatistic, readSeries, type Statistic } from './statistics.ts';
import { UNITS } from './units.ts';

interface QueryBase {
  id: string;
  label: string | undefined;
  returnData: boolean;
}

export interface MetricQuery extends QueryBase {
  kind: 'metric';
  metric: MetricIdentity;
  /** As written: `Sum`, `p99`. */
  stat: string;
  statistic: Statistic;
  /** Seconds. */
  period: number;
  unit: string | undefined;
}

export interface ExpressionQuery extends QueryBase {
  kind: 'expression';
  text: string;
  expression: Expression;
  period: number | undefined;
}

export type DataQuery = MetricQuery | ExpressionQuery;

const MOST_QUERIES = 500;
/** As many points as one answer may hold. */
const MOST_FILLED = 100_800;

function mathFailure(id: string, error: unknown): unknown {
  return error instanceof MathError ? validation(`Error in expression '${id}': ${error.message}.`) : error;
}

function readExpression(input: Input, base: QueryBase): ExpressionQuery {
  const text = requiredText(input, 'Expression', 2_048);
  try {
    const period = optionalInteger(input, 'Period');
    return {
      ...base,
      kind: 'expression',
      text,
      expression: parseExpression(text),
      period: period === undefined ? undefined : checkPeriod(period),
    };
  } catch (error) {
    throw mathFailure(base.id, error);
  }
}

function readMetric(stat: Input, base: QueryBase): MetricQuery {
  const metric = optionalRecord(stat, 'Metric');
  if (!metric) throw validation(`The MetricStat of query '${base.id}' must have a Metric.`);
  const period = optionalInteger(stat, 'Period');
  if (period === undefined) throw validation(`The MetricStat of query '${base.id}' must have a Period.`);
  const name = requiredText(stat, 'Stat');
  return {
    ...base,
    kind: 'metric',
    metric: {
      namespace: requiredText(metric, 'Namespace', 255),
      name: requiredText(metric, 'MetricName', 255),
      dimensions: dimensions(metric),
    },
    stat: name,
    statistic: parseStatistic(name),
    period: checkPeriod(period),
    unit: oneOf(stat, 'Unit', UNITS),
  };
}

function readQuery(input: Input): DataQuery {
  const id = requiredText(input, 'Id', 255);
  if (!/^[a-z]\w*$/.test(id)) {
    throw validation(
      `The value for field "Id" must start with a lowercase letter and hold only letters, digits and underscores: ${id}.`,
    );
  }
  const base = {
    id,
    label: optionalText(input, 'Label', 2_048),
    returnData: optionalBoolean(input, 'ReturnData') ?? true,
  };
  const stat = optionalRecord(input, 'MetricStat');
  const isExpression = input['Expression'] !== undefined && input['Expression'] !== null;
  if (stat && isExpression) {
    throw validation(`The query '${id}' must have either a MetricStat or an Expression, and not both.`);
  }
  if (stat) return readMetric(stat, base);
  if (isExpression) return readExpression(input, base);
  throw validation(`The query '${id}' must have a MetricStat or an Expression.`);
}

/** Reads `MetricDataQueries` or an alarm's `Metrics`; ids are unique and every id an expression names exists. */
export function readQueries(input: Input, name: string): DataQuery[] {
  const queries = records(input, name).map(readQuery);
  if (queries.length > MOST_QUERIES) {
    throw validation(`The collection ${name} must not have a size greater than ${MOST_QUERIES}.`);
  }
  const ids = new Set(queries.map(({ id }) => id));
  if (ids.size !== queries.length) throw validation(`The ids of ${name} must be unique.`);
  for (const query of queries) {
    if (query.kind === 'metric') continue;
    for (const reference of namesIn(query.expression)) {
      if (!ids.has(reference) && reference !== 'REPEAT' && reference !== 'LINEAR') {
        throw validation(`Error in expression '${query.id}': there is no query with the id ${reference}.`);
      }
    }
  }
  return queries;
}

async function readMetricSeries(
  store: TelemetryStore,
  query: MetricQuery,
  from: number,
  to: number,
): Promise<Series> {
  const points = await readSeries(
    store,
    {
      ...query.metric,
      unit: query.unit,
      from: alignedStart(from, query.period),
      to,
      period: query.period * 1_000,
    },
    query.statistic,
  );
  return {
    id: query.id,
    label: query.label ?? query.metric.name,
    period: query.period,
    points: new Map(points.map(({ time, value }) => [time, value])),
  };
}

/** The series of every query whose data is to be returned, in the order of the queries. Times in milliseconds. */
export async function runQueries(
  store: TelemetryStore,
  queries: DataQuery[],
  from: number,
  to: number,
): Promise<{ query: DataQuery; series: Series[] }[]> {
  const byId = new Map(queries.map((query) => [query.id, query]));
  const metrics = await Promise.all(
    queries.flatMap((query) => (query.kind === 'metric' ? [readMetricSeries(store, query, from, to)] : [])),
  );
  const values = new Map<string, Value>(metrics.map((series) => [series.id, { kind: 'series', series }]));
  const resolving = new Set<string>();

  function grid(series: Series): number[] {
    if ((to - from) / (series.period * 1_000) > MOST_FILLED) {
      throw new MathError(`FILL would make more than ${MOST_FILLED} points`);
    }
    const times: number[] = [];
    for (let time = alignedStart(from, series.period); time < to; time += series.period * 1_000)
      times.push(time);
    return times;
  }

  function resolve(id: string): Value {
    const known = values.get(id);
    if (known) return known;
    const query = byId.get(id);
    if (query?.kind !== 'expression') throw new MathError(`there is no query with the id ${id}`);
    if (resolving.has(id)) throw new MathError(`the expression refers to itself through ${id}`);
    resolving.add(id);
    const value = evaluate(query.expression, { resolve, metrics, grid });
    resolving.delete(id);
    values.set(id, value);
    return value;
  }

  return queries
    .filter(({ returnData }) => returnData)
    .map((query) => {
      try {
        return { query, series: seriesOf(query, resolve(query.id)) };
      } catch (error) {
        throw mathFailure(query.id, error);
      }
    });
}

function seriesOf(query: DataQuery, value: Value): Series[] {
  if (value.kind === 'series') {
    return [
      {
        ...value.series,
        id: query.id,
        label: query.label ?? (query.kind === 'metric' ? value.series.label : query.id),
      },
    ];
  }
  if (value.kind !== 'list') throw new MathError('the result must be a time series, or a list of them');
  return value.list.map((series) => ({
    ...series,
    id: query.id,
    label: query.label === undefined ? series.label : `${query.label} ${series.label}`,
  }));
}
