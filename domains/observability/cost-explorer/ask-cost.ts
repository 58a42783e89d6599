import {
  type CostExplorerClient,
  GetCostAndUsageCommand,
  type GetCostAndUsageCommandOutput,
  type GroupDefinition,
  type ResultByTime,
} from '@aws-sdk/client-cost-explorer';
import { calling } from '#shared/runtime/upstream.ts';
import { pricePerRequest } from './client.ts';
import { billOf } from './cost-groups.ts';
import type { CostRange, Granularity } from './cost-range.ts';

/** Each page costs as much as the first. */
export const mostPages = 5;

export interface CostWish extends CostRange {
  readonly granularity: Granularity;
  /** `service`, `usage-type`, `region` or `tag:<key>`. */
  readonly groupBy: string;
}

/** Asks for the range and, in the same request, for the period before it: one price for both. */
export async function askCost(client: Pick<CostExplorerClient, 'send'>, wish: CostWish) {
  const { from, to, previousFrom = from, granularity, groupBy } = wish;
  const results: ResultByTime[] = [];
  let token: string | undefined;
  let requests = 0;
  do {
    const command = new GetCostAndUsageCommand({
      TimePeriod: { Start: previousFrom, End: to },
      Granularity: granularity === 'daily' ? 'DAILY' : 'MONTHLY',
      Metrics: ['UnblendedCost'],
      GroupBy: [groupDefinition(groupBy)],
      NextPageToken: token,
    });
    const page: GetCostAndUsageCommandOutput = await calling(
      'Cost Explorer',
      'GetCostAndUsage',
      client.send(command),
    );
    results.push(...(page.ResultsByTime ?? []));
    token = page.NextPageToken;
    requests++;
  } while (token && requests < mostPages);
  return {
    from,
    to,
    ...(wish.previousFrom === undefined ? {} : { previousFrom }),
    granularity,
    groupBy,
    ...billOf(results, wish),
    /** Whether AWS had more pages than we asked for, so that every sum is too low. */
    partial: token !== undefined,
    requests,
    price: requests * pricePerRequest,
  };
}

const dimensions: Readonly<Record<string, string>> = {
  service: 'SERVICE',
  'usage-type': 'USAGE_TYPE',
  region: 'REGION',
};

function groupDefinition(groupBy: string): GroupDefinition {
  const dimension = dimensions[groupBy];
  return dimension
    ? { Type: 'DIMENSION', Key: dimension }
    : { Type: 'TAG', Key: groupBy.replace('tag:', '') };
}
