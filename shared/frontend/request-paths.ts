/** What follows a request (relay, projections, retries) may come minutes later; clocks differ by seconds. */
const before = 5 * 60_000;
const after = 30 * 60_000;

/** Pages that tell of one request or one stream, whichever domain they belong to: every domain may link to them. */
export const requestPaths = {
  /** Everything that was recorded under a correlation id. */
  lineage: (correlationId: string) => `/events/lineage/${encodeURIComponent(correlationId)}`,
  /** Everything that happened to one thing. */
  stream: (type: string, id: string) =>
    `/events/streams/${encodeURIComponent(type)}/${encodeURIComponent(id)}`,
  /** The log lines, of every group, that hold this trace id or correlation id; `at` is any instant of the request. */
  logs: (id: string, at: string) => `/observability/logs?${aroundRequest(id, at)}`,
  /** The traces annotated with this correlation id. */
  traces: (correlationId: string, at: string) => `/observability/traces?${aroundRequest(correlationId, at)}`,
  trace: (traceId: string) => `/observability/traces/${encodeURIComponent(traceId)}`,
} as const;

function aroundRequest(request: string, at: string): string {
  const time = Date.parse(at);
  const from = new Date(time - before).toISOString();
  const to = new Date(time + after).toISOString();
  return new URLSearchParams({ request, from, to }).toString();
}
