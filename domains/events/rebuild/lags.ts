import { CloudWatchClient, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { metricNamespace } from '#shared/runtime/metrics.ts';
import { tracing } from '#shared/runtime/tracing.ts';

type Client = Pick<CloudWatchClient, 'send'>;

let traced: Promise<Client> | undefined;

/** The function's one CloudWatch client, made at first use. */
function cloudwatch(): Promise<Client> {
  traced ??= tracing().then((trace) => trace.client(new CloudWatchClient({})));
  return traced;
}

/** Catch-up measures each minute; a few of them may still be on their way. */
const lookBackMilliseconds = 5 * 60_000;

/** How many seconds each read model was behind when catch-up last looked; without an entry where it has not lately. */
export async function lagsOf(
  models: readonly string[],
  client: () => Promise<Client> = cloudwatch,
): Promise<ReadonlyMap<string, number>> {
  const { MetricDataResults: results = [] } = await (await client()).send(
    new GetMetricDataCommand({
      StartTime: new Date(Date.now() - lookBackMilliseconds),
      EndTime: new Date(),
      ScanBy: 'TimestampDescending',
      MetricDataQueries: models.map((name, index) => ({
        Id: `lag${index}`,
        MetricStat: {
          Metric: {
            Namespace: metricNamespace,
            MetricName: 'ReadModelLag',
            Dimensions: [{ Name: 'ReadModel', Value: name }],
          },
          Period: 60,
          Stat: 'Maximum',
        },
      })),
    }),
  );
  return new Map(
    results.flatMap(({ Id: id, Values: [newest] = [] }) => {
      const name = models[Number(id?.slice('lag'.length))];
      return name !== undefined && newest !== undefined ? [[name, newest] as const] : [];
    }),
  );
}
