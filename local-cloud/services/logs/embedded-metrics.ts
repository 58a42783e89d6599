import type { MetricSample } from '../../telemetry/index.ts';

type Fields = Record<string, unknown>;

const MOST_VALUES = 100;
const MOST_DIMENSIONS = 30;

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parse(message: string): Fields | undefined {
  // Most lines are not embedded metrics; looking for the marker is far cheaper than parsing them.
  if (!message.includes('"_aws"')) return undefined;
  try {
    const document: unknown = JSON.parse(message);
    return isFields(document) ? document : undefined;
  } catch {
    // A line that only looks like the format stays a log line, as on AWS.
    return undefined;
  }
}

function valuesOf(value: unknown): number[] {
  const values = Array.isArray(value) ? value.slice(0, MOST_VALUES) : [value];
  const isNumbers = values.every((each) => typeof each === 'number' && Number.isFinite(each));
  return isNumbers ? (values as number[]) : [];
}

/** The values of one dimension set; undefined when a member is missing or is not a text. */
function dimensionsOf(document: Fields, names: unknown): Record<string, string> | undefined {
  if (!Array.isArray(names) || names.length > MOST_DIMENSIONS) return undefined;
  const entries: [string, string][] = [];
  for (const name of names) {
    const value = typeof name === 'string' ? document[name] : undefined;
    if (typeof name !== 'string' || typeof value !== 'string') return undefined;
    entries.push([name, value]);
  }
  return Object.fromEntries(entries);
}

function samplesOf(document: Fields, directive: Fields, time: number): MetricSample[] {
  const { Namespace: namespace, Dimensions: sets, Metrics: metrics } = directive;
  if (typeof namespace !== 'string' || namespace === '' || !Array.isArray(metrics)) return [];
  const given: unknown[] = Array.isArray(sets) && sets.length > 0 ? sets : [[]];
  const dimensionSets = given
    .map((names) => dimensionsOf(document, names))
    .filter((set) => set !== undefined);
  return metrics.filter(isFields).flatMap((metric) => {
    const { Name: name, Unit: unit, StorageResolution: resolution } = metric;
    if (typeof name !== 'string') return [];
    return dimensionSets.flatMap((dimensions) =>
      valuesOf(document[name]).map((value) => ({
        namespace,
        name,
        dimensions,
        unit: typeof unit === 'string' ? unit : 'None',
        time,
        storageResolution: resolution === 1 ? (1 as const) : (60 as const),
        count: 1,
        sum: value,
        minimum: value,
        maximum: value,
      })),
    );
  });
}

/**
 * The metrics a log line carries in CloudWatch's embedded metric format; none when it carries none, or is malformed.
 * `time` (epoch milliseconds) stands in where the line tells no `Timestamp`.
 */
export function embeddedMetrics(message: string, time: number): MetricSample[] {
  const document = parse(message);
  const metadata = document?.['_aws'];
  if (!document || !isFields(metadata) || !Array.isArray(metadata['CloudWatchMetrics'])) return [];
  const told = metadata['Timestamp'];
  const at = typeof told === 'number' && Number.isFinite(told) ? told : time;
  return metadata['CloudWatchMetrics']
    .filter(isFields)
    .flatMap((directive) => samplesOf(document, directive, at));
}
