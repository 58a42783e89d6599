import type { Aggregate } from '../definition/aggregate.ts';
import type { EventStore } from '../event-store/event-store.ts';
import { snapshotState } from '../event-store/load-state.ts';
import { eventStore } from './clients.ts';
import { reportFailure } from './failure.ts';
import { log } from './log.ts';
import type { BusEvent } from './serve-projection.ts';

/**
 * Makes the Lambda handler that keeps a domain's snapshots. The bus wakes it as a stream grows past each interval; an
 * event lost there makes loads slower until the next, and nothing wrong.
 */
export function serveSnapshots(
  aggregates: readonly Aggregate<never, never>[],
  store: () => Promise<EventStore> = eventStore,
): (event: BusEvent) => Promise<void> {
  const byType = new Map(aggregates.map((aggregate) => [aggregate.type, aggregate]));
  return async ({ detail }) => {
    const { tenant, stream, correlationId } = detail;
    log.resetKeys();
    log.appendKeys({ correlationId, eventId: detail.id });
    try {
      const aggregate = byType.get(stream.type);
      if (!aggregate) throw new Error(`${stream.type} is no aggregate of this domain.`);
      await snapshotState(await store(), aggregate, { tenant, ...stream });
    } catch (error) {
      await reportFailure(error, { correlationId });
      throw error;
    }
  };
}
