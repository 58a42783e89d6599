import { query } from '#shared/definition/query.ts';
import { failureStreams, waiting } from '../read-models/failure-streams.ts';
import { failures } from '../read-models/failures.ts';
import { readers } from '../roles.ts';

/** Counting reads the rows, so it ends here: more than that is many. */
const most = 100;

/** How many failures are open, and how many streams wait, up to a hundred of each. */
export const countFailures = query({
  route: 'GET /failure-counts',
  roles: readers,
  installationOnly: true,
  input: {},
  readModels: { failures, failureStreams },
  answer: async (_, { rows }) => {
    const [open, held] = await Promise.all([
      rows.failures.list('open', { limit: most }),
      rows.failureStreams.list(waiting, { limit: most }),
    ]);
    const counted = ({ items, nextCursor }: { items: readonly unknown[]; nextCursor?: string }) => ({
      count: items.length,
      more: nextCursor !== undefined,
    });
    return { open: counted(open), held: counted(held) };
  },
});
