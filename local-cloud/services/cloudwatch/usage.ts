import type { Cloud } from '../../core/cloud.ts';
import type { Holding, Operation } from '../../core/service.ts';
import type { TelemetryStore } from '../../telemetry/index.ts';
import { isComposite, isMetricAlarm } from './alarms/record.ts';
import type { AlarmRegister } from './alarms/register.ts';

const SERVICE = 'AmazonCloudWatch';
const HOUR = 3_600_000;

/** The operations, each counted for the bill once it was answered: GetMetricData by the metrics it asks for. */
export function counted(cloud: Cloud, operations: Record<string, Operation>): Record<string, Operation> {
  const wrapped = Object.entries(operations).map(([name, run]): [string, Operation] => [
    name,
    async (input, request) => {
      const answer = await run(input, request);
      const queries = input['MetricDataQueries'];
      const byMetric = name === 'GetMetricData' && Array.isArray(queries);
      cloud.telemetry.usage({
        service: SERVICE,
        usageType: byMetric ? 'CW:GMD-Metrics' : 'CW:Requests',
        operation: name,
        resource: '',
        quantity: byMetric ? queries.filter(readsMetric).length : 1,
        time: Date.now(),
      });
      return answer;
    },
  ]);
  return Object.fromEntries(wrapped);
}

function readsMetric(query: unknown): boolean {
  return typeof query === 'object' && query !== null && 'MetricStat' in query;
}

/** Alarms by the metrics they watch, and the custom metrics that had points in the past hour. */
export async function standingMonitoring(store: TelemetryStore, register: AlarmRegister): Promise<Holding[]> {
  const composites = register
    .all()
    .filter(isComposite)
    .map((alarm) => ({
      service: SERVICE,
      usageType: 'CW:CompositeAlarmMonitorUsage',
      operation: 'Unknown',
      resource: alarm.arn,
      amount: 1,
    }));
  const alarms = register
    .all()
    .filter(isMetricAlarm)
    .map((alarm) => ({
      service: SERVICE,
      usageType: 'CW:AlarmMonitorUsage',
      operation: 'Unknown',
      resource: alarm.arn,
      amount: Math.max(1, alarm.settings.Metrics?.filter(readsMetric).length ?? 1),
    }));
  const metrics = await store.metrics({ since: Date.now() - HOUR });
  const custom = metrics.filter(({ namespace }) => !namespace.startsWith('AWS/'));
  return [
    ...alarms,
    ...composites,
    {
      service: SERVICE,
      usageType: 'CW:MetricMonitorUsage',
      operation: 'MetricStorage',
      resource: '',
      amount: custom.length,
    },
  ];
}
