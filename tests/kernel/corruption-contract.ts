import { describe, expect, test } from 'vitest';
import { streamKey } from '#shared/event-store/commit.ts';
import { StreamCorrupt } from '#shared/event-store/errors.ts';
import type { EventStore } from '#shared/event-store/event-store.ts';
import type { StreamName } from '#shared/messages/envelope.ts';
import { countedTimes, newStream, originOf, recordCommits } from './recording.ts';

/** Reaches behind the store and breaks what it keeps. */
export interface Breaker {
  remove(stream: StreamName, commit: number): Promise<unknown>;
  set(stream: StreamName, commit: number, attribute: string, value: Value): Promise<unknown>;
}
type Value = { readonly N: string } | { readonly B: Uint8Array };

/** What every event store must hold to about streams that something else has broken, whatever it stands on. */
export function describeCorruption(name: string, store: () => EventStore, breaker: () => Breaker): void {
  describe(`a stream that is not whole, ${name},`, () => {
    async function broken(breakIt: (stream: StreamName) => Promise<unknown>, sizes = [1, 2, 1]) {
      const stream = newStream();
      await recordCommits(store(), stream, sizes);
      await breakIt(stream);
      return stream;
    }
    const remove = (commit: number) => (stream: StreamName) => breaker().remove(stream, commit);
    const overwrite = (commit: number, attribute: string, value: Value) => (stream: StreamName) =>
      breaker().set(stream, commit, attribute, value);

    test.each([
      ['lacks its first commit', remove(1), 'commit 1 is missing'],
      ['lacks one in the middle', remove(2), 'commit 2 is missing'],
      ['skips a version', overwrite(3, 'v', { N: '5' }), 'commit 3 does not continue version 3'],
      ['has a body that is not JSON', overwrite(2, 'b', { B: Buffer.from('{') }), 'cannot be read'],
      ['has lost events of a commit', overwrite(2, 'n', { N: '3' }), 'commit 2 holds 2 events, not 3'],
    ])('because it %s is refused by its name', async (_, breakIt, why) => {
      const stream = await broken(breakIt);
      await expect(store().load(stream)).rejects.toThrow(StreamCorrupt);
      await expect(store().load(stream)).rejects.toThrow(`Stream ${streamKey(stream)} is corrupt`);
      await expect(store().load(stream)).rejects.toThrow(why);
    });

    test('because it begins at a later version is refused by its name', async () => {
      const stream = await broken(overwrite(1, 'v', { N: '2' }), [1]);
      await expect(store().load(stream)).rejects.toThrow(
        `Stream ${streamKey(stream)} is corrupt: commit 1 does not continue version 0.`,
      );
    });

    test('is refused where a reader goes on after a gap, and not where the gap lies behind it', async () => {
      const stream = await broken(remove(2));
      await expect(store().loadFrom(stream, 2)).rejects.toThrow('commit 2 is missing');
      expect(await store().loadFrom(stream, 3)).toHaveLength(1);
    });

    test('answers an unreadable winner by the name of the stream, too', async () => {
      const stream = await broken(overwrite(3, 'b', { B: Buffer.from('null') }));
      const head = { stream, commit: 2, version: 3, hash: new Uint8Array() };
      await expect(store().append(head, countedTimes(1), originOf())).rejects.toThrow(StreamCorrupt);
    });
  });
}
