import type { ReadModel } from '../../definition/read-model.ts';
import { isFollowed } from '../../definition/read-model.ts';
import { type CommitItem, decodeCommit, isCommit, streamKey, streamOf } from '../../event-store/commit.ts';
import type { Envelope, StreamName } from '../../messages/envelope.ts';

/** Events of one stream as they follow each other, oldest first. */
export interface Run {
  readonly stream: StreamName;
  readonly events: readonly [Envelope, ...Envelope[]];
}

/**
 * What a page of the store holds of streams that the model follows. A scan hands over the commits of a stream in order,
 * but nothing here relies on it: a commit that does not follow the one before it begins another run.
 */
export function runsIn(items: readonly CommitItem[], model: Pick<ReadModel, 'follows'>): Run[] {
  const runs: { stream: StreamName; events: [Envelope, ...Envelope[]] }[] = [];
  let lastKey = '';
  let lastVersion = 0;
  for (const item of items) {
    if (!isCommit(item) || !isFollowed(model, typeIn(item))) continue;
    const { head, events } = decodeCommit(item);
    const key = streamKey(head.stream);
    for (const event of events) {
      const current = runs.at(-1);
      if (current && key === lastKey && event.version === lastVersion + 1) current.events.push(event);
      else runs.push({ stream: head.stream, events: [event] });
      lastKey = key;
      lastVersion = event.version;
    }
  }
  return runs;
}

/** The stream's type, without decoding the commit: a model follows few of the store's streams. */
function typeIn(item: CommitItem): string {
  return streamOf(String(item['s']?.S)).type;
}

/** The last event of a run, by which it is known to the ordinary projection. */
export function lastOf({ events }: Run): Envelope {
  return events.at(-1) as Envelope;
}
