import { describe, expect, test } from 'vitest';
import type { EventStore } from '#shared/event-store/event-store.ts';
import { keyChanges } from '#shared/event-store/reservation.ts';
import type { StreamName } from '#shared/messages/envelope.ts';
import { countedTimes, newStream, originOf } from './recording.ts';

/** What every event store must hold to about keys that only one stream may have, whatever it stands on. */
export function describeReservations(name: string, store: () => EventStore): void {
  describe(`a unique key in a store ${name}`, () => {
    async function change(stream: StreamName, before: readonly string[], after: readonly string[]) {
      const { head } = await store().load(stream);
      return store().append(head, countedTimes(1), originOf(), undefined, keyChanges(before, after));
    }
    // Each test has a tenant of its own: keys are unique within one.
    const newTenant = () => `tenant-${crypto.randomUUID()}`;

    test('is taken by the first, and refused to every other stream, which then records nothing', async () => {
      const tenant = newTenant();
      const [first, second] = [newStream(tenant), newStream(tenant)];
      expect(await change(first, [], ['name=a'])).toMatchObject({ head: { version: 1 } });
      expect(await change(second, [], ['name=a'])).toEqual({ takenKey: 'name=a' });
      expect((await store().load(second)).events).toEqual([]);
    });

    test('is free again once it was given back', async () => {
      const tenant = newTenant();
      const [first, second] = [newStream(tenant), newStream(tenant)];
      await change(first, [], ['name=a']);
      await change(first, ['name=a'], ['name=b']);
      expect(await change(second, [], ['name=a'])).toMatchObject({ head: { version: 1 } });
      expect(await change(first, ['name=b'], ['name=a'])).toEqual({ takenKey: 'name=a' });
    });

    test('may be given back and taken again by the same stream', async () => {
      const stream = newStream(newTenant());
      await change(stream, [], ['name=a']);
      await change(stream, ['name=a'], []);
      expect(await change(stream, [], ['name=a'])).toMatchObject({ head: { version: 3 } });
    });

    test('is another in another tenant and for another type', async () => {
      const stream = newStream(newTenant());
      await change(stream, [], ['name=a']);
      expect(await change({ ...newStream(stream.tenant), type: 'timer' }, [], ['name=a'])).toHaveProperty(
        'head',
      );
      expect(await change(newStream(newTenant()), [], ['name=a'])).toHaveProperty('head');
    });

    test('goes to exactly one of many who want it at once', async () => {
      const tenant = newTenant();
      const streams = Array.from({ length: 8 }, () => newStream(tenant));
      const results = await Promise.all(streams.map((stream) => change(stream, [], ['name=a'])));
      expect(results.filter((result) => 'head' in result)).toHaveLength(1);
      expect(results.filter((result) => 'takenKey' in result)).toHaveLength(7);
    });

    test('does not hide that somebody else wrote first: their commit is answered', async () => {
      const stream = newStream(newTenant());
      const { head } = await store().load(stream);
      await store().append(head, countedTimes(1), originOf({ commandId: 'winner' }));
      const keys = keyChanges([], ['name=a']);
      const second = await store().append(head, countedTimes(1), originOf(), undefined, keys);
      expect(second).toMatchObject({ conflict: { commandId: 'winner' } });
      expect(await change(newStream(stream.tenant), [], ['name=a'])).toHaveProperty('head');
    });
  });
}
