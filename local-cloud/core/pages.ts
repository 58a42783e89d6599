import type { AwsError } from './errors.ts';

/**
 * One page of items that stand in order of their key, and the token of the next page where there is one. The token is
 * the key of the last item, so what is made or removed in between moves nothing. Throws `invalid()` for any other token.
 */
export function pageOf<Item>(
  items: readonly Item[],
  keyOf: (item: Item) => string,
  size: number,
  token: string | undefined,
  invalid: () => AwsError,
): { items: Item[]; next: string | undefined } {
  const after = token === undefined ? undefined : keyIn(token);
  if (token !== undefined && after === undefined) throw invalid();
  const begin = after === undefined ? 0 : items.findIndex((item) => keyOf(item) > after);
  if (begin < 0) return { items: [], next: undefined };
  const shown = items.slice(begin, begin + size);
  const last = shown.at(-1);
  const next = last !== undefined && begin + size < items.length ? tokenOf(keyOf(last)) : undefined;
  return { items: shown, next };
}

const mark = 'after:';
const tokenOf = (key: string) => Buffer.from(mark + key).toString('base64url');

function keyIn(token: string): string | undefined {
  const text = Buffer.from(token, 'base64url').toString();
  return text.startsWith(mark) ? text.slice(mark.length) : undefined;
}

/** Orders as `pageOf` compares. */
export function inOrder<Item>(items: Iterable<Item>, keyOf: (item: Item) => string): Item[] {
  return [...items].sort((one, other) => {
    const [first, second] = [keyOf(one), keyOf(other)];
    return first < second ? -1 : first > second ? 1 : 0;
  });
}
