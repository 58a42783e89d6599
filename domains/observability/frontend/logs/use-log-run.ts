import { useCallback, useEffect, useRef, useState } from 'react';
import {
  useContinueLogsMutation,
  useCountLogsQuery,
  useSearchLogsQuery,
  useStopLogsMutation,
} from './api.ts';
import type { LogAnswer, LogCount, LogSearch, LogWish } from './types.ts';

/** One query: what it found so far, and what can be done about it. */
export interface LogRun<Answer extends LogAnswer> {
  answer: Answer | undefined;
  error: unknown;
  /** The console waits for the API. */
  isWaiting: boolean;
  /** CloudWatch Logs still works on it, whether or not anybody waits. */
  isUnfinished: boolean;
  isStopping: boolean;
  /** Waits for more of what an unfinished query finds. */
  more: () => void;
  /** Stops it, so that it scans no more. */
  stop: () => void;
  again: () => void;
}

interface Asked<Answer> {
  currentData?: Answer | undefined;
  isFetching: boolean;
  error?: unknown;
  refetch: () => unknown;
}

/** Never asked for: it stands where no wish is. */
const noWish: LogWish = { query: '', from: '', to: '' };

/** Looks for lines; nothing runs without a wish. */
export function useLogSearch(wish: LogWish | undefined): LogRun<LogSearch> {
  return useFollowed(useSearchLogsQuery(wish ?? noWish, { skip: !wish }));
}

/** Counts, over time, the lines that a wish is about. */
export function useLogCount(wish: LogWish | undefined): LogRun<LogCount> {
  return useFollowed(useCountLogsQuery(wish ?? noWish, { skip: !wish }));
}

/** What came after the first answer to a query, or why it did not. */
interface Later {
  queryId: string;
  answer?: Partial<LogAnswer>;
  error?: unknown;
}

/**
 * Follows a query after its first answer, which comes within two seconds: one further look by itself, and then only
 * when a person asks for more. A query that nobody looks at any more is stopped.
 */
function useFollowed<Answer extends LogAnswer>(asked: Asked<Answer>): LogRun<Answer> {
  const [proceed, proceeding] = useContinueLogsMutation();
  const [end, ending] = useStopLogsMutation();
  const [later, setLater] = useState<Later>();
  const [stopIsWished, setStopIsWished] = useState(false);
  const first = asked.isFetching ? undefined : asked.currentData;
  const queryId = first?.queryId ?? '';
  const known = later?.queryId === queryId ? later : undefined;
  const answer = first && { ...first, ...known?.answer };
  const isUnfinished = answer?.status === 'running' || answer?.status === 'scheduled';

  const more = useCallback(async () => {
    const { data, error } = await proceed(queryId);
    setLater((before) => (data ? { queryId, answer: data } : { ...before, queryId, error }));
  }, [proceed, queryId]);
  const stopNow = useCallback(async () => {
    const { error } = await end(queryId);
    // It may have ended before it could be stopped: then look at how.
    if (error) await more();
    else setLater((before) => ({ queryId, answer: { ...before?.answer, status: 'cancelled' } }));
  }, [end, more, queryId]);

  const followed = useRef('');
  useEffect(() => {
    if (!isUnfinished || followed.current === queryId) return;
    followed.current = queryId;
    void (stopIsWished ? stopNow() : more());
  }, [isUnfinished, queryId, stopIsWished, stopNow, more]);
  useEffect(() => {
    if (!asked.isFetching) setStopIsWished(false);
  }, [asked.isFetching]);
  const unfinished = useRef(new Set<string>());
  useEffect(() => {
    if (isUnfinished) unfinished.current.add(queryId);
    else unfinished.current.delete(queryId);
  }, [isUnfinished, queryId]);
  useEffect(() => {
    const { current } = unfinished;
    return () => {
      if (current.has(queryId)) void end(queryId);
    };
  }, [queryId, end]);

  return {
    answer,
    error: asked.error ?? known?.error,
    isWaiting: asked.isFetching || proceeding.isLoading,
    isUnfinished,
    isStopping: stopIsWished || ending.isLoading,
    more: () => void more(),
    stop: () => (isUnfinished ? void stopNow() : setStopIsWished(asked.isFetching)),
    again: () => void asked.refetch(),
  };
}
