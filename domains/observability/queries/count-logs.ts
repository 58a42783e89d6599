import { query } from '#shared/definition/query.ts';
import { setting } from '#shared/runtime/settings.ts';
import { cloudwatchLogs } from '../cloudwatch-logs/client.ts';
import { searchedGroups } from '../cloudwatch-logs/groups.ts';
import { histogramQuery } from '../cloudwatch-logs/histogram.ts';
import { followQueries, startQueries, waitingFor } from '../cloudwatch-logs/insights.ts';
import { assertRange } from '../cloudwatch-logs/range.ts';
import { readers } from '../roles.ts';
import { logParameters } from './log-parameters.ts';

/** A query of its own beside that of the lines, so that a slow one never holds the other. */
export const countLogs = query({
  route: 'GET /logs/histogram',
  roles: readers,
  installationOnly: true,
  input: logParameters,
  answer: async ({ query: queryString, groups, from, to, wait }) => {
    assertRange(from, to);
    const client = await cloudwatchLogs();
    const searched = await searchedGroups(client, setting('ENVIRONMENT'), groups);
    const { query: counting, bin } = histogramQuery(queryString, from, to);
    const wish = { query: counting, groups: searched, from, to };
    const { plan } = await startQueries(client, wish, { kind: 'counts' });
    return { ...(await followQueries(client, plan, waitingFor(wait))), from, to, bin };
  },
});
