import { describe, expect, test } from 'vitest';
import { exampleOutputs, exampleValue } from './example-values.ts';
import type { StackConfiguration } from './stacks.ts';

describe('an example value', () => {
  test.each([
    ['aws_sqs_queue', 'arn', 'arn:aws:sqs:us-east-1:000000000000:orders'],
    ['aws_s3_bucket', 'arn', 'arn:aws:s3:::orders'],
    ['aws_iam_role', 'arn', 'arn:aws:iam::000000000000:role/orders'],
    ['aws_sns_topic', 'id', 'arn:aws:sns:us-east-1:000000000000:orders'],
    ['aws_cognito_user_pool', 'id', 'us-east-1_Example'],
    ['aws_sqs_queue', 'url', 'https://sqs.us-east-1.amazonaws.com/000000000000/orders'],
    ['aws_dynamodb_table', 'id', 'orders'],
    ['aws_firehose_stream', 'arn', 'arn:aws:firehose:us-east-1:000000000000:orders'],
  ])('of %s.%s has the form that AWS gives it', (type, attribute, expected) => {
    expect(exampleValue(type, attribute, 'orders')).toBe(expected);
  });
});

test('outputs are filled with what the configuration says, and with examples for what only AWS knows', () => {
  const configuration: StackConfiguration = {
    terraform: {},
    resource: {
      aws_sqs_queue: { failed: { name: 'skafu-dev-failed', visibility_timeout_seconds: 30 } },
      aws_s3_bucket: { console: { bucket: `skafu-${'$'}{data.aws_caller_identity.me.account_id}` } },
    },
    data: { aws_caller_identity: { me: {} } },
    output: {
      arn: { value: '${aws_sqs_queue.failed.arn}' },
      name: { value: '${aws_sqs_queue.failed.name}' },
      timeout: { value: '${aws_sqs_queue.failed.visibility_timeout_seconds}' },
      bucket: { value: '${aws_s3_bucket.console.bucket}' },
      pattern: { value: '${aws_sqs_queue.failed.arn}/*' },
      account: { value: '${data.aws_caller_identity.me.account_id}' },
      list: { value: ['${aws_sqs_queue.failed.id}', { plain: true }] },
      computed: { value: '${join("-", ["a"])}' },
    },
  };
  expect(exampleOutputs(configuration)).toEqual({
    arn: 'arn:aws:sqs:us-east-1:000000000000:skafu-dev-failed',
    name: 'skafu-dev-failed',
    timeout: 30,
    bucket: 'skafu-example-console',
    pattern: 'arn:aws:sqs:us-east-1:000000000000:skafu-dev-failed/*',
    account: '000000000000',
    list: ['https://sqs.us-east-1.amazonaws.com/000000000000/skafu-dev-failed', { plain: true }],
    computed: 'example',
  });
});
