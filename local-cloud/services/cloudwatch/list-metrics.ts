import type { MetricIdentity, TelemetryStore } from '../../telemetry/index.ts';
import { dimensionList, type Input, oneOf, optionalText, records, requiredText } from './input.ts';
import { pageToken, readPageToken } from './paging.ts';

const PAGE = 500;
const TWO_WEEKS = 14 * 24 * 3_600_000;
const THREE_HOURS = 3 * 3_600_000;

/** A filter without a value matches any value; a metric may have more dimensions than the filters name. */
function hasDimensions(
  metric: MetricIdentity,
  filters: { name: string; value: string | undefined }[],
): boolean {
  return filters.every(({ name, value }) => {
    const own = metric.dimensions[name];
    return own !== undefined && (value === undefined || value === own);
  });
}

/** ListMetrics: what had points in the last two weeks, or in three hours with `RecentlyActive`. */
export async function listMetrics(store: TelemetryStore, input: Input): Promise<object> {
  const namespace = optionalText(input, 'Namespace', 255);
  const name = optionalText(input, 'MetricName', 255);
  const recent = oneOf(input, 'RecentlyActive', ['PT3H']);
  const filters = records(input, 'Dimensions').map((filter) => ({
    name: requiredText(filter, 'Name', 255),
    value: optionalText(filter, 'Value'),
  }));
  const start = readPageToken(optionalText(input, 'NextToken', 4_096), 0);
  const found = await store.metrics({
    ...(namespace === undefined ? {} : { namespace }),
    ...(name === undefined ? {} : { name }),
    since: Date.now() - (recent ? THREE_HOURS : TWO_WEEKS),
  });
  const matching = found.filter((metric) => hasDimensions(metric, filters));
  const page = matching.slice(start, start + PAGE);
  return {
    Metrics: page.map((metric) => ({
      Namespace: metric.namespace,
      MetricName: metric.name,
      Dimensions: dimensionList(metric.dimensions),
    })),
    ...(matching.length > start + PAGE ? { NextToken: pageToken(start + PAGE) } : {}),
  };
}
