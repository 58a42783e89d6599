import type { CreateService } from '../../core/service.ts';
import { archiveOperations } from './archive-operations.ts';
import { Archives } from './archives.ts';
import { createChanges } from './changes.ts';
import { createRuleDeliveries } from './deliveries.ts';
import { createKept } from './kept.ts';
import { createOperations } from './operations.ts';
import { createPutEvents, putEntries } from './put-events.ts';
import { RecentEvents } from './recent-events.ts';
import { busNameOf, createRegistry } from './registry.ts';
import { Replays } from './replays.ts';
import { createResources } from './resources.ts';
import { createRouter } from './router.ts';
import { createScheduler } from './scheduler.ts';
import { createTagOperations } from './tags.ts';
import { createTargets } from './targets.ts';
import { eventsView } from './views.ts';
import { wantedOfEvents } from './wanted.ts';

/** Amazon EventBridge: buses, rules and their delivery, schedules. Owns the ports `buses` and `targets`. */
export const createEventBridge: CreateService = async (cloud) => {
  const state = cloud.state.namespace('eventbridge');
  const registry = createRegistry(cloud);
  const kept = createKept(state, registry);
  const deliveries = createRuleDeliveries(cloud, state);
  const recent = new RecentEvents();
  const archives = new Archives(state);
  const router = createRouter(cloud, registry, deliveries, recent, archives);
  const replays = new Replays(cloud, state, archives, registry, router);
  const scheduler = createScheduler(cloud, state, registry, router);

  cloud.ports.access.addPolicies('events', (arn) => registry.buses.get(busNameOf(arn))?.policy);
  cloud.ports.buses = { put: (entries) => putEntries(cloud, router, entries) };
  cloud.ports.targets = createTargets(cloud);
  await kept.load();

  return {
    signingNames: ['events'],
    resources: createResources(cloud, registry, scheduler, kept, archives),
    views: [eventsView(registry, recent)],
    wanted: (operation, input) =>
      wantedOfEvents(operation, input, `arn:aws:events:${cloud.region}:${cloud.accountId}`),
    operations: {
      PutEvents: createPutEvents(cloud, router),
      ...createOperations(registry),
      ...createChanges(registry, scheduler, kept),
      ...createTagOperations(registry, kept),
      ...archiveOperations(archives),
      ...replays.operations(),
    },
    async start() {
      await kept.prune();
      await scheduler.start();
      await archives.start();
    },
    async resume() {
      await replays.resume();
      await deliveries.resume();
    },
    async stop() {
      await scheduler.stop();
      archives.stop();
      await replays.stop();
      await deliveries.stop();
    },
  };
};
