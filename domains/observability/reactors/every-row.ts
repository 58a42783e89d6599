import type { Rows } from '#shared/definition/query.ts';

/** Every row of a list, page by page, until `enough` of one says that those after it do not matter. */
export async function everyRow<Row>(
  rows: Rows<Row>,
  list: string,
  enough: (row: Row) => boolean = () => false,
): Promise<Row[]> {
  const found: Row[] = [];
  let cursor: string | undefined;
  do {
    const page = await rows.list(list, { limit: 100, cursor, ascending: true });
    for (const row of page.items) {
      if (enough(row)) return found;
      found.push(row);
    }
    cursor = page.nextCursor;
  } while (cursor);
  return found;
}
