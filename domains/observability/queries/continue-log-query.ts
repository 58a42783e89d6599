import { query } from '#shared/definition/query.ts';
import { cloudwatchLogs } from '../cloudwatch-logs/client.ts';
import { followQueries, waitingFor } from '../cloudwatch-logs/insights.ts';
import { planOf } from '../cloudwatch-logs/plan.ts';
import { readers } from '../roles.ts';
import { logParameters, queryId } from './log-parameters.ts';

export const continueLogQuery = query({
  route: 'GET /logs/{queryId}',
  roles: readers,
  installationOnly: true,
  input: { queryId, wait: logParameters.wait },
  answer: async ({ queryId: id, wait }) =>
    followQueries(await cloudwatchLogs(), planOf(id), waitingFor(wait)),
});
