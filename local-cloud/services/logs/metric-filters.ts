import { block } from '../../core/blocks.ts';
import type { ResourceHandler } from '../../core/service.ts';
import type { TelemetryStore } from '../../telemetry/index.ts';
import { matches, parseFilterPattern, type TextFilter } from './filter-pattern.ts';
import { invalidParameter } from './input.ts';

interface MetricFilter {
  group: string;
  filter: TextFilter;
  namespace: string;
  name: string;
  unit: string;
  value: number;
  defaultValue: number | undefined;
}

function optionalNumber(value: unknown): number | undefined {
  return value === undefined || value === null || value === '' ? undefined : Number(value);
}

/**
 * `aws_cloudwatch_log_metric_filter` for patterns of terms and values that are plain numbers. What would need fields of
 * the line (JSON patterns, `$.latency`, dimensions) is refused.
 */
export function createMetricFilters(store: TelemetryStore): {
  resource: ResourceHandler;
  /** Records the metrics of a line. */
  observe(group: string, line: { time: number; message: string }): void;
} {
  const filters = new Map<string, MetricFilter>();

  return {
    resource: {
      async apply({ address, desired }) {
        const transformation = block(desired['metric_transformation']) ?? {};
        const value = Number(transformation['value']);
        if (!Number.isFinite(value) || block(transformation['dimensions'])) {
          throw invalidParameter(
            'The local cloud supports metric filters with a number as value and no dimensions only.',
          );
        }
        filters.set(address, {
          group: String(desired['log_group_name']),
          filter: parseFilterPattern(String(desired['pattern'] ?? '')),
          namespace: String(transformation['namespace']),
          name: String(transformation['name']),
          unit: String(transformation['unit'] ?? 'None'),
          value,
          defaultValue: optionalNumber(transformation['default_value']),
        });
        return { ...desired, id: String(desired['name']) };
      },
      async remove(address) {
        filters.delete(address);
      },
    },
    observe(group, { time, message }) {
      for (const each of filters.values()) {
        if (each.group !== group) continue;
        const value = matches(each.filter, message) ? each.value : each.defaultValue;
        if (value === undefined) continue;
        store.metric({
          namespace: each.namespace,
          name: each.name,
          dimensions: {},
          unit: each.unit,
          value,
          time,
        });
      }
    },
  };
}
