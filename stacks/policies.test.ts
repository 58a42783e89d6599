import { afterAll, beforeAll, expect, it } from 'vitest';
import { sales } from './testing/orders.ts';
import { type Synthesized, Workbench } from './testing/synthesis.ts';

interface Statement {
  Effect: string;
  Action: string[];
  Resource: string[];
}

const bench = new Workbench([sales]);
const stacks: Record<string, Synthesized> = {};
const names = ['platform', 'sales', 'console', 'operations'];

beforeAll(async () => {
  await bench.synthesize('cdktf.out');
  for (const name of names) stacks[name] = bench.stack('cdktf.out', name);
});
afterAll(() => bench.remove());

const account = '${data.aws_caller_identity.account.account_id}';
const store = `arn:aws:dynamodb:us-east-1:${account}:table/skafu-local-platform-event-store`;
const eventsBus = `arn:aws:events:us-east-1:${account}:event-bus/skafu-local-events`;
const errorsBus = `arn:aws:events:us-east-1:${account}:event-bus/skafu-local-errors`;
const userPool =
  '${data.terraform_remote_state.cross-stack-reference-input-platform.outputs.cross-stack-output-aws_cognito_user_pool-users_pool-id}';
const stream = '${aws_dynamodb_table.event-store_table.stream_arn}';
/** A read model has two tables, of which one serves. */
const openOrders = [
  '${aws_dynamodb_table.open-orders_table_table.arn}',
  '${aws_dynamodb_table.open-orders_table_second.arn}',
];
const queue = (path: string) => `\${aws_sqs_queue.${path}_failures_queue.arn}`;

/** What a function may do beyond what every function may, as `action` → resources. */
function beyondTheCommon(stack: string, path: string): Record<string, string[]> {
  const common = [
    `logs:CreateLogStream logs:PutLogEvents on \${aws_cloudwatch_log_group.${path}_logs.arn}:*`,
    'xray:PutTraceSegments xray:PutTelemetryRecords on *',
    `events:PutEvents on ${errorsBus}`,
  ];
  const statements = statementsOf(stack, `${path}_role_policy`);
  const said = statements.map(({ Action, Resource }) => `${Action.join(' ')} on ${Resource.join(' ')}`);
  expect(said).toEqual(expect.arrayContaining(common));
  const beyond = statements.filter((_, index) => !common.includes(said[index] ?? ''));
  const resources: Record<string, string[]> = {};
  for (const { Action, Resource } of beyond) {
    const actions = Action.join(' ');
    resources[actions] = [...(resources[actions] ?? []), ...Resource];
  }
  return resources;
}

function statementsOf(stack: string, policy: string): Statement[] {
  const document = stacks[stack]?.resource['aws_iam_role_policy']?.[policy]?.['policy'];
  if (typeof document !== 'string') throw new Error(`${stack} has no policy ${policy}`);
  return JSON.parse(document).Statement;
}

it('lets a command load and append, and nothing else', () => {
  expect(beyondTheCommon('sales', 'place-order_function')).toEqual({
    'dynamodb:Query dynamodb:PutItem': [store],
  });
});

it('lets a query read the read models that it names, and the streams that they follow', () => {
  expect(beyondTheCommon('sales', 'get-order_function')).toEqual({
    'dynamodb:GetItem': openOrders,
    'dynamodb:Query': [store, ...openOrders.map((table) => `${table}/index/lists`)],
  });
});

it('lets a live query do what the manifest says', () => {
  expect(beyondTheCommon('sales', 'get-turnover_function')).toEqual({ 'cloudwatch:GetMetricData': ['*'] });
});

it('lets a query use the cache and read the users of its own pool, and nothing else of either', () => {
  const cache = '${aws_dynamodb_table.cache_table.arn}';
  expect(beyondTheCommon('sales', 'get-prices_function')).toEqual({
    'dynamodb:GetItem dynamodb:PutItem dynamodb:UpdateItem': [cache],
    'ce:GetCostAndUsage': ['*'],
    'cognito-idp:ListUsers': [`arn:aws:cognito-idp:us-east-1:${account}:userpool/${userPool}`],
  });
});

it('lets a projector read the store and write its own tables', () => {
  expect(beyondTheCommon('sales', 'open-orders_projector')).toEqual({
    'dynamodb:Query': [store],
    'dynamodb:GetItem dynamodb:PutItem dynamodb:DeleteItem': openOrders,
  });
});

it('lets a reactor load, append, keep what failed, and do what the manifest says in this environment', () => {
  expect(beyondTheCommon('sales', 'tell-warehouse_function')).toEqual({
    'dynamodb:Query dynamodb:PutItem': [store],
    'sqs:SendMessage': [queue('tell-warehouse'), `arn:aws:sqs:us-east-1:${account}:skafu-local-warehouse`],
  });
});

it('lets the relay read the stream, publish, and keep what it gives up on', () => {
  expect(beyondTheCommon('platform', 'relay_function')).toEqual({
    'dynamodb:DescribeStream dynamodb:GetRecords dynamodb:GetShardIterator': [stream],
    'dynamodb:ListStreams': ['*'],
    'events:PutEvents': [eventsBus],
    'sqs:SendMessage': [queue('relay')],
  });
});

it('lets health read the store, which is how it knows', () => {
  expect(beyondTheCommon('platform', 'health')).toEqual({ 'dynamodb:GetItem': [store] });
});

it.each(['info', 'unknown-route'])('lets %s do nothing more than any function', (name) => {
  expect(beyondTheCommon('platform', name)).toEqual({});
});

it('lets catch-up compare heads with positions and notify again', () => {
  const table = `arn:aws:dynamodb:us-east-1:${account}:table/skafu-local-sales-open-orders`;
  expect(beyondTheCommon('operations', 'catch-up_function')).toEqual({
    'dynamodb:Scan': [store],
    'dynamodb:GetItem dynamodb:BatchGetItem': [table, `${table}-2`],
    'events:PutEvents': [eventsBus],
    'sqs:SendMessage': [queue('catch-up')],
  });
});

it('lets the canary do nothing more than any function: it is a visitor', () => {
  expect(beyondTheCommon('operations', 'canary_function')).toEqual({});
});

it('lets a projection workflow call its projector and report, and its rule start nothing but it', () => {
  expect(statementsOf('sales', 'open-orders_workflow_role_policy').slice(0, 2)).toEqual([
    {
      Effect: 'Allow',
      Action: ['lambda:InvokeFunction'],
      Resource: ['${aws_lambda_function.open-orders_projector_lambda.arn}'],
    },
    { Effect: 'Allow', Action: ['events:PutEvents'], Resource: [errorsBus] },
  ]);
  expect(statementsOf('sales', 'open-orders_starter_policy')).toEqual([
    {
      Effect: 'Allow',
      Action: ['states:StartExecution'],
      Resource: ['${aws_sfn_state_machine.open-orders_workflow_state-machine.arn}'],
    },
  ]);
});

it('allows everything only for actions that AWS offers no resource for', () => {
  const unrestricted = names.flatMap((stack) =>
    Object.keys(stacks[stack]?.resource['aws_iam_role_policy'] ?? {})
      .flatMap((policy) => statementsOf(stack, policy))
      .filter(({ Resource }) => Resource.includes('*'))
      .flatMap(({ Action }) => Action),
  );
  expect([...new Set(unrestricted)].sort()).toEqual([
    // A bill belongs to an account, so Cost Explorer knows no resources.
    'ce:GetCostAndUsage',
    'cloudwatch:GetMetricData',
    'dynamodb:ListStreams',
    'logs:CreateLogDelivery',
    'logs:DeleteLogDelivery',
    'logs:DescribeLogGroups',
    'logs:DescribeResourcePolicies',
    'logs:GetLogDelivery',
    'logs:ListLogDeliveries',
    'logs:PutResourcePolicy',
    'logs:UpdateLogDelivery',
    'xray:GetSamplingRules',
    'xray:GetSamplingTargets',
    'xray:PutTelemetryRecords',
    'xray:PutTraceSegments',
  ]);
});

it('never allows actions by wildcard', () => {
  const actions = names.flatMap((stack) =>
    Object.keys(stacks[stack]?.resource['aws_iam_role_policy'] ?? {})
      .flatMap((policy) => statementsOf(stack, policy))
      .flatMap(({ Action }) => Action),
  );
  expect(actions.length).toBeGreaterThan(50);
  expect(actions.filter((action) => action.includes('*'))).toEqual([]);
});

it('gives no function the role of another', () => {
  const roles = names.flatMap((stack) =>
    Object.values(stacks[stack]?.resource['aws_lambda_function'] ?? {}).map(({ role }) => `${stack} ${role}`),
  );
  expect(roles.length).toBeGreaterThan(10);
  expect(new Set(roles).size).toBe(roles.length);
});

it('opens queues, the error log and the bucket to the one resource that needs them', () => {
  const policies = names.flatMap((stack) => [
    ...Object.values(stacks[stack]?.resource['aws_sqs_queue_policy'] ?? {}),
    ...Object.values(stacks[stack]?.resource['aws_s3_bucket_policy'] ?? {}),
  ]);
  for (const { policy } of policies) {
    expect(JSON.parse(String(policy)).Statement[0].Condition.ArnEquals['aws:SourceArn']).toMatch(
      /^\$\{aws_(cloudwatch_event_rule|cloudfront_distribution)\..+\.arn\}$/,
    );
  }
  expect(policies).toHaveLength(7);
});
