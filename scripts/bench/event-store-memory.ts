import { streamKey } from '#shared/event-store/commit.ts';
import { createEventStore } from '#shared/event-store/event-store.ts';
import type { Database } from './database.ts';
import { fill, type Side, sides, sidesOf } from './event-store-contests.ts';
import { floorLoad } from './floor.ts';
import { heapHeld } from './garbage.ts';
import { alignedTable, type Line, numberText } from './lines.ts';
import { median } from './statistics.ts';

/** What a loaded stream takes of memory, in bytes for each event. */
export interface MemoryFigure {
  readonly events: number;
  readonly bytes: Readonly<Record<Side, number>>;
}

const rounds = 5;

/** Loads a stream of so many events, holds it, and looks at what the heap has grown by. */
export async function measureMemory(database: Database, events: number): Promise<MemoryFigure> {
  const of = sidesOf(database);
  const { clients, table, castore } = of;
  const store = createEventStore(clients.ours, table);
  const { head, castoreId } = await fill(events, 5, of);
  const loads: Record<Side, () => Promise<unknown>> = {
    ours: () => store.load(head.stream),
    floor: () => floorLoad(clients.floor, table, streamKey(head.stream)),
    castore: () => castore.load(castoreId),
  };
  const grown: Record<Side, number[]> = { ours: [], floor: [], castore: [] };
  for (let round = 0; round < rounds; round++) {
    for (const side of sides) {
      grown[side].push((await grownBy(loads[side])) / events);
    }
  }
  for (const client of Object.values(clients)) client.destroy();
  const bytes = { ours: median(grown.ours), floor: median(grown.floor), castore: median(grown.castore) };
  return { events, bytes };
}

/** By how many bytes the heap grows with what is loaded, as long as that is held. */
async function grownBy(load: () => Promise<unknown>): Promise<number> {
  // What the last load left to the event loop is let go of first.
  await new Promise(setImmediate);
  const before = heapHeld();
  const held: { loaded: unknown } = { loaded: await load() };
  await new Promise(setImmediate);
  const grown = heapHeld() - before;
  held.loaded = undefined;
  return grown;
}

export function memoryLinesOf({ events, bytes }: MemoryFigure): Line[] {
  return [
    {
      part: 'event store',
      what: `memory of ${events.toLocaleString('en')} loaded events: Castore / ours`,
      measured: bytes.castore / bytes.ours,
      unit: '',
      bar: { must: 'be at least', value: 1 },
      detail: `${numberText(bytes.ours)} B an event; bodies alone, parsed, ${numberText(bytes.floor)} B; Castore ${numberText(bytes.castore)} B`,
    },
  ];
}

export function memoryTableOf({ events, bytes }: MemoryFigure): string {
  return alignedTable(
    [
      `${events.toLocaleString('en')} events loaded, bytes an event`,
      'ours',
      'bodies alone, parsed',
      'Castore',
    ],
    [['heap held', ...[bytes.ours, bytes.floor, bytes.castore].map((value) => value.toFixed(0))]],
  );
}
