import type { EventStore } from '../event-store/event-store.ts';
import type { Envelope } from '../messages/envelope.ts';
import { PositionMoved, type RowStore } from './row-store.ts';

/** Deliveries of one stream that meet take turns; more turns than this means that something else is wrong. */
const maximumTurns = 50;

/**
 * Brings a read model up to an event. The event is only a notification, for the bus repeats and reorders: one that is
 * already applied is dropped, and where some are missing, they are read from the store, which is the truth.
 *
 * @param upTo events after this version are left to their own notifications
 * @returns how many events were applied
 */
export async function projectEvent(
  event: Envelope,
  rows: Pick<RowStore, 'position' | 'apply'>,
  store: Pick<EventStore, 'loadFrom'>,
  upTo = Number.POSITIVE_INFINITY,
): Promise<number> {
  const stream = { ...event.stream, tenant: event.tenant };
  for (let turn = 0; turn < maximumTurns; turn++) {
    let position = await rows.position(stream);
    if (event.version <= position.version) return 0;
    const isNext = event.version === position.version + 1 && event.dataref === undefined;
    const after = position.version;
    const events = isNext
      ? [event]
      : (await store.loadFrom(stream, position.commit)).filter(
          ({ version }) => version > after && version <= upTo,
        );
    try {
      for (const next of events) position = await rows.apply(next, position);
      return events.length;
    } catch (error) {
      if (!(error instanceof PositionMoved)) throw error;
    }
  }
  throw new Error(`The projection of ${event.id} was overtaken ${maximumTurns} times.`);
}
