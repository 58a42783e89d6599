import type { Cloud } from '../../core/cloud.ts';
import type { Service } from '../../core/service.ts';
import { telemetryStore } from '../../telemetry/index.ts';
import { embeddedMetrics } from './embedded-metrics.ts';
import { filterLogEvents } from './filter-events.ts';
import { getLogEvents } from './get-events.ts';
import { groupOperations } from './group-operations.ts';
import { createLogGroups } from './groups.ts';
import { createQueryRuns } from './insights/query-runs.ts';
import { createLiveTail } from './live-tail/live-tail.ts';
import { metricFilterOperations, metricFilterResource } from './metric-filter-operations.ts';
import { createMetricFilters } from './metric-filters.ts';
import { eventIdOf } from './positions.ts';
import { putLogEvents, type WriteLines } from './put-events.ts';
import { queryOperations } from './query-operations.ts';
import { logGroupResource } from './resources.ts';
import { createRetention } from './retention.ts';
import { createSubscriptionDelivery } from './subscriptions/delivery.ts';
import { createSubscriptionFilters } from './subscriptions/filters.ts';
import {
  subscriptionFilterResource,
  subscriptionOperations,
  withoutPermission,
} from './subscriptions/operations.ts';
import { tagOperations } from './tags.ts';
import { recordIngestion, recordScan, storedLogs } from './usage.ts';
import { logsView } from './views.ts';
import { wantedOfLogs } from './wanted.ts';

/** Amazon CloudWatch Logs: groups, streams, lines, what they are searched with, and the metrics that lines carry. */
export async function createLogs(cloud: Cloud): Promise<Service> {
  const store = telemetryStore(cloud.telemetry);
  const groups = await createLogGroups(cloud);
  const metricFilters = await createMetricFilters(cloud, store);
  const subscriptionFilters = await createSubscriptionFilters(cloud);
  const subscriptions = createSubscriptionDelivery(cloud, store, groups, subscriptionFilters);
  const liveTail = createLiveTail(cloud.clock, groups);
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
      liveTail.observe(group, stream, entry);
      const sequence = store.logLine({ group, stream, ...entry });
      if (sequence !== undefined) {
        const id = eventIdOf({ time: entry.time, sequence });
        subscriptions.observe(group, stream, { id, timestamp: entry.time, message: entry.message });
      }
      for (const sample of embeddedMetrics(entry.message, entry.time)) store.sample(sample);
      metricFilters.observe(group, entry);
    }
  };
  cloud.ports.logs = { write };

  async function removeGroup(name: string): Promise<void> {
    await groups.remove(name);
    await metricFilters.removeGroup(name);
    await subscriptionFilters.removeGroup(name);
    await store.removeLogs(name);
  }

  async function saved(): Promise<void> {
    await Promise.all([store.saved(), subscriptions.saved()]);
  }

  return {
    signingNames: ['logs'],
    resources: {
      aws_cloudwatch_log_group: logGroupResource(groups, retention, removeGroup),
      aws_cloudwatch_log_metric_filter: metricFilterResource(metricFilters),
      aws_cloudwatch_log_subscription_filter: subscriptionFilterResource(cloud, subscriptionFilters),
    },
    views: [logsView(store, groups, subscriptionFilters)],
    wanted: (operation, input) =>
      wantedOfLogs(operation, input, `arn:aws:logs:${cloud.region}:${cloud.accountId}:log-group:`),
    holdings: () => storedLogs(store, groups),
    operations: {
      ...groupOperations(store, groups, metricFilters, retention, removeGroup),
      ...tagOperations(groups),
      ...metricFilterOperations(groups, metricFilters),
      ...subscriptionOperations(cloud, groups, subscriptionFilters),
      ...queryOperations(store, groups, runs, { accountId: cloud.accountId, region: cloud.region }),
      GetLogEvents: (input) => getLogEvents(store, groups, input),
      FilterLogEvents: (input) => filterLogEvents(store, groups, input),
      PutLogEvents: (input) => putLogEvents(store, groups, { write, saved }, input),
      StartLiveTail: async (input) => liveTail.start(input),
    },
    async start() {
      await retention.start();
      for (const { logGroupName, filterName } of withoutPermission(cloud, groups, subscriptionFilters)) {
        cloud.logger.error('CloudWatch Logs may not call the function of a subscription filter.', {
          group: logGroupName,
          filter: filterName,
        });
      }
    },
    resume: () => subscriptions.start(),
    async stop() {
      retention.stop();
      liveTail.stop();
      await subscriptions.stop();
      await runs.close();
      await groups.settled();
    },
  };
}
