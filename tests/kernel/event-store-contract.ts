import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { CommitTooLarge } from '#shared/event-store/errors.ts';
import type { EventStore } from '#shared/event-store/event-store.ts';
import { Counted } from '#shared/testing/counter.ts';
import { at, countedTimes, newStream, originOf, record, recordCommits } from './recording.ts';

/** What every event store must hold to, whatever it stands on. */
export function describeEventStore(name: string, store: () => EventStore): void {
  describe(`an event store ${name}`, () => {
    test('answers a stream without events as empty', async () => {
      const stream = newStream();
      expect(await store().load(stream)).toEqual({
        head: { stream, commit: 0, version: 0, hash: new Uint8Array() },
        events: [],
        commands: new Map(),
      });
      expect(await store().loadFrom(stream, 1)).toEqual([]);
    });

    test('gives back what was recorded, in order, with where the stream ends', async () => {
      const stream = newStream();
      await record(store(), stream, [Counted({ by: 1 }), Counted({ by: 2 })], { commandId: 'first' });
      const head = await record(store(), stream, [Counted({ by: 3 })], {
        commandId: 'second',
        trace: 'Root=1',
      });
      const loaded = await store().load(stream);
      expect(loaded.events.map(({ data }) => data)).toEqual([{ by: 1 }, { by: 2 }, { by: 3 }]);
      expect(loaded.events.map(({ version, commit }) => [version, commit])).toEqual([
        [1, 1],
        [2, 1],
        [3, 2],
      ]);
      expect(loaded.events.map(({ trace }) => trace)).toEqual([undefined, undefined, 'Root=1']);
      expect(loaded.head).toMatchObject({ stream, commit: 2, version: 3 });
      expect(Buffer.from(loaded.head.hash)).toEqual(Buffer.from(head.hash));
      expect([...loaded.commands].map(([id, { commit, version }]) => [id, commit, version])).toEqual([
        ['first', 1, 2],
        ['second', 2, 3],
      ]);
    });

    test('notes the version of each event’s schema', async () => {
      const { head } = await store().load(newStream());
      await store().append(head, countedTimes(1), originOf(), () => 4);
      expect(at((await store().load(head.stream)).events, 0).schemaVersion).toBe(4);
    });

    test('loads from a commit on', async () => {
      const stream = newStream();
      await recordCommits(store(), stream, [2, 3, 1]);
      const versions = async (commit: number) =>
        (await store().loadFrom(stream, commit)).map(({ version }) => version);
      expect(await versions(0)).toEqual([1, 2, 3, 4, 5, 6]);
      expect(await versions(2)).toEqual([3, 4, 5, 6]);
      expect(await versions(3)).toEqual([6]);
      expect(await versions(4)).toEqual([]);
    });

    test('answers the winner’s commit to the one who comes second, and records nothing of theirs', async () => {
      const { head } = await store().load(newStream());
      await store().append(head, [Counted({ by: 1 }), Counted({ by: 2 })], originOf({ commandId: 'winner' }));
      const second = await store().append(head, [Counted({ by: 9 })], originOf({ commandId: 'loser' }));
      expect(second).toMatchObject({
        conflict: {
          commandId: 'winner',
          head: { commit: 1, version: 2 },
          events: [{ data: { by: 1 } }, { data: { by: 2 } }],
        },
      });
      expect((await store().load(head.stream)).events).toHaveLength(2);
    });

    test('goes on from the winner’s commit without a load', async () => {
      const { head } = await store().load(newStream());
      await store().append(head, countedTimes(1), originOf());
      const second = await store().append(head, countedTimes(1), originOf());
      if (!('conflict' in second)) throw new Error('The second writer should have lost.');
      const third = await store().append(second.conflict.head, countedTimes(1), originOf());
      expect(third).toMatchObject({ head: { commit: 2, version: 2 } });
    });

    test('lets exactly one of many writers win', async () => {
      const { head } = await store().load(newStream());
      const ids = Array.from({ length: 8 }, (_, index) => `writer-${index}`);
      const results = await Promise.all(
        ids.map((commandId) => store().append(head, countedTimes(1), originOf({ commandId }))),
      );
      const winners = ids.filter((_, index) => 'head' in at(results, index));
      expect(winners).toHaveLength(1);
      const conflicts = results.flatMap((result) =>
        'conflict' in result ? [result.conflict.commandId] : [],
      );
      expect(new Set(conflicts)).toEqual(new Set(winners));
      expect((await store().load(head.stream)).events).toHaveLength(1);
    });

    test('keeps tenants, types and ids apart', async () => {
      const stream = newStream();
      await record(store(), stream, countedTimes(1));
      for (const other of [{ tenant: 'neighbour' }, { type: 'timer' }, { id: `${stream.id}0` }]) {
        expect((await store().load({ ...stream, ...other })).events).toEqual([]);
      }
    });

    test('puts the commits of writers who meet one after the other, each writer’s in their order', async () => {
      const stream = newStream();
      const writers = [1, 2, 3, 4];
      const write = async (writer: number) => {
        let { head } = await store().load(stream);
        for (let step = 1; step <= 5; step++) {
          const events = [Counted({ by: writer * 100 + step }), Counted({ by: writer * 100 + step })];
          let appended = await store().append(head, events, originOf());
          while ('conflict' in appended)
            appended = await store().append(appended.conflict.head, events, originOf());
          if ('head' in appended) head = appended.head;
        }
      };
      await Promise.all(writers.map(write));
      const { events } = await store().load(stream);
      expect(events.map(({ version }) => version)).toEqual(events.map((_, index) => index + 1));
      const written = events.map(({ data }) => (data as { by: number }).by);
      for (const writer of writers)
        expect(written.filter((by) => Math.floor(by / 100) === writer)).toEqual(
          [1, 1, 2, 2, 3, 3, 4, 4, 5, 5].map((step) => writer * 100 + step),
        );
    });

    /** Text that deflating makes a quarter smaller, and no more. */
    const noiseOf = (lines: number) =>
      Array.from({ length: lines }, (_, index) =>
        createHash('sha256').update(`${index}`).digest('base64'),
      ).join('');

    test('takes a commit as large as an item may be, deflated', async () => {
      const stream = newStream();
      const noise = noiseOf(11_500);
      await record(store(), stream, [{ type: 'Noted', data: noise }]);
      expect(at((await store().load(stream)).events, 0).data).toBe(noise);
    });

    test('refuses a commit too large to store, and stores nothing', async () => {
      const { head } = await store().load(newStream());
      const append = () => store().append(head, [{ type: 'Noted', data: noiseOf(16_000) }], originOf());
      await expect(append()).rejects.toThrow(CommitTooLarge);
      expect((await store().load(head.stream)).events).toEqual([]);
    });
  });
}
