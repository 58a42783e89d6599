import type { Wanted } from '../../core/access.ts';
import type { AwsRequest } from '../../core/service.ts';

/** Actions whose path is not their name. */
const actions: Readonly<Record<string, string>> = {
  '/TraceSegments': 'PutTraceSegments',
  '/TelemetryRecords': 'PutTelemetryRecords',
  '/Traces': 'BatchGetTraces',
  '/TraceSummaries': 'GetTraceSummaries',
  '/TraceGraph': 'GetTraceGraph',
  '/ServiceGraph': 'GetServiceGraph',
  '/SamplingTargets': 'GetSamplingTargets',
  '/SamplingStatisticSummaries': 'GetSamplingStatisticSummaries',
  '/Groups': 'GetGroups',
  '/EncryptionConfig': 'GetEncryptionConfig',
};

/** What a request to X-Ray has to be allowed to do; hardly any of it can be limited to a resource. */
export function wantedOfXray({ path }: AwsRequest): readonly Wanted[] {
  return [{ action: `xray:${actions[path] ?? path.slice(1)}`, resource: '*' }];
}
