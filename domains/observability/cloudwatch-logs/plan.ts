import { invalid } from '#shared/messages/problem.ts';
import { mostGroups } from './groups.ts';
import { commandsOf, reducing } from './pipeline.ts';

/** How the rows of queries that ran side by side become one: lines in order and no more than asked for, or counts added up. */
export type Merge =
  | { readonly kind: 'lines'; readonly field: string; readonly descending: boolean; readonly limit: number }
  | { readonly kind: 'counts' };

/** The queries of AWS that together answer one wish. */
export interface Plan {
  readonly ids: readonly string[];
  readonly merge: Merge;
}

/** Queries that run side by side for one wish; AWS runs 30 at once for everybody. */
export const mostQueries = 4;

/** More rows AWS answers to no query. */
const mostRows = 10_000;

/** The groups of each query, and how many groups are left. */
export interface Split {
  readonly batches: readonly (readonly string[])[];
  readonly left: number;
}

/**
 * Parts groups among queries, of which each takes 50. Where rows no longer stand for lines, one query must see all that
 * it counts: then there is one, and the other groups are left.
 */
export function splitGroups(groups: readonly string[], isMergeable: boolean): Split {
  const most = isMergeable ? mostQueries : 1;
  const batches: string[][] = [];
  for (let from = 0; from < groups.length && batches.length < most; from += mostGroups) {
    batches.push(groups.slice(from, from + mostGroups));
  }
  return { batches, left: Math.max(0, groups.length - most * mostGroups) };
}

/** How the rows of a query over lines are put together; nothing where they do not stand for lines. */
export function mergeOfLines(query: string, limit = mostRows): Merge | undefined {
  const commands = commandsOf(query);
  if (commands.some((command) => reducing.test(command))) return undefined;
  let merge = { kind: 'lines' as const, field: '@timestamp', descending: true, limit };
  for (const command of commands) {
    const [, field, direction] = /^sort\s+([^\s,]+)(?:\s+(asc|desc))?/i.exec(command) ?? [];
    if (field) merge = { ...merge, field, descending: direction?.toLowerCase() === 'desc' };
    const [, rows] = /^(?:limit|head)\s+(\d+)/i.exec(command) ?? [];
    if (rows) merge = { ...merge, limit: Math.min(Number(rows), limit) };
  }
  return merge;
}

/** The id by which callers know a plan: AWS's own where there is one query. */
export function idOf(plan: Plan): string {
  const [first, ...others] = plan.ids;
  return first !== undefined && others.length === 0
    ? first
    : Buffer.from(JSON.stringify(plan)).toString('base64url');
}

/** Reads an id again. Throws a 400 problem for one that is not ours. */
export function planOf(id: string): Plan {
  // Ids of AWS are hexadecimal; those of several queries begin as every JSON object does.
  if (!id.startsWith('eyJ')) return { ids: [id], merge: { kind: 'counts' } };
  try {
    const plan = JSON.parse(Buffer.from(id, 'base64url').toString('utf8')) as object;
    if (isPlan(plan)) return plan;
  } catch {
    // Told below, like every other id that is not ours.
  }
  throw invalid('Start the query again.', [
    { pointer: '#/queryId', detail: 'must be the queryId of an answer' },
  ]);
}

function isPlan(value: object): value is Plan {
  const { ids, merge } = value as Record<string, unknown>;
  return (
    Array.isArray(ids) &&
    ids.length <= mostQueries &&
    ids.every((id) => typeof id === 'string') &&
    isMerge(merge)
  );
}

function isMerge(value: unknown): value is Merge {
  const { kind, field, limit } = (value ?? {}) as Record<string, unknown>;
  return kind === 'counts' || (kind === 'lines' && typeof field === 'string' && typeof limit === 'number');
}
