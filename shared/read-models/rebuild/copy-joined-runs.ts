import { TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { keyOf, type ReadModel, remove } from '../../definition/read-model.ts';
import { streamKey } from '../../event-store/commit.ts';
import type { Envelope } from '../../messages/envelope.ts';
import { itemsUnder } from '../items-under.ts';
import { projectEvent } from '../projector.ts';
import {
  at,
  contentOf,
  createRowStore,
  type Item,
  moveFrom,
  positionIn,
  positionKey,
  rowKey,
  wasOvertaken,
  writeAfter,
} from '../row-store.ts';
import { sumOf, type Target } from './copy-runs.ts';
import { lastOf, type Run } from './runs.ts';

/** A transaction takes a hundred items; so does the read before it. */
const maximumItems = 100;
/** A transaction takes four megabytes. Rows are not known before they are folded, so events stand for them. */
const maximumBytes = 1_000_000;
/** Tries at a whole group, before each of its streams is brought up by itself. */
const maximumTries = 8;

/** Runs that are written by one transaction, and every key that it touches. */
interface Group {
  readonly runs: Run[];
  readonly keys: Set<string>;
  bytes: number;
}

/**
 * Copies runs where positions stand apart from rows, which several streams may share. Rows and positions move together,
 * as many streams to a transaction as it takes: so a row that a thousand streams share is not written a thousand times.
 */
export function copyJoinedRuns(target: Target, runs: readonly Run[]): Promise<number> {
  return sumOf(chainsOf(groupsOf(target.model, runs)), async (chain) => {
    let written = 0;
    for (const group of chain) written += await copyGroup(target, group);
    return written;
  });
}

/** Groups of which one continues the stream of the one before it can only be written one after the other. */
function chainsOf(groups: readonly Group[]): Group[][] {
  const chains: Group[][] = [];
  let last: string | undefined;
  for (const group of groups) {
    const first = group.runs[0];
    const chain = chains.at(-1);
    if (chain && first && streamKey(first.stream) === last) chain.push(group);
    else chains.push([group]);
    const end = group.runs.at(-1);
    last = end && streamKey(end.stream);
  }
  return chains;
}

function groupsOf(model: ReadModel, runs: readonly Run[]): Group[] {
  const groups: Group[] = [];
  let current: Group | undefined;
  for (const run of runs.flatMap((whole) => piecesOf(model, whole))) {
    const keys = keysOf(model, run);
    const bytes = bytesOf(run.events);
    const added = [...keys].filter((key) => !current?.keys.has(key)).length;
    const fits =
      current !== undefined &&
      current.keys.size + added <= maximumItems &&
      current.bytes + bytes <= maximumBytes &&
      // A stream's second piece can only follow its first.
      !current.keys.has(positionKey(model, run.stream));
    if (!current || !fits) {
      current = { runs: [], keys: new Set(), bytes: 0 };
      groups.push(current);
    }
    current.runs.push(run);
    current.bytes += bytes;
    for (const key of keys) current.keys.add(key);
  }
  return groups;
}

/** A run that touches more rows than a transaction takes, in pieces that do not. */
function piecesOf(model: ReadModel, { stream, events }: Run): Run[] {
  const pieces: { stream: Run['stream']; events: [Envelope, ...Envelope[]]; keys: Set<string> }[] = [];
  for (const event of events) {
    const key = rowKeyOf(model, event);
    const piece = pieces.at(-1);
    if (piece && (piece.keys.has(key) || piece.keys.size < maximumItems - 1)) {
      piece.events.push(event);
      piece.keys.add(key);
    } else pieces.push({ stream, events: [event], keys: new Set([key]) });
  }
  return pieces;
}

const rowKeyOf = (model: ReadModel, event: Envelope) => rowKey(event.tenant, keyOf(model, event));

function keysOf(model: ReadModel, { stream, events }: Run): Set<string> {
  return new Set([positionKey(model, stream), ...events.map((event) => rowKeyOf(model, event))]);
}

function bytesOf(events: readonly Envelope[]): number {
  return events.reduce((sum, { data }) => sum + JSON.stringify(data).length + 100, 0);
}

async function copyGroup(target: Target, group: Group): Promise<number> {
  for (let tries = 1; tries <= maximumTries; tries++) {
    const standing = await itemsUnder(target.client, target.table, [...group.keys]);
    const changes = changesOf(target, group, standing);
    if (changes === undefined) break;
    if (changes.length === 0) return 0;
    try {
      await target.client.send(new TransactWriteCommand({ TransactItems: changes }));
      return changes.length;
    } catch (error) {
      if (!wasOvertaken(error)) throw error;
      // Others write the same rows: whoever comes back at another moment than they do gets through.
      await new Promise((resolve) => setTimeout(resolve, tries * 10 * Math.random()));
    }
  }
  const rows = createRowStore(target.client, target.table, target.model);
  let written = 0;
  for (const run of group.runs) {
    const last = lastOf(run);
    written += await projectEvent(last, rows, target.store, last.version);
  }
  return written;
}

type Change = NonNullable<ConstructorParameters<typeof TransactWriteCommand>[0]['TransactItems']>[number];

/** What the runs change where the table stands so; undefined where a run begins after the table's position. */
function changesOf(
  { table, model }: Target,
  { runs }: Group,
  standing: ReadonlyMap<string, Item>,
): Change[] | undefined {
  const positions: Change[] = [];
  const rows = new Map<string, { tenant: string; row: unknown }>();
  for (const run of runs) {
    const key = positionKey(model, run.stream);
    const position = positionIn(standing.get(key));
    const last = lastOf(run);
    if (position.version >= last.version) continue;
    if (run.events[0].version > position.version + 1) return undefined;
    for (const event of run.events) {
      if (event.version <= position.version) continue;
      const k = rowKeyOf(model, event);
      const after = model.project((rows.get(k) ?? { row: standing.get(k)?.r }).row, event);
      rows.set(k, { tenant: event.tenant, row: after === remove ? undefined : after });
    }
    const item = { k: key, ...at({ version: last.version, commit: last.commit }) };
    positions.push({ Put: { TableName: table, Item: item, ...moveFrom(position) } });
  }
  const changed = [...rows].flatMap(([k, { tenant, row }]): Change[] => {
    const before = standing.get(k);
    const guard = writeAfter(before);
    if (row === undefined)
      return before === undefined ? [] : [{ Delete: { TableName: table, Key: { k }, ...guard } }];
    const item = { k, w: (before?.w ?? 0) + 1, ...contentOf(model, tenant, row) };
    return [{ Put: { TableName: table, Item: item, ...guard } }];
  });
  return [...positions, ...changed];
}
