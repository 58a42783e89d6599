import type { Cloud } from '../../core/cloud.ts';
import { notSupported } from '../../core/errors.ts';
import type { Operation, Service } from '../../core/service.ts';
import { telemetryStore } from '../../telemetry/index.ts';
import { embeddedMetrics } from './embedded-metrics.ts';
import { filterLogEvents } from './filter-events.ts';
import { getLogEvents } from './get-events.ts';
import { groupOperations } from './group-operations.ts';
import { createLogGroups } from './groups.ts';
import { createQueryRuns } from './insights/query-runs.ts';
import { metricFilterOperations, metricFilterResource } from './metric-filter-operations.ts';
import { createMetricFilters } from './metric-filters.ts';
import { putLogEvents, type WriteLines } from './put-events.ts';
import { queryOperations } from './query-operations.ts';
import { logGroupResource } from './resources.ts';
import { createRetention } from './retention.ts';
import { recordIngestion, recordScan, storedLogs } from './usage.ts';
import { logsView } from './views.ts';
import { wantedOfLogs } from './wanted.ts';

/** Known, and not there yet: said by name, so that nobody takes silence for an empty answer. */
const UNSUPPORTED = ['StartLiveTail', 'PutSubscriptionFilter'];

/** Amazon CloudWatch Logs: groups, streams, lines, what they are searched with, and the metrics that lines carry. */
export async function createLogs(cloud: Cloud): Promise<Service> {
  const store = telemetryStore(cloud.telemetry);
  const groups = await createLogGroups(cloud);
  const metricFilters = await createMetricFilters(cloud, store);
  const retention = createRetention(store, groups, cloud.logger);
  const runs = createQueryRuns(store, cloud.logger, {
    ended(run) {
      const [group] = run.groups;
      if (group !== undefined) recordScan(cloud, groups.arn(group), run.statistics.bytesScanned);
    },
  });

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
      aws_cloudwatch_log_group: logGroupResource(store, groups, metricFilters, retention),
      aws_cloudwatch_log_metric_filter: metricFilterResource(metricFilters),
    },
    views: [logsView(store, groups)],
    wanted: (operation, input) =>
      wantedOfLogs(operation, input, `arn:aws:logs:${cloud.region}:${cloud.accountId}:log-group:`),
    holdings: () => storedLogs(store, groups),
    operations: {
      ...groupOperations(store, groups, metricFilters, retention),
      ...metricFilterOperations(groups, metricFilters),
      ...queryOperations(store, groups, runs, { accountId: cloud.accountId, region: cloud.region }),
      GetLogEvents: (input) => getLogEvents(store, groups, input),
      FilterLogEvents: (input) => filterLogEvents(store, groups, input),
      PutLogEvents: (input) => putLogEvents(store, groups, write, input),
      ...Object.fromEntries(refused),
    },
    start: () => retention.start(),
    async stop() {
      retention.stop();
      await runs.close();
      await groups.settled();
    },
  };
}
