import { query } from '#shared/definition/query.ts';
import { integer, optional } from '#shared/messages/schema.ts';
import { setting } from '#shared/runtime/settings.ts';
import { cloudwatchLogs } from '../cloudwatch-logs/client.ts';
import { searchedGroups } from '../cloudwatch-logs/groups.ts';
import { followQueries, startQueries, waitingFor } from '../cloudwatch-logs/insights.ts';
import { mergeOfLines } from '../cloudwatch-logs/plan.ts';
import { assertRange } from '../cloudwatch-logs/range.ts';
import { readers } from '../roles.ts';
import { logParameters } from './log-parameters.ts';

export const queryLogs = query({
  route: 'GET /logs',
  roles: readers,
  installationOnly: true,
  input: { ...logParameters, limit: optional(integer({ minimum: 1, maximum: 10_000 })) },
  answer: async ({ query: queryString, groups, from, to, limit, wait }) => {
    assertRange(from, to);
    const client = await cloudwatchLogs();
    const searched = await searchedGroups(client, setting('ENVIRONMENT'), groups);
    const wish = { query: queryString, groups: searched, from, to, limit };
    const { plan, ...where } = await startQueries(client, wish, mergeOfLines(queryString, limit));
    return { ...(await followQueries(client, plan, waitingFor(wait))), from, to, ...where };
  },
});
