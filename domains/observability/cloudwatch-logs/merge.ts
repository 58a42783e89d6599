import type { ResultField } from '@aws-sdk/client-cloudwatch-logs';
import type { Merge } from './plan.ts';

type Row = ResultField[];

/** The rows of several queries as one query over all would have answered them. */
export function mergeRows(merge: Merge, results: readonly (readonly Row[])[]): readonly Row[] {
  const [first, ...others] = results;
  if (first && others.length === 0) return first;
  return merge.kind === 'counts' ? added(results.flat()) : ordered(results.flat(), merge);
}

function ordered(
  rows: readonly Row[],
  { field, descending, limit }: Merge & { kind: 'lines' },
): readonly Row[] {
  const direction = descending ? -1 : 1;
  const keyed = rows.map((row) => ({ row, key: valueIn(row, field) }));
  keyed.sort((left, right) => compare(left.key, right.key) * direction);
  return keyed.slice(0, limit).map(({ row }) => row);
}

/** Numbers compare as such; a row without the value comes first, as AWS has it. */
function compare(left = '', right = ''): number {
  const difference = Number(left) - Number(right);
  if (left !== '' && right !== '' && !Number.isNaN(difference)) return difference;
  return left < right ? -1 : left > right ? 1 : 0;
}

/** Adds up `lines` of rows that are otherwise alike. */
function added(rows: readonly Row[]): readonly Row[] {
  const sums = new Map<string, { rest: Row; lines: number }>();
  for (const row of rows) {
    const rest = row.filter(({ field }) => field !== 'lines');
    const key = JSON.stringify(rest.map(({ value }) => value));
    const lines = (sums.get(key)?.lines ?? 0) + Number(valueIn(row, 'lines') ?? 0);
    sums.set(key, { rest, lines });
  }
  return [...sums.values()].map(({ rest, lines }) => [...rest, { field: 'lines', value: `${lines}` }]);
}

function valueIn(row: Row, name: string): string | undefined {
  return row.find(({ field }) => field === name)?.value;
}
