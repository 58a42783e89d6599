import type { MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import { type InvalidField, invalid } from '#shared/messages/problem.ts';
import { toDimensions } from '../cloudwatch/client.ts';

/** How many series one answer holds at most; CloudWatch would take 500, no chart would. */
export const maximumSeries = 20;

const idForm = /^[a-z]\w{0,254}$/;
const statisticForm = /^(Sum|Average|Minimum|Maximum|SampleCount|p(\d{1,2}(\.\d{1,2})?|100))$/;

/**
 * Reads the `series` parameter: a JSON array of `{ id, namespace, metricName, dimensions, statistic, label? }` or
 * `{ id, expression, label? }`. Throws a 400 problem that names each wrong field.
 */
export function parseSeries(json: string, period: number): MetricDataQuery[] {
  const series = parseArray(json);
  const errors: InvalidField[] = [];
  const queries = series.map((entry, index) => queryOf(entry, period, `#/series/${index}`, errors));
  if (errors.length > 0)
    throw invalid(`Mend ${errors.map(({ pointer }) => pointer).join(', ')} and send it again.`, errors);
  return queries;
}

function parseArray(json: string): unknown[] {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    // Told below, like every other value that is not a list.
  }
  if (Array.isArray(value) && value.length >= 1 && value.length <= maximumSeries) return value;
  throw invalid('Mend #/series and send it again.', [
    { pointer: '#/series', detail: `must be a JSON array of 1 to ${maximumSeries} series` },
  ]);
}

function queryOf(entry: unknown, period: number, pointer: string, errors: InvalidField[]): MetricDataQuery {
  const fields = typeof entry === 'object' && entry !== null ? (entry as Record<string, unknown>) : {};
  const read = (name: string, holds: (value: string) => boolean, detail: string): string => {
    const value = fields[name];
    if (typeof value === 'string' && holds(value)) return value;
    errors.push({ pointer: `${pointer}/${name}`, detail });
    return '';
  };
  const filled = (value: string) => value.length > 0 && value.length <= 2048;

  const query: MetricDataQuery = {
    Id: read('id', (id) => idForm.test(id), 'must begin with a lower-case letter'),
    ReturnData: true,
  };
  if (fields['label'] !== undefined) query.Label = read('label', filled, 'must be a text');
  if (fields['expression'] !== undefined) {
    return { ...query, Expression: read('expression', filled, 'must be metric math'), Period: period };
  }
  return {
    ...query,
    MetricStat: {
      Metric: {
        Namespace: read('namespace', filled, 'is required'),
        MetricName: read('metricName', filled, 'is required'),
        Dimensions: toDimensions(dimensionsIn(fields['dimensions'] ?? {}, pointer, errors)),
      },
      Period: period,
      Stat: read(
        'statistic',
        (name) => statisticForm.test(name),
        'must be Sum, Average, Minimum, Maximum, SampleCount or p0 to p100',
      ),
    },
  };
}

function dimensionsIn(value: unknown, pointer: string, errors: InvalidField[]): Record<string, string> {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  if (isObject && Object.values(value).every((text) => typeof text === 'string'))
    return value as Record<string, string>;
  errors.push({ pointer: `${pointer}/dimensions`, detail: 'must be an object of texts' });
  return {};
}
