import type { Cloud } from '../../core/cloud.ts';
import type { Service } from '../../core/service.ts';
import { telemetryStore } from '../../telemetry/index.ts';
import { compositeAlarmResource } from './alarms/composite/resource.ts';
import { HISTORY_RETENTION } from './alarms/describe.ts';
import { createEvaluator } from './alarms/evaluator.ts';
import { alarmOperations } from './alarms/operations.ts';
import { createOutbox } from './alarms/outbox.ts';
import { createAlarmRegister } from './alarms/register.ts';
import { alarmResource } from './alarms/resource.ts';
import { createDashboards } from './dashboards.ts';
import { listMetrics } from './list-metrics.ts';
import { getMetricData } from './metric-data.ts';
import { getMetricStatistics } from './metric-statistics.ts';
import { putMetricData } from './put-metric-data.ts';
import { querySpelling } from './query-spelling.ts';
import { counted, standingMonitoring } from './usage.ts';
import { alarmsView } from './views.ts';
import { wantedOfCloudwatch } from './wanted.ts';

/**
 * Amazon CloudWatch: metrics, metric math, and alarms that are really evaluated and announce their changes on the
 * default bus.
 */
export async function createCloudwatch(cloud: Cloud): Promise<Service> {
  const store = telemetryStore(cloud.telemetry);
  const register = await createAlarmRegister(cloud);
  const flushOutbox = createOutbox(cloud, register);
  const evaluator = createEvaluator(cloud, store, register, flushOutbox);
  const dashboards = createDashboards(cloud);
  let started = false;

  // Before every resource stands there is no bus to tell: start() evaluates them all.
  function evaluateSoon(alarmName: string): void {
    if (started) void evaluator.evaluate(alarmName);
  }

  return {
    signingNames: ['monitoring'],
    resources: {
      aws_cloudwatch_metric_alarm: alarmResource(register, evaluateSoon),
      aws_cloudwatch_composite_alarm: compositeAlarmResource(register, evaluateSoon),
      aws_cloudwatch_dashboard: dashboards.resource,
    },
    querySpelling,
    views: [alarmsView(register)],
    wanted: (operation, input) => wantedOfCloudwatch(operation, input, cloud),
    holdings: () => standingMonitoring(store, register),
    operations: counted(cloud, {
      PutMetricData: (input) => putMetricData(store, input),
      ListMetrics: (input) => listMetrics(store, input),
      GetMetricData: (input) => getMetricData(store, input),
      GetMetricStatistics: (input) => getMetricStatistics(store, input),
      ...alarmOperations(register, evaluateSoon),
      ...dashboards.operations,
    }),
    async start() {
      started = true;
      await register.forgetHistory(Date.now() - HISTORY_RETENTION);
      evaluator.start();
    },
    async stop() {
      started = false;
      await evaluator.stop();
    },
  };
}
