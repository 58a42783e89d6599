import type { MetricSample, TelemetryStore } from '../../telemetry/index.ts';
import {
  dimensions,
  type Input,
  invalid,
  invalidCombination,
  list,
  missing,
  numbers,
  oneOf,
  optionalInteger,
  optionalNumber,
  optionalRecord,
  optionalTime,
  records,
  requiredText,
} from './input.ts';
import { UNITS } from './units.ts';

const LARGEST_VALUE = 2 ** 360;
const MOST_DATA = 1_000;
const MOST_VALUES = 150;
const TWO_WEEKS = 14 * 24 * 3_600_000;
const TWO_HOURS = 2 * 3_600_000;

type Aggregate = Pick<MetricSample, 'count' | 'sum' | 'minimum' | 'maximum'>;

function checkValue(value: number, name: string): number {
  if (!Number.isFinite(value) || Math.abs(value) > LARGEST_VALUE) {
    throw invalid(
      `The value ${value} for parameter ${name} is invalid. It must be a finite number of at most 2^360.`,
    );
  }
  return value;
}

function weighted(value: number, count: number): Aggregate {
  return { count, sum: value * count, minimum: value, maximum: value };
}

function valuesOf(datum: Input, path: string): Aggregate[] {
  const values = numbers(datum, 'Values').map((value) => checkValue(value, `${path}.Values`));
  const counts = numbers(datum, 'Counts');
  if (values.length === 0) throw invalid(`The parameter ${path}.Values must not be empty.`);
  if (values.length > MOST_VALUES) {
    throw invalid(`The collection ${path}.Values must not have a size greater than ${MOST_VALUES}.`);
  }
  if (counts.length > 0 && counts.length !== values.length) {
    throw invalid(`The parameters ${path}.Values and ${path}.Counts must be of the same size.`);
  }
  return values.map((value, index) => {
    const count = checkValue(counts[index] ?? 1, `${path}.Counts`);
    if (count <= 0) throw invalid(`The parameter ${path}.Counts must be greater than 0.`);
    return weighted(value, count);
  });
}

function statisticSet(given: Input, path: string): Aggregate {
  const field = (name: string) => {
    const value = optionalNumber(given, name);
    if (value === undefined) throw missing(`${path}.StatisticValues.${name}`);
    return checkValue(value, `${path}.StatisticValues.${name}`);
  };
  const set = {
    count: field('SampleCount'),
    sum: field('Sum'),
    minimum: field('Minimum'),
    maximum: field('Maximum'),
  };
  if (set.count <= 0) {
    throw invalid(`The parameter ${path}.StatisticValues.SampleCount must be greater than 0.`);
  }
  if (set.minimum > set.maximum) {
    throw invalidCombination(
      `The parameter ${path}.StatisticValues.Maximum must be greater than or equal to ${path}.StatisticValues.Minimum.`,
    );
  }
  return set;
}

function aggregatesOf(datum: Input, path: string): Aggregate[] {
  const value = optionalNumber(datum, 'Value');
  const set = optionalRecord(datum, 'StatisticValues');
  const ways = [value !== undefined, set !== undefined, list(datum, 'Values').length > 0];
  if (ways.filter(Boolean).length > 1) {
    throw invalidCombination(
      `The parameters ${path}.Value, ${path}.Values and ${path}.StatisticValues are mutually exclusive and you have specified more than one.`,
    );
  }
  if (value !== undefined) return [weighted(checkValue(value, `${path}.Value`), 1)];
  if (set !== undefined) return [statisticSet(set, path)];
  if (datum['Values'] !== undefined) return valuesOf(datum, path);
  throw missing(`${path}.Value`);
}

function checkTime(time: number, now: number, path: string): number {
  if (time < now - TWO_WEEKS) {
    throw invalid(`The parameter ${path}.Timestamp must specify a time no more than two weeks in the past.`);
  }
  if (time > now + TWO_HOURS) {
    throw invalid(
      `The parameter ${path}.Timestamp must specify a time no more than two hours in the future.`,
    );
  }
  return time;
}

function samplesOf(namespace: string, datum: Input, index: number, now: number): MetricSample[] {
  const path = `MetricData.member.${index + 1}`;
  const name = requiredText(datum, 'MetricName', 255);
  const time = optionalTime(datum, 'Timestamp') ?? now;
  const resolution = optionalInteger(datum, 'StorageResolution') ?? 60;
  if (resolution !== 1 && resolution !== 60) {
    throw invalid(`The value ${resolution} for parameter ${path}.StorageResolution must be 1 or 60.`);
  }
  const metric = {
    namespace,
    name,
    dimensions: dimensions(datum),
    unit: oneOf(datum, 'Unit', UNITS) ?? 'None',
    time: checkTime(time, now, path),
    storageResolution: resolution as 1 | 60,
  };
  return aggregatesOf(datum, path).map((aggregate) => ({ ...metric, ...aggregate }));
}

/** All data of a request, or an error and none of it. `now` in epoch milliseconds. */
export function readMetricData(input: Input, now: number): MetricSample[] {
  const namespace = requiredText(input, 'Namespace', 255);
  if (namespace.startsWith('AWS/')) {
    throw invalid(`The value AWS/ for parameter Namespace is invalid: namespaces of AWS are reserved.`);
  }
  if (!/^[^:][0-9A-Za-z.\-_/#:\s]*$/.test(namespace)) {
    throw invalid(`The value ${namespace} for parameter Namespace is invalid.`);
  }
  const data = records(input, 'MetricData');
  if (data.length === 0) throw missing('MetricData');
  if (data.length > MOST_DATA) {
    throw invalid(`The collection MetricData must not have a size greater than ${MOST_DATA}.`);
  }
  return data.flatMap((datum, index) => samplesOf(namespace, datum, index, now));
}

/** PutMetricData: all of it is on disk when this resolves. */
export async function putMetricData(store: TelemetryStore, input: Input): Promise<undefined> {
  for (const sample of readMetricData(input, Date.now())) store.sample(sample);
  await store.saved();
}
