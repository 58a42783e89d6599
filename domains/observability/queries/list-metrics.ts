import { ListMetricsCommand } from '@aws-sdk/client-cloudwatch';
import { query } from '#shared/definition/query.ts';
import { invalid } from '#shared/messages/problem.ts';
import { optional, text } from '#shared/messages/schema.ts';
import { calling } from '#shared/runtime/upstream.ts';
import { cloudwatch, dimensionsOf } from '../cloudwatch/client.ts';
import { readers } from '../roles.ts';
import { pageParameters } from './parameters.ts';

export const listMetrics = query({
  route: 'GET /metrics',
  roles: readers,
  installationOnly: true,
  input: {
    ...pageParameters,
    cursor: optional(text(4096)),
    namespace: optional(text(255)),
    metricName: optional(text(255)),
  },
  answer: async ({ namespace, metricName, limit = 25, cursor }) => {
    const { token, offset } = placeOf(cursor);
    const client = await cloudwatch();
    const command = new ListMetricsCommand({
      Namespace: namespace,
      MetricName: metricName,
      NextToken: token,
    });
    const { Metrics = [], NextToken } = await calling('CloudWatch', 'ListMetrics', client.send(command));
    const end = offset + limit;
    const next =
      end < Metrics.length ? { token, offset: end } : NextToken ? { token: NextToken, offset: 0 } : undefined;
    return {
      items: Metrics.slice(offset, end).map((metric) => ({
        namespace: metric.Namespace,
        metricName: metric.MetricName,
        dimensions: dimensionsOf(metric.Dimensions),
      })),
      ...(next ? { nextCursor: cursorOf(next) } : {}),
    };
  },
});

/** CloudWatch lists 500 metrics a page and takes no limit: a place is one of its pages, and how far we are in it. */
interface Place {
  readonly token: string | undefined;
  readonly offset: number;
}

const cursorOf = ({ token = '', offset }: Place) => Buffer.from(`${offset} ${token}`).toString('base64url');

function placeOf(cursor: string | undefined): Place {
  if (cursor === undefined) return { token: undefined, offset: 0 };
  const [, offset, token] = /^(\d{1,3}) (.*)$/s.exec(Buffer.from(cursor, 'base64url').toString('utf8')) ?? [];
  if (offset !== undefined) return { token: token || undefined, offset: Number(offset) };
  throw invalid('Start again without cursor.', [
    { pointer: '#/cursor', detail: 'must be a nextCursor of this list' },
  ]);
}
