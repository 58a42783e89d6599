import { aggregate } from '#shared/definition/aggregate.ts';
import { command } from '#shared/definition/command.ts';
import { allow, allowOn, domain } from '#shared/definition/domain.ts';
import { query } from '#shared/definition/query.ts';
import { platformReactor, reactor } from '#shared/definition/reactor.ts';
import { readModel } from '#shared/definition/read-model.ts';
import { everyone } from '#shared/definition/roles.ts';
import { text } from '#shared/messages/schema.ts';

const order = aggregate('sales/order', { events: [], initial: {}, evolve: (state) => state });

const placeOrder = command({
  route: 'POST /orders',
  roles: everyone,
  input: { note: text(10) },
  aggregate: order,
  decide: () => [],
});

const cancelOrder = command({
  route: 'DELETE /orders/{orderId}',
  roles: everyone,
  input: {},
  aggregate: order,
  decide: () => [],
});

export const openOrders = readModel({
  follows: order,
  listed: () => ({ list: 'open', order: '' }),
  project: {},
});

const getOrder = query({
  route: 'GET /orders/{orderId}',
  roles: everyone,
  input: {},
  readModels: { openOrders },
  answer: async () => ({}),
});

const getTurnover = query({
  route: 'GET /turnover',
  roles: everyone,
  input: {},
  installationOnly: true,
  answer: async () => ({}),
});

const getPrices = query({
  route: 'GET /prices',
  roles: everyone,
  input: {},
  installationOnly: true,
  uses: ['cache', 'user-pool'],
  answer: async () => ({}),
});

const tellWarehouse = reactor({ follows: order, react: async () => {} });

const noticeAlarm = platformReactor({
  pattern: ({ environment }) => ({
    source: ['aws.cloudwatch'],
    detail: { alarmName: [{ prefix: `skafu-${environment}-order-` }] },
  }),
  react: async () => {},
});

/** A small domain with one of everything. */
export const sales = domain('sales', {
  aggregates: { order },
  commands: { placeOrder, cancelOrder },
  queries: { getOrder, getTurnover, getPrices },
  readModels: { openOrders },
  reactors: { tellWarehouse, noticeAlarm },
  permissions: {
    getTurnover: [allow('cloudwatch:GetMetricData')],
    getPrices: [
      allow('ce:GetCostAndUsage'),
      allowOn(['arn:aws:cognito-idp:{region}:{account}:userpool/{userPool}'], 'cognito-idp:ListUsers'),
    ],
    tellWarehouse: [
      allowOn(['arn:aws:sqs:{region}:{account}:skafu-{environment}-warehouse'], 'sqs:SendMessage'),
    ],
  },
});
