import type { Cloud } from '../../core/cloud.ts';
import { notSupported } from '../../core/errors.ts';
import type { Operation, Service } from '../../core/service.ts';
import { telemetryStore } from '../../telemetry/index.ts';
import { embeddedMetrics } from './embedded-metrics.ts';
import { eventOperations, type WriteLines } from './events.ts';
import { groupOperations } from './group-operations.ts';
import { createLogGroups } from './groups.ts';
import { createQueryRuns } from './insights/query-runs.ts';
import { createMetricFilters } from './metric-filters.ts';
import { queryOperations } from './query-operations.ts';
import { logGroupResource, logResourcePolicyResource } from './resources.ts';
import { recordIngestion, storedLogs } from './usage.ts';

const DAY = 24 * 3_600_000;

/** Known, and not there yet: said by name, so that nobody takes silence for an empty answer. */
const UNSUPPORTED = ['StartLiveTail', 'PutSubscriptionFilter'];

/** Amazon CloudWatch Logs: groups, streams, lines, and the embedded metrics that lines carry. */
export async function createLogs(cloud: Cloud): Promise<Service> {
  const store = telemetryStore(cloud.telemetry);
  const groups = await createLogGroups(cloud);
  const metricFilters = createMetricFilters(store);
  const runs = createQueryRuns(store, cloud.logger);

  const write: WriteLines = (group, stream, entries) => {
    groups.ensure(group);
    recordIngestion(cloud, groups.arn(group), entries);
    for (const entry of entries) {
      store.logLine({ group, stream, ...entry });
      for (const sample of embeddedMetrics(entry.message, entry.time)) store.sample(sample);
      metricFilters.observe(group, entry);
    }
  };
  cloud.ports.logs = { write };

  const refused = UNSUPPORTED.map((name): [string, Operation] => [
    name,
    async () => {
      throw notSupported('CloudWatch Logs', name);
    },
  ]);

  return {
    signingNames: ['logs'],
    resources: {
      aws_cloudwatch_log_group: logGroupResource(store, groups),
      aws_cloudwatch_log_resource_policy: logResourcePolicyResource,
      aws_cloudwatch_log_metric_filter: metricFilters.resource,
    },
    holdings: () => storedLogs(store, groups),
    operations: {
      ...groupOperations(store, groups),
      ...eventOperations(store, groups, write),
      ...queryOperations(store, groups, runs, { accountId: cloud.accountId, region: cloud.region }),
      ...Object.fromEntries(refused),
    },
    async start() {
      for (const { name, retentionInDays } of groups.all()) {
        if (retentionInDays !== undefined) {
          await store.removeLogs(name, { before: Date.now() - retentionInDays * DAY });
        }
      }
    },
    async stop() {
      await runs.close();
      await groups.settled();
    },
  };
}
