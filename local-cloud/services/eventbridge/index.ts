import type { CreateService } from '../../core/service.ts';
import { createDeliveries } from './deliveries.ts';
import { createOperations } from './operations.ts';
import { createPutEvents, putEntries } from './put-events.ts';
import { createRegistry } from './registry.ts';
import { createResources } from './resources.ts';
import { createRouter } from './router.ts';
import { createScheduler } from './scheduler.ts';
import { createTargets } from './targets.ts';

/** Amazon EventBridge: buses, rules and their delivery, schedules. Owns the ports `buses` and `targets`. */
export const createEventBridge: CreateService = (cloud) => {
  const state = cloud.state.namespace('eventbridge');
  const registry = createRegistry(cloud);
  const deliveries = createDeliveries(cloud, state);
  const router = createRouter(cloud, registry, deliveries);
  const scheduler = createScheduler(cloud, state, registry, router);

  cloud.ports.buses = { put: (entries) => putEntries(cloud, router, entries) };
  cloud.ports.targets = createTargets(cloud);

  return {
    signingNames: ['events'],
    resources: createResources(cloud, registry, scheduler),
    operations: { PutEvents: createPutEvents(cloud, router), ...createOperations(registry, scheduler) },
    async start() {
      await deliveries.resume();
      await scheduler.start();
    },
    async stop() {
      await scheduler.stop();
      await deliveries.stop();
    },
  };
};
