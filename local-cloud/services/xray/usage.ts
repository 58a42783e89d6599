import type { Cloud } from '../../core/cloud.ts';
import type { TraceStore } from '../../telemetry/index.ts';

/** A trace store whose reads are counted for the bill: whole traces as retrieved, listed ones as scanned. */
export function counted(cloud: Cloud, store: TraceStore): TraceStore {
  const use = (operation: string, quantity: number) =>
    cloud.telemetry.usage({
      service: 'AWS X-Ray',
      usageType: 'USE1-XRay-TracesAccessed',
      operation,
      resource: '',
      quantity,
      time: Date.now(),
    });
  return {
    async spans(traceId) {
      const spans = await store.spans(traceId);
      if (spans.length > 0) use('BatchGetTraces', 1);
      return spans;
    },
    async summaries(query) {
      const page = await store.summaries(query);
      use('GetTraceSummaries', page.processed);
      return page;
    },
    calls: (condition) => store.calls(condition),
  };
}
