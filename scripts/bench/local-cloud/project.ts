import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { zipSync } from 'fflate';

/** What stands in the local cloud that is measured. */
export const names = {
  table: 'bench',
  function: 'bench-echo',
  bus: 'bench',
  /** Gets what the bus routes. */
  routed: 'bench-routed',
  /** Is sent to directly. */
  direct: 'bench-direct',
  machine: 'bench-express',
  source: 'bench',
} as const;

/** The handler that the floor calls as well. */
export const handlerSource = 'export const handler = async (event) => ({ got: event.number });\n';

const account = '000000000000';
const arn = (service: string, rest: string) => `arn:aws:${service}:us-east-1:${account}:${rest}`;

/** Writes a project of one stack with one resource of each kind, and answers the folder of its stacks. */
export function writeProject(folder: string): string {
  const stack = join(folder, 'stacks/bench');
  mkdirSync(stack, { recursive: true });
  writeFileSync(join(stack, 'echo.zip'), zipSync({ 'index.mjs': Buffer.from(handlerSource) }));
  writeFileSync(join(stack, 'cdk.tf.json'), JSON.stringify({ resource: resources() }));
  return join(folder, 'stacks');
}

function resources(): object {
  return {
    aws_dynamodb_table: {
      table: {
        name: names.table,
        billing_mode: 'PAY_PER_REQUEST',
        hash_key: 'id',
        attribute: [{ name: 'id', type: 'S' }],
      },
    },
    aws_iam_role: {
      function: { name: 'bench-function', assume_role_policy: trusting('lambda') },
      machine: { name: 'bench-machine', assume_role_policy: trusting('states') },
    },
    aws_iam_role_policy: {
      function: { name: 'logs', role: `\${aws_iam_role.function.name}`, policy: allowing('logs:*', '*') },
      machine: {
        name: 'invoke',
        role: `\${aws_iam_role.machine.name}`,
        policy: allowing('lambda:InvokeFunction', arn('lambda', `function:${names.function}`)),
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
    aws_sqs_queue: { routed: { name: names.routed }, direct: { name: names.direct } },
    aws_sqs_queue_policy: {
      routed: {
        queue_url: `\${aws_sqs_queue.routed.url}`,
        policy: JSON.stringify({
          Statement: {
            Effect: 'Allow',
            Action: 'sqs:SendMessage',
            Principal: { Service: 'events.amazonaws.com' },
            Resource: arn('sqs', names.routed),
          },
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
      machine: {
        name: names.machine,
        type: 'EXPRESS',
        role_arn: `\${aws_iam_role.machine.arn}`,
        definition: JSON.stringify({
          StartAt: 'Look',
          States: {
            Look: {
              Type: 'Choice',
              Choices: [{ Variable: '$.number', NumericGreaterThanEquals: 0, Next: 'Echo' }],
              Default: 'Done',
            },
            Echo: { Type: 'Task', Resource: arn('lambda', `function:${names.function}`), Next: 'Done' },
            Done: { Type: 'Succeed' },
          },
        }),
      },
    },
  };
}

const trusting = (service: string) =>
  JSON.stringify({
    Statement: {
      Effect: 'Allow',
      Action: 'sts:AssumeRole',
      Principal: { Service: `${service}.amazonaws.com` },
    },
  });

const allowing = (action: string, resource: string) =>
  JSON.stringify({ Statement: { Effect: 'Allow', Action: action, Resource: resource } });
