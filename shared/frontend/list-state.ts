import type { ListAnswer } from './api.ts';
import type { ListState } from './resource-table.tsx';

interface EndlessQuery<Item> {
  data?: { pages: ListAnswer<Item>[] } | undefined;
  isFetching: boolean;
  isFetchingNextPage: boolean;
  error?: unknown;
  hasNextPage: boolean;
  fetchNextPage: () => unknown;
  refetch: () => unknown;
}

/** What a table needs to know of an endless query. */
export function listStateOf<Item>(query: EndlessQuery<Item>): ListState<Item> {
  return {
    items: query.data?.pages.flatMap((page) => page.items),
    isFetching: query.isFetching,
    isFetchingMore: query.isFetchingNextPage,
    error: query.error,
    hasMore: query.hasNextPage,
    more: () => void query.fetchNextPage(),
    retry: () => void query.refetch(),
  };
}
