import { StopQueryCommand } from '@aws-sdk/client-cloudwatch-logs';
import { query } from '#shared/definition/query.ts';
import { calling } from '#shared/runtime/upstream.ts';
import { cloudwatchLogs } from '../cloudwatch-logs/client.ts';
import { readers } from '../roles.ts';
import { queryId } from './log-parameters.ts';

/** Ends a query that runs, so that it scans, and costs, no more. It changes nothing of ours: hence no command. */
export const stopLogQuery = query({
  route: 'DELETE /logs/{queryId}',
  roles: readers,
  installationOnly: true,
  input: { queryId },
  answer: async ({ queryId: id }) => {
    const command = new StopQueryCommand({ queryId: id });
    const { success = false } = await calling(
      'CloudWatch Logs',
      'StopQuery',
      (await cloudwatchLogs()).send(command),
    );
    return { queryId: id, stopped: success };
  },
});
