import { randomUUID } from 'node:crypto';
import type { CommitItem, Head } from '#shared/event-store/commit.ts';
import { encodeCommit } from '#shared/event-store/commit.ts';
import type { Database } from './database.ts';
import { fillQuickly } from './fill.ts';
import { heapHeld } from './garbage.ts';
import { alignedTable, type Line, numberText } from './lines.ts';
import { Moved, parcel, rebuild, tableFor } from './rebuild.ts';

/** What the rebuild of a read model takes on a store of so many events. */
export interface RebuildGrowthFigure {
  readonly events: number;
  /** Events in a second. */
  readonly rate: number;
  /** The most that the rebuild held on the heap, in bytes. */
  readonly held: number;
}

const perStream = 10;
const perCommit = 2;
/** The heap is looked at before every so many pages of a megabyte, for collecting garbage takes its time. */
const pagesBetween = 5;

/** Rebuilds the same read model on a store that grows to each size in turn. */
export async function measureRebuildGrowth(
  database: Database,
  sizes: readonly number[],
): Promise<RebuildGrowthFigure[]> {
  const client = database.client();
  const figures: RebuildGrowthFigure[] = [];
  let filled = 0;
  try {
    for (const events of sizes) {
      await fillQuickly(client, database.table, commitsOf(events - filled));
      filled = events;
      const table = await tableFor(client, `rebuilt-${events}`);
      const before = heapHeld();
      let held = 0;
      let pages = 0;
      const look = () => {
        if (pages++ % pagesBetween === 0) held = Math.max(held, heapHeld() - before);
      };
      const started = performance.now();
      await rebuild(client, database.table, table, look);
      figures.push({ events, rate: events / ((performance.now() - started) / 1000), held });
    }
    return figures;
  } finally {
    client.destroy();
  }
}

/** Commits of so many events, in streams of the same length. */
function* commitsOf(events: number): Generator<CommitItem> {
  for (let stream = 0; stream < events / perStream; stream++) {
    let head: Head = {
      stream: { tenant: 'bench', type: parcel.type, id: randomUUID() },
      commit: 0,
      version: 0,
      hash: new Uint8Array(),
    };
    for (let commit = 0; commit < perStream / perCommit; commit++) {
      const commandId = randomUUID();
      const moves = Array.from({ length: perCommit }, () =>
        Moved({ to: `A street with a number, in a town with a name, ${randomUUID()}`, by: commit }),
      );
      const origin = {
        domain: 'bench',
        commandId,
        actor: { type: 'user', id: randomUUID() } as const,
        correlationId: commandId,
        causationId: commandId,
        time: Date.now(),
      };
      const { item, next } = encodeCommit(head, moves, origin, () => 1);
      head = next;
      yield item;
    }
  }
}

/** What a page of each segment holds, its events unpacked, and the rows that are being written. */
const most = 64e6;

export function rebuildGrowthLinesOf(figures: readonly RebuildGrowthFigure[]): Line[] {
  return figures.map(({ events, rate, held }) => ({
    part: 'growth',
    what: `rebuild of ${events.toLocaleString('en')} events: heap held, at most`,
    measured: held / 1e6,
    unit: 'MB',
    bar: { must: 'be at most', value: most / 1e6 },
    detail: `${numberText(rate)} events a second`,
  }));
}

export function rebuildGrowthTableOf(figures: readonly RebuildGrowthFigure[]): string {
  return alignedTable(
    ['events in the store', 'heap held, at most'],
    figures.map(({ events, held }) => [events.toLocaleString('en'), `${numberText(held / 1e6)} MB`]),
  );
}
