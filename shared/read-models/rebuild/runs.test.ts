import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type CommitItem, encodeCommit, type Head, streamKey } from '../../event-store/commit.ts';
import { reservationItem } from '../../event-store/reservation.ts';
import { encodeSnapshot } from '../../event-store/snapshot.ts';
import type { StreamName } from '../../messages/envelope.ts';
import { Counted } from '../../testing/counter.ts';
import { lastOf, runsIn } from './runs.ts';

const counters = { follows: [{ domain: 'testing', type: 'counter' }] };
const origin = {
  domain: 'testing',
  commandId: 'command-1',
  actor: { type: 'user' as const, id: 'u' },
  correlationId: '',
  causationId: '',
  time: 0,
};

/** The commits of a stream, each of so many events, and its head after them. */
function recorded(stream: StreamName, sizes: readonly number[]): { items: CommitItem[]; head: Head } {
  let head: Head = { stream, commit: 0, version: 0, hash: new Uint8Array() };
  const items = sizes.map((size) => {
    const events = Array.from({ length: size }, () => Counted({ by: 1 }));
    const { item, next } = encodeCommit(head, events, origin, () => 1);
    head = next;
    return item;
  });
  return { items, head };
}

const streamOf = (type: string, id: string): StreamName => ({ tenant: 't', type, id });
const sizes = fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 4 });

test('what a page holds of a stream is one run, from its first event to its last', () => {
  fc.assert(
    fc.property(fc.array(sizes, { maxLength: 5 }), (streams) => {
      const names = streams.map((_, index) => streamOf('counter', `c#${index}`));
      const items = streams.flatMap((commits, index) => recorded(names[index] as StreamName, commits).items);
      const runs = runsIn(items, counters);
      expect(runs.map(({ stream }) => stream)).toEqual(names);
      for (const [index, run] of runs.entries()) {
        const count = streams[index]?.reduce((sum, size) => sum + size, 0) ?? 0;
        expect(run.events.map(({ version }) => version)).toEqual(
          Array.from({ length: count }, (_, event) => event + 1),
        );
        expect(lastOf(run).version).toBe(count);
      }
    }),
  );
});

test('a commit that does not follow the one before it begins another run', () => {
  const { items } = recorded(streamOf('counter', 'c1'), [1, 2, 1]);
  const other = recorded(streamOf('counter', 'c2'), [1]).items;
  const versionsIn = (page: readonly (CommitItem | undefined)[]) =>
    runsIn(
      page.flatMap((item) => (item ? [item] : [])),
      counters,
    ).map(({ stream, events }) => [stream.id, ...events.map(({ version }) => version)]);
  expect(versionsIn([items[0], items[2]])).toEqual([
    ['c1', 1],
    ['c1', 4],
  ]);
  expect(versionsIn([items[0], ...other, items[1]])).toEqual([
    ['c1', 1],
    ['c2', 1],
    ['c1', 2, 3],
  ]);
});

test('what is no commit, or of a stream that the model does not follow, is in no run', () => {
  const stream = streamOf('counter', 'c1');
  const { items, head } = recorded(stream, [2]);
  const snapshot = encodeSnapshot({ head, fingerprint: 'f', state: {}, commands: new Map() });
  const beside = [reservationItem(stream, 'name=x', true), ...(snapshot ? [snapshot] : [])];
  expect(beside).toHaveLength(2);
  const unfollowed = recorded(streamOf('timer', 'c1'), [1]).items;
  const runs = runsIn([...beside, ...unfollowed, ...items], counters);
  expect(runs.map((run) => streamKey(run.stream))).toEqual(['t#counter#c1']);
  expect(runsIn([...beside, ...unfollowed, ...items], { follows: 'everything' })).toHaveLength(2);
});
