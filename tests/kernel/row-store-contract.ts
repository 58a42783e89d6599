import { describe, expect, test } from 'vitest';
import { keyOf, type ReadModel } from '#shared/definition/read-model.ts';
import type { EventStore } from '#shared/event-store/event-store.ts';
import type { Envelope } from '#shared/messages/envelope.ts';
import { freshRowsOf } from '#shared/read-models/fresh-rows.ts';
import { projectEvent } from '#shared/read-models/projector.ts';
import { PositionMoved, type RowStore, start } from '#shared/read-models/row-store.ts';
import { Closed, Counted } from '#shared/testing/counter.ts';
import { steps, sums, totals } from './models.ts';
import { at, newStream, record, recordCommits } from './recording.ts';

/** A row store to test, with a look at the row under a key. */
export interface RowStoreUnderTest {
  readonly rows: RowStore;
  row(tenant: string, key: string): Promise<unknown>;
}

/** What every row store must hold to, whatever it stands on; `open` answers the same store for the same model. */
export function describeRowStore(
  name: string,
  open: (model: ReadModel) => RowStoreUnderTest,
  store: () => EventStore,
): void {
  describe(`a row store ${name}`, () => {
    const newTenant = () => `tenant-${crypto.randomUUID()}`;
    const deliver = (event: Envelope, model: ReadModel) => projectEvent(event, open(model).rows, store());

    test.each([
      ['one row per stream', totals],
      ['rows of their own keys', steps],
      ['joined rows', sums],
    ])('with %s stands at the start for a stream it never heard of', async (_, model) => {
      expect(await open(model).rows.position(newStream())).toEqual(start);
      expect(await open(model).rows.readTogether(newStream(), ['nothing'])).toEqual({
        position: start,
        rows: new Map([['nothing', undefined]]),
      });
    });

    test('moves row and position together', async () => {
      const stream = newStream();
      const [first, second] = await recordCommits(store(), stream, [1, 1]);
      if (!first || !second) throw new Error('Two events were recorded.');
      const { rows, row } = open(totals);
      const position = await rows.apply(first, start);
      expect(position).toEqual({ version: 1, commit: 1 });
      expect(await rows.apply(second, position)).toEqual({ version: 2, commit: 2 });
      const expected = { counterId: stream.id, total: 2, version: 2 };
      expect(await row(stream.tenant, stream.id)).toEqual(expected);
      expect(await rows.readTogether(stream, [stream.id])).toEqual({
        position: { version: 2, commit: 2 },
        rows: new Map([[stream.id, expected]]),
      });
    });

    test('reads more rows together than a transaction takes', async () => {
      const stream = newStream();
      await recordCommits(store(), stream, [150, 100]);
      const { events } = await store().load(stream);
      await deliver(at(events, -1), steps);
      const keys = events.map((event) => keyOf(steps, event));
      const { position, rows } = await open(steps).rows.readTogether(stream, keys);
      expect(position).toEqual({ version: 250, commit: 2 });
      expect([...rows.keys()]).toEqual(keys);
      expect([...rows.values()].filter((row) => row === undefined)).toEqual([]);
    });

    test.each([
      ['one row per stream', totals],
      ['rows of their own keys', steps],
      ['joined rows', sums],
    ])(
      'with %s refuses an event that does not follow its position, and changes nothing',
      async (_, model) => {
        const stream = newStream(newTenant());
        const events = await recordCommits(store(), stream, [1, 1]);
        const { rows } = open(model);
        await rows.apply(at(events, 0), start);
        await expect(rows.apply(at(events, 0), start)).rejects.toThrow(PositionMoved);
        const beyond = { version: 2, commit: 2 };
        await expect(rows.apply(at(events, 1), beyond)).rejects.toThrow(PositionMoved);
        expect(await rows.position(stream)).toEqual({ version: 1, commit: 1 });
      },
    );

    test('keeps a tombstone where a row was removed, so that nothing late revives it', async () => {
      const stream = newStream();
      await record(store(), stream, [Counted({ by: 1 }), Closed({})]);
      const { events } = await store().load(stream);
      for (const event of [...events, at(events, 0)]) {
        await deliver(event, totals);
        await deliver(event, steps);
      }
      expect(await open(totals).row(stream.tenant, stream.id)).toBeUndefined();
      expect(await open(steps).row(stream.tenant, `${stream.id}/1`)).toBeUndefined();
      expect(await open(totals).rows.position(stream)).toMatchObject({ version: 2 });
      expect(await open(steps).rows.position(stream)).toMatchObject({ version: 2 });
    });

    test('takes streams that share a row in turns, and loses no event of either', async () => {
      const tenant = newTenant();
      const histories = await Promise.all(
        ['counter', 'counter', 'timer'].map((type) =>
          recordCommits(store(), { ...newStream(tenant), type }, [1, 1, 1]),
        ),
      );
      await Promise.all(histories.flat().map((event) => deliver(event, sums)));
      expect(await open(sums).row(tenant, `sum-of-${tenant}`)).toEqual({ counters: 6, timers: 3 });
    });

    test('lets rows be folded on from where they stand, as a query does that must not wait', async () => {
      const stream = newStream();
      const events = await recordCommits(store(), stream, [1, 2]);
      await deliver(at(events, 0), steps);
      const fresh = await freshRowsOf(steps, stream, open(steps).rows, store());
      expect(fresh.version).toBe(3);
      expect([...fresh.rows.keys()].sort()).toEqual([1, 2, 3].map((version) => `${stream.id}/${version}`));
    });
  });
}
