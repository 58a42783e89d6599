import type { Unit } from '#shared/frontend/format.ts';
import type { Metric, Statistic } from './types.ts';

/** GetMetricData does not say a metric's unit, so what AWS documents for its own namespaces stands here. */
const documented: Record<string, Record<string, Unit>> = {
  'AWS/Lambda': {
    Duration: 'milliseconds',
    PostRuntimeExtensionsDuration: 'milliseconds',
    IteratorAge: 'milliseconds',
  },
  'AWS/ApiGateway': { Latency: 'milliseconds', IntegrationLatency: 'milliseconds', DataProcessed: 'bytes' },
  'AWS/DynamoDB': {
    SuccessfulRequestLatency: 'milliseconds',
    ConsumedReadCapacityUnits: 'units',
    ConsumedWriteCapacityUnits: 'units',
    ReturnedBytes: 'bytes',
  },
  'AWS/States': { ExecutionTime: 'milliseconds' },
  'AWS/Events': {},
  'AWS/SQS': { ApproximateAgeOfOldestMessage: 'seconds', SentMessageSize: 'bytes' },
  'AWS/CloudFront': {
    '4xxErrorRate': 'percent',
    '5xxErrorRate': 'percent',
    TotalErrorRate: 'percent',
    BytesDownloaded: 'bytes',
  },
};

/** The unit of a metric's values under a statistic. Everything AWS publishes that is not listed is a count. */
export function unitOf(metric: Pick<Metric, 'namespace' | 'metricName'>, statistic?: Statistic): Unit {
  if (statistic === 'SampleCount') return 'count';
  const known = documented[metric.namespace];
  if (known)
    return known[metric.metricName] ?? (metric.metricName.endsWith('Latency') ? 'milliseconds' : 'count');
  return 'unknown';
}
