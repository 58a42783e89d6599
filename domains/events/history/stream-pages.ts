import type { EventStore } from '#shared/event-store/event-store.ts';
import type { Envelope, StreamName } from '#shared/messages/envelope.ts';
import { notFound, refused } from '#shared/messages/problem.ts';

type Reader = Pick<EventStore, 'loadPage'>;

/** A place in a stream: an event, and the commit that holds it. */
interface Place {
  readonly version: number;
  readonly commit: number;
}

/** An answer of a function holds 6 MB; this leaves room for what stands around the events. */
const maximumBytes = 4_000_000;

/** What a state is folded from at most: as many take a second. */
export const mostEvents = 10_000;
const commitsPerRead = 1000;

/** A page of events, newest first unless `ascending`, from version `from` on or from where the page before ended. */
export async function pageOfEvents(
  store: Reader,
  stream: StreamName,
  wish: {
    from?: number | undefined;
    cursor?: string | undefined;
    limit: number;
    ascending: boolean;
  },
): Promise<{ items: readonly Envelope[]; nextCursor?: string }> {
  const { from, cursor, limit, ascending } = wish;
  const start = cursor !== undefined ? placeIn(cursor) : from && (await placeOf(store, stream, from));
  const backward = !ascending;
  const commits = await store.loadPage(stream, { from: start ? start.commit : undefined, limit, backward });
  const events = commits
    .flatMap((commit) => (ascending ? commit.events : commit.events.toReversed()))
    .filter(({ version }) => !start || (ascending ? version >= start.version : version <= start.version));
  const items = fitting(events.slice(0, limit));
  const next = events[items.length] ?? (await eventAfter(store, stream, items.at(-1), ascending));
  return { items, ...(next ? { nextCursor: `${next.version}-${next.commit}` } : {}) };
}

/** What follows the last event of a commit, in either direction. */
async function eventAfter(
  store: Reader,
  stream: StreamName,
  last: Envelope | undefined,
  ascending: boolean,
): Promise<Place | undefined> {
  if (!last) return undefined;
  if (!ascending)
    return last.version > 1 ? { version: last.version - 1, commit: last.commit - 1 } : undefined;
  const [commit] = await store.loadPage(stream, { from: last.commit + 1, limit: 1 });
  return commit?.events[0];
}

function placeIn(cursor: string): Place {
  const [version = 1, commit = 1] = cursor.split('-').map(Number);
  return { version, commit };
}

/**
 * Finds the commit that holds a version, or the last one where there is no such version yet. Each commit has an event
 * at least, so it is never beyond the version itself; mostly it is that very one.
 */
async function placeOf(store: Reader, stream: StreamName, version: number): Promise<Place | undefined> {
  const [highest] = await store.loadPage(stream, { from: version, limit: 1, backward: true });
  let [low, high] = [1, highest?.head.commit ?? 0];
  let found = highest;
  while (found && low <= high) {
    const { head, events } = found;
    if (head.version < version) low = head.commit + 1;
    else if (head.version - events.length >= version) high = head.commit - 1;
    else return { version, commit: head.commit };
    const middle = Math.floor((low + high) / 2);
    found = low <= high ? (await store.loadPage(stream, { from: middle, limit: 1 }))[0] : undefined;
  }
  return highest && { version, commit: highest.head.commit };
}

/** As many as an answer can carry, but one at least. */
function fitting(events: readonly Envelope[]): readonly Envelope[] {
  let bytes = 0;
  const cut = events.findIndex((event) => {
    bytes += Buffer.byteLength(JSON.stringify(event));
    return bytes > maximumBytes;
  });
  return cut < 0 ? events : events.slice(0, Math.max(cut, 1));
}

/** Every event up to this version, oldest first, or up to the newest. Throws a problem where there is none such, or too many. */
export async function eventsUpTo(
  store: Reader,
  stream: StreamName,
  wished: number | undefined,
): Promise<{ events: readonly Envelope[]; event: Envelope }> {
  const [newest] = await store.loadPage(stream, { limit: 1, backward: true });
  if (!newest) throw notFound(`There is no ${stream.type} ${stream.id}.`);
  const version = wished ?? newest.head.version;
  if (version > newest.head.version) throw notFound(`There is no version ${version} of it yet.`);
  if (version > mostEvents)
    throw refused(
      'stream-too-long',
      `What version ${version} led to would be folded from as many events; at most ${mostEvents} are read.`,
    );
  const events: Envelope[] = [];
  for (let from = 1; events.length < version; ) {
    const commits = await store.loadPage(stream, { from, limit: commitsPerRead });
    const last = commits.at(-1);
    if (!last) break;
    for (const commit of commits) events.push(...commit.events);
    from = last.head.commit + 1;
  }
  const prefix = events.slice(0, version);
  const event = prefix.at(-1);
  if (event?.version === version) return { events: prefix, event };
  throw new Error(`${stream.type}/${stream.id} does not have the event ${version} that it should.`);
}
