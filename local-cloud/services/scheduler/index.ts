import type { Cloud } from '../../core/cloud.ts';
import type { DeliveryOptions } from '../../core/deliveries.ts';
import { notSupported } from '../../core/errors.ts';
import type { Service } from '../../core/service.ts';
import { encodeJson } from '../../gateway/json.ts';
import { createInvocations } from './invocations.ts';
import { schedulerOperations } from './operations.ts';
import { schedulerResources } from './resources.ts';
import { readRequest, wantedOfScheduler } from './routes.ts';
import { Schedules } from './schedules.ts';
import { createTimetable } from './timetable.ts';
import { schedulesView } from './views.ts';

/** Amazon EventBridge Scheduler: schedules in time zones, invoking targets as their roles, with retries and dead letters. */
export async function createEventBridgeScheduler(
  cloud: Cloud,
  options: DeliveryOptions = {},
): Promise<Service> {
  const state = cloud.state.namespace('scheduler');
  const schedules = new Schedules(cloud, state);
  await schedules.load();
  const invocations = createInvocations(cloud, state, options);
  const timetable = createTimetable(cloud, state, schedules, invocations);
  const access = () => cloud.ports.access;
  const operations = schedulerOperations(access, schedules, timetable);
  return {
    signingNames: ['scheduler'],
    resources: schedulerResources(access, schedules, timetable),
    views: [schedulesView(schedules, timetable)],
    wanted: (_operation, _input, request) =>
      wantedOfScheduler(request, `arn:aws:scheduler:${cloud.region}:${cloud.accountId}`),
    async handle(request) {
      const { operation, input } = await readRequest(request);
      const run = operations[operation];
      if (!run) throw notSupported('scheduler', operation);
      const headers = { 'content-type': 'application/json' };
      return { status: 200, headers, body: encodeJson(await run(input)) };
    },
    start: () => timetable.start(),
    resume: () => invocations.resume(),
    async stop() {
      await timetable.stop();
      await invocations.stop();
    },
  };
}
