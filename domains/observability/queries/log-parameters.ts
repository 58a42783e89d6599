import { instant, integer, optional, text } from '#shared/messages/schema.ts';
import { longestWait } from '../cloudwatch-logs/insights.ts';

/** What every query over log lines takes. `groups` has room for 50 names of the longest kind. */
export const logParameters = {
  query: text(10_000),
  groups: optional(text(26_000)),
  from: instant,
  to: instant,
  /** Seconds to wait for it to end before what there is is answered. */
  wait: optional(integer({ minimum: 0, maximum: longestWait })),
};

/** The id of a query that was started; that of several side by side is longer than AWS's own. */
export const queryId = text(2048);
