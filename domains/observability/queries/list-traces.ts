import { query } from '#shared/definition/query.ts';
import { invalid } from '#shared/messages/problem.ts';
import { instant, integer, optional, text } from '#shared/messages/schema.ts';
import { readers } from '../roles.ts';
import { xray } from '../xray/client.ts';
import { searchTraces } from '../xray/search-traces.ts';

/** X-Ray keeps traces for 30 days. */
const longestRange = 31 * 86_400_000;

export const listTraces = query({
  route: 'GET /traces',
  roles: readers,
  installationOnly: true,
  input: {
    from: instant,
    to: instant,
    filter: optional(text(2000)),
    limit: optional(integer({ minimum: 1, maximum: 100 })),
    // Holds a page token of X-Ray's, whose length AWS does not promise.
    cursor: optional(text(8192)),
  },
  answer: async ({ from, to, filter, limit = 25, cursor }) => {
    const range = { from: Date.parse(from), to: Date.parse(to) };
    assertRange(range);
    return searchTraces(await xray(), { ...range, filter, limit, cursor });
  },
});

function assertRange({ from, to }: { from: number; to: number }): void {
  const detail =
    from < to
      ? to - from > longestRange
        ? 'must be at most 31 days after from'
        : ''
      : 'must be later than from';
  if (detail) throw invalid('Mend #/to and send it again.', [{ pointer: '#/to', detail }]);
}
