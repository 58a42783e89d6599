import { invalidParameter } from './input.ts';

/** A page of a list that does not change: the token is the index of what comes next. All of it without a size. */
export function pageByIndex<Item>(
  items: readonly Item[],
  size: number | undefined,
  token: string | undefined,
): { page: Item[]; nextToken?: string } {
  if (token !== undefined && !/^\d{1,9}$/.test(token)) {
    throw invalidParameter('The specified nextToken is invalid.');
  }
  if (size !== undefined && size < 1) throw invalidParameter('A page has at least one item.');
  const start = Number(token ?? 0);
  const end = size === undefined ? items.length : start + size;
  const page = items.slice(start, end);
  return end < items.length ? { page, nextToken: String(end) } : { page };
}
