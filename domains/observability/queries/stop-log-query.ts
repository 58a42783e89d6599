import { query } from '#shared/definition/query.ts';
import { cloudwatchLogs } from '../cloudwatch-logs/client.ts';
import { stopQueries } from '../cloudwatch-logs/insights.ts';
import { planOf } from '../cloudwatch-logs/plan.ts';
import { readers } from '../roles.ts';
import { queryId } from './log-parameters.ts';

/** Ends a query that runs, so that it scans, and costs, no more. It changes nothing of ours: hence no command. */
export const stopLogQuery = query({
  route: 'DELETE /logs/{queryId}',
  roles: readers,
  installationOnly: true,
  input: { queryId },
  answer: async ({ queryId: id }) => {
    await stopQueries(await cloudwatchLogs(), planOf(id));
    return { queryId: id, stopped: true };
  },
});
