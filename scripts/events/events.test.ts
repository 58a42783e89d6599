import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { aggregate } from '#shared/definition/aggregate.ts';
import { domain } from '#shared/definition/domain.ts';
import { type AnyEventDefinition, event } from '#shared/messages/event.ts';
import { personal } from '#shared/messages/personal.ts';
import { instant, integer, map, number, object, oneOf, optional, text } from '#shared/messages/schema.ts';
import { checkEvents, releaseEvents } from './release.ts';
import { ReleasedEvents } from './released.ts';

let folder: string;
let released: ReleasedEvents;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'skafu-events-'));
  released = new ReleasedEvents(folder);
});
afterEach(() => rmSync(folder, { recursive: true }));

const shop = (...events: AnyEventDefinition[]) => [
  domain('shop', {
    aggregates: { order: aggregate('shop/order', { events, initial: {}, evolve: (state) => state }) },
    commands: {},
    queries: {},
    readModels: {},
    reactors: {},
  }),
];
const linesOf = (told: readonly { line: string }[]) => told.map(({ line }) => line);

const Placed = event('Placed', { euros: integer({ minimum: 1 }), note: optional(text(9)) });

describe('an event', () => {
  test('that is new is to be released, and once it is, stands as released with a recording', () => {
    expect(linesOf(checkEvents(shop(Placed), released))).toEqual([
      'shop/order/Placed is to be released (npm run events -- release): it is new.',
    ]);
    expect(linesOf(releaseEvents(shop(Placed), released))).toEqual([
      'shop/order/Placed version 1 is released.',
    ]);
    expect(checkEvents(shop(Placed), released)).toEqual([]);
    expect(released.recording('shop', 'order/Placed', 1)).toEqual({
      type: 'Placed',
      schemaVersion: 1,
      data: [{ euros: 1, note: 'text' }, { euros: 1 }],
    });
  });

  test('may take more, or become personal, and is released again', () => {
    releaseEvents(shop(Placed), released);
    const wider = event('Placed', { euros: integer({ minimum: 0 }), note: optional(personal(text(9))) });
    expect(linesOf(checkEvents(shop(wider), released))[0]).toContain('is to be released');
    releaseEvents(shop(wider), released);
    expect(checkEvents(shop(wider), released)).toEqual([]);
  });

  test('may not change without an upcast, nor by releasing it', () => {
    releaseEvents(shop(Placed), released);
    const changed = event('Placed', { cents: integer() });
    const why = 'data.cents was not required and now is; data.euros is gone; data.note is gone';
    expect(linesOf(checkEvents(shop(changed), released))[0]).toContain(`is not compatible: ${why}`);
    expect(releaseEvents(shop(changed), released)[0]).toMatchObject({ isFault: true });
    expect(checkEvents(shop(Placed), released)).toEqual([]);
  });

  test('changes with an upcast, whose version is released beside the older', () => {
    releaseEvents(shop(Placed), released);
    const second = event('Placed', { cents: integer() }, [({ euros }) => ({ cents: Number(euros) * 100 })]);
    releaseEvents(shop(second), released);
    expect(checkEvents(shop(second), released)).toEqual([]);
    expect(Object.keys(released.of('shop')['order/Placed'] ?? {})).toEqual(['1', '2']);
    expect(linesOf(checkEvents(shop(Placed), released))[0]).toContain('version 2 was released');
  });

  test('that was released may not go', () => {
    releaseEvents(shop(Placed), released);
    expect(linesOf(checkEvents(shop(), released))[0]).toContain('no longer defined');
  });

  test('is recorded by hand where its form cannot be guessed', () => {
    const Coded = event('Coded', { code: { type: 'string', pattern: '^Q{17}$' } });
    expect(linesOf(releaseEvents(shop(Coded), released))[1]).toMatch(
      /^Write domains\/shop\/order\/recorded\/Coded\.v1\.json by hand/,
    );
  });

  test('is recorded with all kinds of fields', () => {
    const Full = event('Full', {
      at: instant,
      kind: oneOf('a', 'b'),
      sizes: map(number()),
      place: object({ x: number(), y: optional(number({ minimum: 5 })) }),
    });
    releaseEvents(shop(Full), released);
    expect(released.recording('shop', 'order/Full', 1)?.data[0]).toEqual({
      at: '2026-01-02T03:04:05.678Z',
      kind: 'a',
      sizes: { Name: 1 },
      place: { x: 1, y: 5 },
    });
  });
});
