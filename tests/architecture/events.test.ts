import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { checkEvents } from '#scripts/events/release.ts';
import { eventsOf, ReleasedEvents } from '#scripts/events/released.ts';
import { eventAjv } from '#scripts/events/sample.ts';
import { aggregatesOf } from '#scripts/verify/aggregates.ts';
import { fold } from '#shared/definition/aggregate.ts';
import type { Domain } from '#shared/definition/domain.ts';
import { upcasterOf } from '#shared/messages/upcast.ts';
import { findDomains } from '#stacks/find-domains.ts';

const released = new ReleasedEvents(join(import.meta.dirname, '../..'));
let domains: Domain[];
beforeAll(async () => {
  domains = await findDomains();
});

/** Every version of every event that was ever released, with its recording. */
function recordings() {
  return domains.flatMap((domain) =>
    Object.entries(released.of(domain.name)).flatMap(([name, versions]) =>
      Object.entries(versions).map(([version, schema]) => ({
        name: `${domain.name}/${name}`,
        present: eventsOf(domain).find((event) => event.name === name),
        schema,
        version: Number(version),
        recording: released.recording(domain.name, name, Number(version)),
      })),
    ),
  );
}

describe('the events of every domain', () => {
  test('can read all that was ever recorded, and are released', () => {
    expect(checkEvents(domains, released).map(({ line }) => line)).toEqual([]);
  });

  test('have a recording of each version that was released, which its schema took', () => {
    expect(recordings().length).toBeGreaterThan(10);
    for (const { name, version, schema, recording } of recordings()) {
      expect(recording, `${name} version ${version}`).toMatchObject({ schemaVersion: version });
      const validate = eventAjv().compile(schema);
      expect(recording?.data.length, name).toBeGreaterThan(0);
      for (const data of recording?.data ?? [])
        expect(validate(data), `${name} version ${version}`).toBe(true);
    }
  });

  test('bring each recording to the newest shape, which folds', async () => {
    const aggregates = await aggregatesOf(domains);
    for (const { name, present, version, recording } of recordings()) {
      const of = aggregates.find(({ domain, type }) => name.startsWith(`${domain}/${type}/`));
      if (!present || !of) throw new Error(`${name} is no longer defined.`);
      const { definition } = present;
      const validate = eventAjv().compile(definition.schema);
      const older = (recording?.data ?? []).map((data) => ({
        type: definition.type,
        schemaVersion: version,
        data,
      }));
      for (const event of older) {
        const { data, schemaVersion } = upcasterOf([definition])(event);
        expect(schemaVersion, name).toBe(definition.schemaVersion);
        expect(validate(data), `${name} version ${version}`).toBe(true);
      }
      // The evolve step takes this aggregate's own events, which these are.
      expect(() => fold(of as unknown as Parameters<typeof fold>[0], older), name).not.toThrow();
    }
  });
});
