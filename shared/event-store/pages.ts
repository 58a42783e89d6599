import type { CommitItem } from './commit.ts';

/** One answer to a query or a scan. */
interface Page {
  readonly Items?: readonly CommitItem[] | undefined;
  readonly LastEvaluatedKey?: CommitItem | undefined;
  readonly ConsumedCapacity?: { readonly CapacityUnits?: number | undefined } | undefined;
}

/**
 * The items of a query or a scan, from as many pages as there are. `readPage` is given the key after which the page
 * begins, nothing for the first; `spend` is told the read units of each page, where they were asked for.
 */
export async function* itemsOfPages(
  readPage: (after: CommitItem | undefined) => Promise<Page>,
  spend: (readUnits: number) => void = () => {},
): AsyncGenerator<CommitItem> {
  let after: CommitItem | undefined;
  do {
    const { Items: items = [], ConsumedCapacity: consumed, LastEvaluatedKey: last } = await readPage(after);
    spend(consumed?.CapacityUnits ?? 0);
    yield* items;
    after = last;
  } while (after);
}
