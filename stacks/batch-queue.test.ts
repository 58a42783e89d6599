import { afterAll, beforeAll, expect, it } from 'vitest';
import { aggregate } from '#shared/definition/aggregate.ts';
import { domain } from '#shared/definition/domain.ts';
import { errorsReactor, reactor } from '#shared/definition/reactor.ts';
import { sales } from './testing/orders.ts';
import { only, type Synthesized, Workbench } from './testing/synthesis.ts';

const gatherFailures = errorsReactor({ react: async () => {} });
const tellAgain = reactor({
  follows: aggregate('sales/order', { events: [], initial: {}, evolve: (state) => state }),
  uses: ['events-bus', 'read-models'],
  react: async () => {},
});
const repairs = domain('repairs', {
  aggregates: {},
  commands: {},
  queries: {},
  readModels: {},
  reactors: { gatherFailures, tellAgain },
});
const bench = new Workbench([sales, repairs]);
let stack: Synthesized;

beforeAll(async () => {
  await bench.synthesize('cdktf.out');
  stack = bench.stack('cdktf.out', 'repairs');
}, 60_000);
afterAll(() => bench.remove());

const json = (value: unknown) => JSON.parse(String(value));
const policyOf = (path: string): { Action: string[]; Resource: string[] }[] =>
  json(only(stack, 'aws_iam_role_policy', `${path}_function_role_policy`)['policy']).Statement;

it('gives a function what the errors bus is told, many at a time and two batches at once at most', () => {
  expect(only(stack, 'aws_lambda_event_source_mapping')).toMatchObject({
    batch_size: 500,
    maximum_batching_window_in_seconds: 5,
    scaling_config: { maximum_concurrency: 2 },
  });
  const target = only(stack, 'aws_cloudwatch_event_target', 'gather-failures_batches_rule_target');
  expect(target).toMatchObject({
    event_bus_name: 'skafu-local-errors',
    arn: '${aws_sqs_queue.gather-failures_batches_queue.arn}',
  });
});

it('keeps for people what could not be recorded after five tries', () => {
  const queue = only(stack, 'aws_sqs_queue', 'gather-failures_batches_queue');
  expect(queue['visibility_timeout_seconds']).toBe(180);
  expect(json(queue['redrive_policy'])).toEqual({
    deadLetterTargetArn: '${aws_sqs_queue.gather-failures_failures_queue.arn}',
    maxReceiveCount: 5,
  });
});

it('lets the function read its own queue and nobody else write there but the rule', () => {
  expect(policyOf('gather-failures')).toContainEqual(
    expect.objectContaining({
      Action: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
      Resource: ['${aws_sqs_queue.gather-failures_batches_queue.arn}'],
    }),
  );
  const policy = json(only(stack, 'aws_sqs_queue_policy', 'gather-failures_batches_policy')['policy']);
  expect(policy.Statement).toHaveLength(1);
  expect(JSON.stringify(policy)).toContain('aws_cloudwatch_event_rule.gather-failures_batches_rule_rule.arn');
});

it('gives a reactor the parts of the platform that it uses, and no more', () => {
  const { environment } = only(stack, 'aws_lambda_function', 'tell-again_function_lambda') as {
    environment: { variables: Record<string, string> };
  };
  expect(environment.variables['EVENTS_BUS']).toBe('skafu-local-events');
  expect(json(environment.variables['READ_MODELS'])).toMatchObject([{ name: 'sales/open-orders' }]);
  const actions = policyOf('tell-again').map(({ Action, Resource }) => [
    Action.join(' '),
    Resource.join(' '),
  ]);
  expect(actions).toContainEqual([
    'events:PutEvents',
    expect.stringContaining('event-bus/skafu-local-events'),
  ]);
  expect(actions).toContainEqual([
    'dynamodb:GetItem dynamodb:BatchGetItem',
    expect.stringContaining('table/skafu-local-sales-open-orders'),
  ]);
});
