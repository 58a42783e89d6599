import { afterAll, beforeAll, expect, it } from 'vitest';
import { command } from '#shared/definition/command.ts';
import { domain } from '#shared/definition/domain.ts';
import { scheduledReactor } from '#shared/definition/reactor.ts';
import { openOrders, sales } from './testing/orders.ts';
import { type Synthesized, Workbench } from './testing/synthesis.ts';

const { order } = sales.aggregates;
if (!order) throw new Error('Sales has orders.');

const signOrder = command({
  route: 'POST /orders/{orderId}/signature',
  roles: ['admin'],
  input: {},
  aggregate: { ...order, initial: {}, evolve: (state) => state },
  uses: ['keys'],
  decide: () => [],
});
const remindOfOrders = scheduledReactor({
  every: '1 minute',
  readModels: { openOrders },
  uses: ['keys'],
  react: async () => {},
});
const reminding = domain('reminding', {
  aggregates: { order },
  commands: { signOrder },
  queries: {},
  readModels: { openOrders },
  reactors: { remindOfOrders },
});

const bench = new Workbench([reminding]);
let stack: Synthesized;
beforeAll(async () => {
  await bench.synthesize('cdktf.out');
  stack = bench.stack('cdktf.out', 'reminding');
});
afterAll(() => bench.remove());

const statementsOf = (path: string): { Action: string[]; Resource: string[] }[] =>
  JSON.parse(String(stack.resource['aws_iam_role_policy']?.[`${path}_role_policy`]?.['policy'])).Statement;
const keys = '${aws_dynamodb_table.keys_table.arn}';
const orders = [
  '${aws_dynamodb_table.open-orders_table_table.arn}',
  '${aws_dynamodb_table.open-orders_table_second.arn}',
];

it('keeps keys in a table apart, which those who make them may write and those who sign may read', () => {
  expect(stack.resource['aws_dynamodb_table']?.['keys_table']).toMatchObject({
    name: 'skafu-local-reminding-keys',
    server_side_encryption: { enabled: true },
    point_in_time_recovery: { enabled: true },
  });
  const onKeys = (path: string) =>
    statementsOf(path).flatMap(({ Action, Resource }) => (Resource.includes(keys) ? Action : []));
  expect(onKeys('sign-order_function')).toEqual(['dynamodb:GetItem', 'dynamodb:PutItem']);
  expect(onKeys('remind-of-orders_function')).toEqual(['dynamodb:GetItem']);
  expect(onKeys('open-orders_projector')).toEqual([]);
});

it('wakes a scheduled reactor by the clock, and lets it read the read models that it names', () => {
  expect(stack.resource['aws_cloudwatch_event_rule']?.['remind-of-orders_rule_rule']).toMatchObject({
    schedule_expression: 'rate(1 minute)',
  });
  expect(stack.resource['aws_cloudwatch_event_target']?.['remind-of-orders_rule_target']).toMatchObject({
    retry_policy: { maximum_retry_attempts: 0 },
  });
  const statements = statementsOf('remind-of-orders_function');
  expect(statements).toContainEqual({ Effect: 'Allow', Action: ['dynamodb:GetItem'], Resource: orders });
  expect(statements).toContainEqual({
    Effect: 'Allow',
    Action: ['dynamodb:Query'],
    Resource: orders.map((table) => `${table}/index/lists`),
  });
});
