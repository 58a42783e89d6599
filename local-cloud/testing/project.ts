import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { zipSync } from 'fflate';

/** What stands in a small project with one resource of each kind. */
export const names = {
  table: 'trial',
  function: 'trial-echo',
  bus: 'trial',
  /** Gets what is put on the bus with this source. */
  routed: 'trial-routed',
  source: 'trial',
  /** Gets what an asynchronous invocation answered. */
  echoed: 'trial-echoed',
  /** Is sent to directly. */
  direct: 'trial-direct',
  express: 'trial-express',
  standard: 'trial-standard',
  bucket: 'trial-bucket',
  userPool: 'trial',
  logGroup: '/trial/lines',
} as const;

/** The handler of the function. */
export const handlerSource = 'export const handler = async (event) => ({ got: event.number ?? event.id });\n';

export const arnOf = (service: string, rest: string) => `arn:aws:${service}:us-east-1:000000000000:${rest}`;

/** Writes the project into a folder, and answers the folder of its stacks. */
export function writeProject(folder: string): string {
  const stack = join(folder, 'stacks/trial');
  mkdirSync(stack, { recursive: true });
  writeFileSync(join(stack, 'echo.zip'), zipSync({ 'index.mjs': Buffer.from(handlerSource) }));
  writeFileSync(
    join(stack, 'cdk.tf.json'),
    JSON.stringify({
      resource: resources,
      output: { 'user-pool-id': { value: `\${aws_cognito_user_pool.pool.id}` } },
    }),
  );
  return join(folder, 'stacks');
}

const policyOf = (...statements: object[]) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: statements.map((statement) => ({ Effect: 'Allow', ...statement })),
  });
const trusting = (service: string) =>
  policyOf({ Action: 'sts:AssumeRole', Principal: { Service: `${service}.amazonaws.com` } });
const role = (name: string, service: string) => ({
  name: `trial-${name}`,
  assume_role_policy: trusting(service),
});
const machine = (name: string, type: string, definition: object) => ({
  name,
  type,
  role_arn: `\${aws_iam_role.machine.arn}`,
  definition: JSON.stringify(definition),
});
const functionArn = arnOf('lambda', `function:${names.function}`);

const resources = {
  aws_dynamodb_table: {
    table: {
      name: names.table,
      billing_mode: 'PAY_PER_REQUEST',
      hash_key: 'id',
      attribute: [{ name: 'id', type: 'S' }],
    },
  },
  aws_s3_bucket: { bucket: { bucket: names.bucket } },
  aws_cognito_user_pool: { pool: { name: names.userPool } },
  aws_cloudwatch_log_group: { lines: { name: names.logGroup } },
  aws_iam_role: { function: role('function', 'lambda'), machine: role('machine', 'states') },
  aws_iam_role_policy: {
    function: {
      name: 'permissions',
      role: `\${aws_iam_role.function.name}`,
      policy: policyOf(
        { Action: 'logs:*', Resource: '*' },
        { Action: 'sqs:SendMessage', Resource: arnOf('sqs', names.echoed) },
      ),
    },
    machine: {
      name: 'permissions',
      role: `\${aws_iam_role.machine.name}`,
      policy: policyOf({ Action: 'lambda:InvokeFunction', Resource: functionArn }),
    },
  },
  aws_lambda_function: {
    echo: {
      function_name: names.function,
      filename: 'echo.zip',
      handler: 'index.handler',
      runtime: 'nodejs22.x',
      memory_size: 512,
      role: `\${aws_iam_role.function.arn}`,
    },
  },
  aws_lambda_function_event_invoke_config: {
    echo: {
      function_name: `\${aws_lambda_function.echo.function_name}`,
      destination_config: { on_success: { destination: `\${aws_sqs_queue.echoed.arn}` } },
    },
  },
  aws_sqs_queue: {
    routed: { name: names.routed },
    echoed: { name: names.echoed },
    direct: { name: names.direct },
  },
  aws_sqs_queue_policy: {
    routed: {
      queue_url: `\${aws_sqs_queue.routed.url}`,
      policy: policyOf({
        Action: 'sqs:SendMessage',
        Principal: { Service: 'events.amazonaws.com' },
        Resource: arnOf('sqs', names.routed),
      }),
    },
  },
  aws_cloudwatch_event_bus: { bus: { name: names.bus } },
  aws_cloudwatch_event_rule: {
    rule: {
      name: names.source,
      event_bus_name: `\${aws_cloudwatch_event_bus.bus.name}`,
      event_pattern: JSON.stringify({ source: [names.source] }),
    },
  },
  aws_cloudwatch_event_target: {
    target: {
      rule: `\${aws_cloudwatch_event_rule.rule.name}`,
      event_bus_name: `\${aws_cloudwatch_event_bus.bus.name}`,
      arn: `\${aws_sqs_queue.routed.arn}`,
    },
  },
  aws_sfn_state_machine: {
    express: machine(names.express, 'EXPRESS', {
      StartAt: 'Look',
      States: {
        Look: {
          Type: 'Choice',
          Choices: [{ Variable: '$.number', NumericGreaterThanEquals: 0, Next: 'Echo' }],
          Default: 'Done',
        },
        Echo: { Type: 'Task', Resource: functionArn, Next: 'Done' },
        Done: { Type: 'Succeed' },
      },
    }),
    standard: machine(names.standard, 'STANDARD', {
      StartAt: 'Echo',
      States: {
        Echo: { Type: 'Task', Resource: functionArn, Next: 'Wait' },
        Wait: { Type: 'Wait', Seconds: 1, Next: 'Done' },
        Done: { Type: 'Succeed' },
      },
    }),
  },
};
