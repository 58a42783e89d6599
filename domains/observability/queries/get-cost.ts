import { query } from '#shared/definition/query.ts';
import { boolean, oneOf, optional, type Schema, text } from '#shared/messages/schema.ts';
import { cached } from '#shared/runtime/cache.ts';
import { sharedCache } from '#shared/runtime/clients.ts';
import { askCost } from '../cost-explorer/ask-cost.ts';
import { costExplorer, keptFor } from '../cost-explorer/client.ts';
import { costRange } from '../cost-explorer/cost-range.ts';
import { financeReaders } from '../roles.ts';

const groupBy: Schema<string> = {
  type: 'string',
  pattern: '^(service|usage-type|region|tag:[\\w .:/=+@-]{1,128})$',
};

export const getCost = query({
  route: 'GET /finance/cost',
  roles: financeReaders,
  installationOnly: true,
  uses: ['cache'],
  input: {
    from: optional(text(10)),
    to: optional(text(10)),
    granularity: optional(oneOf('daily', 'monthly')),
    groupBy: optional(groupBy),
    refresh: optional(boolean()),
  },
  answer: async ({ from, to, granularity = 'daily', groupBy = 'service', refresh }) => {
    const range = costRange({ from, to, granularity }, Date.now());
    const wish = { ...range, granularity, groupBy };
    const key = ['cost', range.previousFrom ?? '', range.from, range.to, granularity, groupBy].join('#');
    const client = await costExplorer();
    return cached(await sharedCache(), key, () => askCost(client, wish), { seconds: keptFor, refresh });
  },
});
