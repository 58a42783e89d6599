import type { Cloud } from '../../core/cloud.ts';
import type { TelemetryStore } from '../../telemetry/index.ts';
import { type FilterPattern, parseFilterPattern } from './patterns/filter-pattern.ts';

/** What a filter records for a line that matches. */
export interface MetricTransformation {
  metricName: string;
  metricNamespace: string;
  /** A number, or the field that holds one: `$.latency`, `$bytes`. */
  metricValue: string;
  defaultValue?: number;
  unit?: string;
  /** Names of dimensions, and the fields that hold their values. */
  dimensions?: Record<string, string>;
}

export interface MetricFilter {
  logGroupName: string;
  filterName: string;
  filterPattern: string;
  metricTransformations: MetricTransformation[];
  /** Epoch milliseconds. */
  creationTime: number;
}

interface Entry {
  time: number;
  message: string;
}

export interface MetricFilters {
  /** In order of group and name. */
  all(): MetricFilter[];
  /** Throws `InvalidParameterException` when the pattern is none. */
  put(filter: MetricFilter): Promise<void>;
  /** False when there is none of that name. */
  remove(group: string, name: string): Promise<boolean>;
  removeGroup(group: string): Promise<void>;
  /** Records the metrics of a line. */
  observe(group: string, line: Entry): void;
}

const keyOf = (group: string, name: string) =>
  `metric-filter/${encodeURIComponent(group)}/${encodeURIComponent(name)}`;

/** The value of a field, or the number itself; undefined when there is none. */
function measureOf(pattern: FilterPattern, message: string, metricValue: string): number | undefined {
  const text = metricValue.startsWith('$') ? pattern.value(message, metricValue) : metricValue;
  const value = text === undefined || text.trim() === '' ? Number.NaN : Number(text);
  return Number.isFinite(value) ? value : undefined;
}

/** The dimensions of a line; undefined when one of them has no value, for then CloudWatch records nothing. */
function dimensionsOf(
  pattern: FilterPattern,
  message: string,
  selectors: Record<string, string>,
): Record<string, string> | undefined {
  const dimensions: Record<string, string> = {};
  for (const [name, selector] of Object.entries(selectors)) {
    const value = pattern.value(message, selector);
    if (value === undefined || value === '') return undefined;
    dimensions[name] = value;
  }
  return dimensions;
}

/** Metric filters: durable, and applied to every line as it is written. */
export async function createMetricFilters(cloud: Cloud, store: TelemetryStore): Promise<MetricFilters> {
  const state = cloud.state.namespace('logs');
  const filters = new Map<string, { filter: MetricFilter; pattern: FilterPattern }>();
  for (const { key, value } of await state.list<MetricFilter>('metric-filter/')) {
    filters.set(key, { filter: value, pattern: parseFilterPattern(value.filterPattern) });
  }

  function record(transformation: MetricTransformation, value: number, time: number, dimensions = {}): void {
    const { metricName: name, metricNamespace: namespace, unit = 'None' } = transformation;
    store.metric({ namespace, name, dimensions, unit, value, time });
  }

  function apply(
    transformation: MetricTransformation,
    pattern: FilterPattern,
    { time, message }: Entry,
  ): void {
    if (!pattern.matches(message)) {
      if (transformation.defaultValue !== undefined)
        record(transformation, transformation.defaultValue, time);
      return;
    }
    const value = measureOf(pattern, message, transformation.metricValue);
    const dimensions = dimensionsOf(pattern, message, transformation.dimensions ?? {});
    if (value !== undefined && dimensions) record(transformation, value, time, dimensions);
  }

  async function remove(key: string): Promise<void> {
    await state.delete(key);
    filters.delete(key);
  }

  return {
    all: () => [...filters].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, { filter }]) => filter),
    async put(filter) {
      const pattern = parseFilterPattern(filter.filterPattern);
      const key = keyOf(filter.logGroupName, filter.filterName);
      await state.put(key, filter);
      filters.set(key, { filter, pattern });
    },
    async remove(group, name) {
      const key = keyOf(group, name);
      if (!filters.has(key)) return false;
      await remove(key);
      return true;
    },
    async removeGroup(group) {
      for (const [key, { filter }] of filters) if (filter.logGroupName === group) await remove(key);
    },
    observe(group, line) {
      for (const { filter, pattern } of filters.values()) {
        if (filter.logGroupName !== group) continue;
        for (const transformation of filter.metricTransformations) apply(transformation, pattern, line);
      }
    },
  };
}
