import { tablesOf } from '#shared/read-models/rebuild/generations.ts';

/** Tables, buses and queues by the part they play; the names are what the environment names. */
export const eventStoreTable = 'kernel-events-store';
export const eventsBus = 'kernel-events';
export const errorsBus = 'kernel-errors';
/** The bucket of seals, and the table of people's keys. */
export const sealsBucket = 'kernel-seals';
export const personalKeysTable = 'kernel-personal-keys';
/** Buckets of seals that every test file finds empty. */
export const emptyBuckets = [1, 2, 3, 4].map((number) => `kernel-empty-${number}`);
/** Read-model tables that every test file finds empty. */
export const readModelTables = ['kernel-totals', 'kernel-steps', 'kernel-elsewhere'] as const;

/** Read-model tables of the model-based test, by the model. */
export const modelTables = {
  totals: 'model-totals',
  steps: 'model-steps',
  sums: 'model-sums',
  everyStream: 'model-streams',
} as const;

/** First tables of read models that have a second one, to be rebuilt into. */
export const rebuiltTables = [
  'kernel-rebuilt-totals',
  'kernel-rebuilt-steps',
  'kernel-rebuilt-sums',
] as const;

const readModelTable = (name: string) => ({
  name,
  billing_mode: 'PAY_PER_REQUEST',
  hash_key: 'k',
  attribute: ['k', 'l', 'o'].map((attribute) => ({ name: attribute, type: 'S' })),
  global_secondary_index: [{ name: 'lists', hash_key: 'l', range_key: 'o', projection_type: 'ALL' }],
});

const byName = <Value>(names: readonly string[], value: (name: string) => Value) =>
  Object.fromEntries(names.map((name) => [name, value(name)]));
const buses = [eventsBus, errorsBus];

/** What the kernel needs of AWS, as Terraform. */
export const kernelStack = {
  resource: {
    aws_dynamodb_table: {
      [eventStoreTable]: {
        name: eventStoreTable,
        billing_mode: 'PAY_PER_REQUEST',
        hash_key: 's',
        range_key: 'c',
        attribute: [
          { name: 's', type: 'S' },
          { name: 'c', type: 'N' },
        ],
        stream_enabled: true,
        stream_view_type: 'NEW_IMAGE',
      },
      [personalKeysTable]: {
        name: personalKeysTable,
        billing_mode: 'PAY_PER_REQUEST',
        hash_key: 'p',
        attribute: [{ name: 'p', type: 'S' }],
      },
      ...byName(
        [...readModelTables, ...Object.values(modelTables), ...rebuiltTables.flatMap(tablesOf)],
        readModelTable,
      ),
    },
    aws_s3_bucket: byName([sealsBucket, ...emptyBuckets], (bucket) => ({
      bucket,
      object_lock_enabled: true,
    })),
    aws_cloudwatch_event_bus: byName(buses, (name) => ({ name })),
    aws_sqs_queue: byName(buses, (name) => ({ name })),
    aws_sqs_queue_policy: byName(buses, (name) => ({
      queue_url: `\${aws_sqs_queue.${name}.url}`,
      policy: JSON.stringify({
        Statement: {
          Effect: 'Allow',
          Action: 'sqs:SendMessage',
          Principal: { Service: 'events.amazonaws.com' },
          Resource: `\${aws_sqs_queue.${name}.arn}`,
        },
      }),
    })),
    aws_cloudwatch_event_rule: byName(buses, (name) => ({
      name: 'everything',
      event_bus_name: `\${aws_cloudwatch_event_bus.${name}.name}`,
      event_pattern: JSON.stringify({ source: [{ prefix: '' }] }),
    })),
    aws_cloudwatch_event_target: byName(buses, (name) => ({
      rule: `\${aws_cloudwatch_event_rule.${name}.name}`,
      event_bus_name: `\${aws_cloudwatch_event_bus.${name}.name}`,
      arn: `\${aws_sqs_queue.${name}.arn}`,
    })),
  },
  output: byName(buses, (name) => ({ value: `\${aws_sqs_queue.${name}.url}` })),
};
