import { useEffect, useMemo } from 'react';
import { useTraceInfiniteQuery } from './api.ts';
import { indexSpans } from './span-index.ts';

/** A trace with all its pages, one after the other; what has come can be used while the rest is on its way. */
export function useTrace(traceId: string) {
  const query = useTraceInfiniteQuery(traceId);
  const { currentData, error, hasNextPage, isFetching, fetchNextPage, refetch } = query;
  useEffect(() => {
    if (currentData && hasNextPage && !isFetching && !error) void fetchNextPage();
  }, [currentData, hasNextPage, isFetching, error, fetchNextPage]);
  const index = useMemo(
    () => indexSpans(currentData?.pages.flatMap((page) => page.items) ?? []),
    [currentData],
  );
  return {
    trace: currentData?.pages[0],
    index,
    error,
    isFetching,
    isWhole: currentData !== undefined && !hasNextPage,
    refetch: () => void refetch(),
  };
}
