import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { expect, test } from 'vitest';
import { answeringClient } from '#shared/testing/answering-client.ts';
import { lagsOf } from './lags.ts';

const models = ['sales/orders', 'sales/customers', 'stock/shelves'];

test('the lag of a read model is the newest that catch-up measured, in whichever order CloudWatch answers', async () => {
  const { client, asked } = answeringClient<CloudWatchClient>({
    MetricDataResults: [
      { Id: 'lag2', Values: [0, 7] },
      { Id: 'lag0', Values: [12.5] },
    ],
  });
  const lags = await lagsOf(models, async () => client);
  expect([...lags].sort()).toEqual([
    ['sales/orders', 12.5],
    ['stock/shelves', 0],
  ]);
  expect(asked).toMatchObject([
    {
      ScanBy: 'TimestampDescending',
      MetricDataQueries: models.map((Value, index) => ({
        Id: `lag${index}`,
        MetricStat: { Metric: { MetricName: 'ReadModelLag', Dimensions: [{ Name: 'ReadModel', Value }] } },
      })),
    },
  ]);
});

test('a read model that was not measured lately has no lag, nor has a model that nobody asked for', async () => {
  const { client } = answeringClient<CloudWatchClient>(
    { MetricDataResults: [{ Id: 'lag0', Values: [] }, { Id: 'lag1' }, { Id: 'lag9', Values: [1] }] },
    {},
  );
  expect(await lagsOf(models, async () => client)).toEqual(new Map());
  expect(await lagsOf(models, async () => client)).toEqual(new Map());
});
