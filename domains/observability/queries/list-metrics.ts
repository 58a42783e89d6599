import { ListMetricsCommand } from '@aws-sdk/client-cloudwatch';
import { query } from '#shared/definition/query.ts';
import { optional, text } from '#shared/messages/schema.ts';
import { calling, cloudwatch, dimensionsOf } from '../cloudwatch/client.ts';
import { readers } from '../roles.ts';

/** CloudWatch lists 500 metrics a page, and takes no limit. */
export const listMetrics = query({
  route: 'GET /metrics',
  roles: readers,
  installationOnly: true,
  input: { namespace: optional(text(255)), metricName: optional(text(255)), cursor: optional(text(4096)) },
  answer: async ({ namespace, metricName, cursor }) => {
    const client = await cloudwatch();
    const command = new ListMetricsCommand({
      Namespace: namespace,
      MetricName: metricName,
      NextToken: cursor,
    });
    const { Metrics = [], NextToken } = await calling('ListMetrics', client.send(command));
    return {
      items: Metrics.map((metric) => ({
        namespace: metric.Namespace,
        metricName: metric.MetricName,
        dimensions: dimensionsOf(metric.Dimensions),
      })),
      ...(NextToken ? { nextCursor: NextToken } : {}),
    };
  },
});
