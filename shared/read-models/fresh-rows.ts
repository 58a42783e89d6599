import { keyOf, type ReadModel, remove } from '../definition/read-model.ts';
import type { EventStore } from '../event-store/event-store.ts';
import type { StreamName } from '../messages/envelope.ts';
import type { RowStore } from './row-store.ts';

/** Rows of one stream as they are now, by their keys, whatever the table says; undefined where there is none any more. */
export type FreshRows = ReadonlyMap<string, unknown>;

/** A projector that moves the position at every look would have long been done. */
const maximumTurns = 20;

/**
 * The rows that the newest events of a stream change, folded in memory from where the read model stands: what a caller
 * has just recorded shows before the projection gets to it, and in lists whose index is still behind the table.
 *
 * @returns the rows, and the version of the stream that they show
 */
export async function freshRowsOf(
  model: ReadModel,
  stream: StreamName,
  rows: RowStore,
  store: Pick<EventStore, 'loadFrom'>,
): Promise<{ rows: FreshRows; version: number }> {
  let position = await rows.position(stream);
  for (let turn = 0; turn < maximumTurns; turn++) {
    const events = await store.loadFrom(stream, position.commit);
    const keys = new Set(events.map((event) => keyOf(model, event)));
    const standing = await rows.readTogether(stream, [...keys]);
    if (standing.position.version === position.version) {
      const fresh = new Map(standing.rows);
      for (const event of events) {
        if (event.version <= position.version) continue;
        const key = keyOf(model, event);
        const after = model.project(fresh.get(key), event);
        fresh.set(key, after === remove ? undefined : after);
      }
      return { rows: fresh, version: events.at(-1)?.version ?? position.version };
    }
    position = standing.position;
  }
  throw new Error(`The position of ${stream.type} ${stream.id} moved ${maximumTurns} times.`);
}
