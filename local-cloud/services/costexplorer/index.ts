import type { Cloud } from '../../core/cloud.ts';
import type { Operation, Service } from '../../core/service.ts';
import { telemetryStore } from '../../telemetry/index.ts';
import { createBill } from './bill.ts';
import { getCostAndUsage } from './cost-and-usage.ts';
import { getCostCategories, getDimensionValues, getTags } from './dimension-values.ts';
import { getCostForecast, getUsageForecast } from './forecast-operations.ts';
import { createHoldingsMeter } from './holdings.ts';
import type { Input } from './input.ts';
import { createResourceTags } from './resource-tags.ts';
import { costView } from './view.ts';

/**
 * AWS Cost Explorer: what the metered use of this machine would cost at AWS's list prices. Listed after all others, so
 * that it counts what stands a last time before they end.
 */
export async function createCostExplorer(cloud: Cloud): Promise<Service> {
  const tags = await createResourceTags(cloud.state.namespace('costexplorer'));
  const readBill = createBill(cloud, telemetryStore(cloud.telemetry), tags);
  const holdings = createHoldingsMeter(cloud);

  /** Each request to Cost Explorer is itself paid for. */
  const paid = (operation: string, run: (input: Input, now: number) => Promise<object>): Operation => {
    return async (input) => {
      const now = Date.now();
      const answer = await run(input, now);
      cloud.telemetry.usage({
        service: 'AWS Cost Explorer',
        usageType: 'USE1-APIRequest',
        operation,
        resource: '',
        quantity: 1,
        time: now,
      });
      return answer;
    };
  };
  const operations: Record<string, (input: Input, now: number) => Promise<object>> = {
    GetCostAndUsage: (input, now) => getCostAndUsage(readBill, input, now),
    GetCostAndUsageWithResources: (input, now) => getCostAndUsage(readBill, input, now, { resources: true }),
    GetCostCategories: async (input, now) => getCostCategories(input, now),
    GetCostForecast: (input, now) => getCostForecast(readBill, input, now),
    GetDimensionValues: (input, now) => getDimensionValues(readBill, input, now),
    GetTags: (input, now) => getTags(readBill, input, now),
    GetUsageForecast: (input, now) => getUsageForecast(readBill, input, now),
  };

  return {
    signingNames: ['ce'],
    resources: {},
    views: [costView(readBill)],
    operations: Object.fromEntries(Object.entries(operations).map(([name, run]) => [name, paid(name, run)])),
    async survey(standing) {
      await tags.keep(standing);
      holdings.begin(standing.services);
    },
    stop: () => holdings.end(),
  };
}
