import { query } from '#shared/definition/query.ts';
import { cloudwatchLogs } from '../cloudwatch-logs/client.ts';
import { followQuery, waitingFor } from '../cloudwatch-logs/insights.ts';
import { readers } from '../roles.ts';
import { logParameters, queryId } from './log-parameters.ts';

export const continueLogQuery = query({
  route: 'GET /logs/{queryId}',
  roles: readers,
  installationOnly: true,
  input: { queryId, wait: logParameters.wait },
  answer: async ({ queryId: id, wait }) => followQuery(await cloudwatchLogs(), id, waitingFor(wait)),
});
