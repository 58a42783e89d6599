import type { StreamName } from '../messages/envelope.ts';
import { textIn } from './attributes.ts';
import { type CommitItem, streamKey, streamOf } from './commit.ts';

/**
 * Keys that at most one stream of a type may hold, such as a name: those that a commit takes and those it gives back.
 * They are reserved in the commit's own transaction, which costs two write units for the commit and two for each key,
 * where a commit alone costs one.
 */
export interface KeyChanges {
  readonly taken: readonly string[];
  readonly released: readonly string[];
}

export const noKeyChanges: KeyChanges = { taken: [], released: [] };

/** Reservations stand before the first commit of a stream that no command can name. */
const reservationKey = 0;

/**
 * The item that reserves a key:
 *
 * | name | type | what |
 * |---|---|---|
 * | `s` | S | `tenant#type#~key` |
 * | `c` | N | 0 |
 * | `o` | S | id of the stream that holds it; absent once it was given back |
 */
export function reservationItem(stream: StreamName, key: string, isTaken: boolean): CommitItem {
  return {
    s: { S: streamKey({ ...stream, id: `~${key}` }) },
    c: { N: `${reservationKey}` },
    ...(isTaken ? { o: { S: stream.id } } : {}),
  };
}

/** Values that at most one stream of a type may have, by their name. */
export type UniqueValues<State> = Readonly<Record<string, (state: State) => string | undefined>>;

/** The keys that a state holds, as `name=value`. */
export function keysOf<State>(unique: UniqueValues<State> | undefined, state: State): string[] {
  return Object.entries(unique ?? {}).flatMap(([name, of]) => {
    const value = of(state);
    return value === undefined ? [] : [`${name}=${value}`];
  });
}

/** Whether an item of the event store reserves a key, and so is no commit. */
export function isReservation(item: CommitItem): boolean {
  return item['c']?.N === `${reservationKey}` && streamOf(textIn(item, 's')).id.startsWith('~');
}

/** What follows from a state before and after: the keys that are new, and those that are not needed any more. */
export function keyChanges(before: readonly string[], after: readonly string[]): KeyChanges {
  return {
    taken: after.filter((key) => !before.includes(key)),
    released: before.filter((key) => !after.includes(key)),
  };
}
