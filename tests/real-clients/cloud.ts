import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject } from 'vitest';
import { startLocalCloud } from '#local-cloud';

/** Every client has resources of its own, so that none sees what another left. */
export const clientNames = ['javascript', 'boto3', 'aws-cli'] as const;
export type ClientName = (typeof clientNames)[number];

/** What stands for each client. */
export const resourcesOf = (client: ClientName) => ({
  /** Key `customer` and, sorted, `number`; the index `by-state`. */
  table: `orders-${client}`,
  /** Gives a message up after two receives. */
  queue: `jobs-${client}`,
  deadLetters: `dead-${client}`,
  bus: `shop-${client}`,
  /** Gets what source `shop` puts on the bus. */
  sold: `sold-${client}`,
});

export interface ClientsCloud {
  endpoint: string;
  stop(): Promise<void>;
}

/** A local cloud with a tiny stack, in a folder of its own. */
export async function startClientsCloud(): Promise<ClientsCloud> {
  const folder = mkdtempSync(join(tmpdir(), 'real-clients-'));
  mkdirSync(join(folder, 'stacks', 'shop'), { recursive: true });
  writeFileSync(join(folder, 'stacks', 'shop', 'cdk.tf.json'), JSON.stringify(stack()));
  const cloud = await startLocalCloud({
    stacksDirectory: join(folder, 'stacks'),
    dataDirectory: join(folder, 'data'),
    awsPort: 0,
    consolePort: 0,
    engine: inject('sharedEngine'),
  });
  return {
    endpoint: cloud.endpointUrl,
    async stop() {
      await cloud.stop();
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

function stack(): object {
  const all = clientNames.map((client) => ({ client, ...resourcesOf(client) }));
  const each = <Value>(make: (names: (typeof all)[number]) => [string, Value][]) =>
    Object.fromEntries(all.flatMap(make));
  return {
    resource: {
      aws_dynamodb_table: each(({ client, table }) => [[client, orders(table)]]),
      aws_sqs_queue: each(({ client, queue, deadLetters, sold }) => [
        [`dead-${client}`, { name: deadLetters }],
        [`sold-${client}`, { name: sold }],
        [`jobs-${client}`, { name: queue, redrive_policy: redrive(`dead-${client}`) }],
      ]),
      aws_sqs_queue_policy: each(({ client }) => [
        [client, { queue_url: `\${aws_sqs_queue.sold-${client}.url}`, policy: fromEvents(`sold-${client}`) }],
      ]),
      aws_cloudwatch_event_bus: each(({ client, bus }) => [[client, { name: bus }]]),
      aws_cloudwatch_event_rule: each(({ client }) => [
        [
          client,
          {
            name: 'sold',
            event_bus_name: `\${aws_cloudwatch_event_bus.${client}.name}`,
            event_pattern: JSON.stringify({ source: ['shop'] }),
          },
        ],
      ]),
      aws_cloudwatch_event_target: each(({ client }) => [
        [
          client,
          {
            rule: `\${aws_cloudwatch_event_rule.${client}.name}`,
            event_bus_name: `\${aws_cloudwatch_event_bus.${client}.name}`,
            target_id: 'queue',
            arn: `\${aws_sqs_queue.sold-${client}.arn}`,
          },
        ],
      ]),
    },
  };
}

/** Rules may send to the queue, whichever made them. */
const fromEvents = (queue: string) =>
  JSON.stringify({
    Statement: {
      Effect: 'Allow',
      Action: 'sqs:SendMessage',
      Principal: { Service: 'events.amazonaws.com' },
      Resource: `\${aws_sqs_queue.${queue}.arn}`,
    },
  });

const redrive = (queue: string) =>
  `\${jsonencode({"deadLetterTargetArn" = aws_sqs_queue.${queue}.arn, "maxReceiveCount" = 2})}`;

const orders = (name: string) => ({
  name,
  billing_mode: 'PAY_PER_REQUEST',
  hash_key: 'customer',
  range_key: 'number',
  attribute: [
    { name: 'customer', type: 'S' },
    { name: 'number', type: 'N' },
    { name: 'state', type: 'S' },
  ],
  global_secondary_index: [
    { name: 'by-state', hash_key: 'state', range_key: 'number', projection_type: 'ALL' },
  ],
});
