import { useEffect } from 'react';
import { useMetricsInfiniteQuery } from './api.ts';
import type { Metric } from './types.ts';

/** AWS is asked for this many pages by itself; more comes when the person asks for it. */
const automaticPages = 10;

/** The metrics that exist, optionally of one namespace, page after page as they arrive. */
export function useMetricCatalogue(namespace?: string) {
  const query = useMetricsInfiniteQuery(namespace ? { namespace } : {});
  const { hasNextPage, isFetching, fetchNextPage, currentData, error } = query;
  const pages = currentData?.pages.length ?? 0;
  useEffect(() => {
    if (hasNextPage && !isFetching && !error && pages < automaticPages) void fetchNextPage();
  }, [hasNextPage, isFetching, error, pages, fetchNextPage]);
  return {
    metrics: currentData?.pages.flatMap((page) => page.items),
    isFetching,
    error,
    hasMore: hasNextPage,
    more: () => void fetchNextPage(),
    retry: () => void query.refetch(),
  };
}

/** The values of one aspect of some metrics, each once, in order. */
export function distinct(
  metrics: readonly Metric[] | undefined,
  aspect: (metric: Metric) => string,
): string[] {
  return [...new Set((metrics ?? []).map(aspect))].sort((left, right) =>
    left.localeCompare(right, 'en', { numeric: true }),
  );
}
