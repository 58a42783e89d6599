import { query } from '#shared/definition/query.ts';
import { optional, type Schema, text } from '#shared/messages/schema.ts';
import { readers } from '../roles.ts';
import { xray } from '../xray/client.ts';
import { createKeptTraces } from '../xray/kept-traces.ts';
import { loadTrace } from '../xray/load-trace.ts';
import { offsetIn, tracePage } from '../xray/trace-page.ts';

const traceId: Schema<string> = { type: 'string', pattern: '^1-[0-9a-f]{8}-[0-9a-f]{24}$' };

const kept = createKeptTraces();

export const getTrace = query({
  route: 'GET /traces/{traceId}',
  roles: readers,
  installationOnly: true,
  input: { traceId, cursor: optional(text(256)) },
  answer: async ({ traceId, cursor }) => {
    // The first page is always read anew, for the person may be waiting for a trace to grow.
    let trace = cursor === undefined ? undefined : kept.get(traceId);
    trace ??= await loadTrace(await xray(), traceId);
    const page = tracePage(trace, offsetIn(trace, cursor));
    if (page.nextCursor) kept.put(trace);
    return page;
  },
});
