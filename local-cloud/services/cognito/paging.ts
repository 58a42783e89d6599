import { invalidParameter } from './errors.ts';

/** One page of a list, and the token of the next page where there is one: the key of the last item, in base64. */
export function page<Item>(
  items: Item[],
  keyOf: (item: Item) => string,
  size: number,
  token: unknown,
): { items: Item[]; next: string | undefined } {
  const begin = token === undefined || token === null ? 0 : positionAfter(items, keyOf, token);
  const shown = items.slice(begin, begin + size);
  const last = shown.at(-1);
  const more = begin + size < items.length && last !== undefined;
  return { items: shown, next: more ? Buffer.from(keyOf(last)).toString('base64') : undefined };
}

function positionAfter<Item>(items: Item[], keyOf: (item: Item) => string, token: unknown): number {
  const key = typeof token === 'string' ? Buffer.from(token, 'base64').toString('utf8') : '';
  if (key === '') throw invalidParameter('Invalid pagination token.');
  const position = items.findIndex((item) => keyOf(item) === key);
  if (position >= 0) return position + 1;
  // The last one shown has been removed since: the page goes on where it stood.
  const after = items.findIndex((item) => keyOf(item) > key);
  return after < 0 ? items.length : after;
}
