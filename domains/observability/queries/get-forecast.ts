import { query } from '#shared/definition/query.ts';
import { boolean, oneOf, optional } from '#shared/messages/schema.ts';
import { cached } from '#shared/runtime/cache.ts';
import { sharedCache } from '#shared/runtime/clients.ts';
import { askForecast, forecastRange } from '../cost-explorer/ask-forecast.ts';
import { costExplorer, keptFor } from '../cost-explorer/client.ts';
import { financeReaders } from '../roles.ts';

export const getForecast = query({
  route: 'GET /finance/forecast',
  roles: financeReaders,
  installationOnly: true,
  uses: ['cache'],
  input: { granularity: optional(oneOf('daily', 'monthly')), refresh: optional(boolean()) },
  answer: async ({ granularity = 'monthly', refresh }) => {
    const client = await costExplorer();
    const key = ['forecast', forecastRange(Date.now()).from, granularity].join('#');
    const ask = () => askForecast(client, granularity, Date.now);
    return cached(await sharedCache(), key, ask, { seconds: keptFor, refresh });
  },
});
