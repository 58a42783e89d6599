import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CloudWatchLogsClient,
  CreateLogStreamCommand,
  FilterLogEventsCommand,
  PutLogEventsCommand,
  PutSubscriptionFilterCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { zipSync } from 'fflate';
import { afterAll, beforeAll, expect, inject, it, vi } from 'vitest';
import { type LocalCloud, startLocalCloud } from '../../../index.ts';

const watch = `import { gunzipSync } from 'node:zlib';
export const handler = async ({ awslogs }) => {
  const { logGroup, logEvents } = JSON.parse(gunzipSync(Buffer.from(awslogs.data, 'base64')));
  console.log('seen in', logGroup, logEvents.map(({ message }) => message).join());
};`;
const functionOf = (name: string) => ({
  ...{ function_name: name, filename: 'watch.zip', handler: 'index.handler', runtime: 'nodejs22.x' },
  role: '${aws_iam_role.watch.arn}',
});
const stack = {
  resource: {
    aws_cloudwatch_log_group: { orders: { name: '/shop/orders' } },
    aws_lambda_function: { watch: functionOf('watch'), other: functionOf('other') },
    aws_iam_role: {
      watch: {
        name: 'watch',
        assume_role_policy: JSON.stringify({
          Statement: {
            ...{ Effect: 'Allow', Action: 'sts:AssumeRole' },
            Principal: { Service: 'lambda.amazonaws.com' },
          },
        }),
      },
    },
    aws_iam_role_policy: {
      watch: {
        ...{ name: 'watch', role: '${aws_iam_role.watch.name}' },
        policy: JSON.stringify({ Statement: { Effect: 'Allow', Action: 'logs:*', Resource: '*' } }),
      },
    },
    aws_lambda_permission: {
      watch: {
        ...{ function_name: '${aws_lambda_function.watch.function_name}', action: 'lambda:InvokeFunction' },
        principal: 'logs.amazonaws.com',
        source_arn: '${aws_cloudwatch_log_group.orders.arn}:*',
      },
    },
    aws_cloudwatch_log_subscription_filter: {
      errors: {
        ...{ name: 'errors', log_group_name: '${aws_cloudwatch_log_group.orders.name}' },
        ...{ filter_pattern: 'ERROR', destination_arn: '${aws_lambda_function.watch.arn}' },
      },
    },
  },
};

let folder: string;
let cloud: LocalCloud;
let logs: CloudWatchLogsClient;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'subscription-'));
  const shop = join(folder, 'stacks', 'shop');
  mkdirSync(shop, { recursive: true });
  writeFileSync(join(shop, 'watch.zip'), zipSync({ 'index.mjs': Buffer.from(watch) }));
  writeFileSync(join(shop, 'cdk.tf.json'), JSON.stringify(stack));
  cloud = await startLocalCloud({
    ...{ stacksDirectory: join(folder, 'stacks'), dataDirectory: join(folder, 'data') },
    ...{ awsPort: 0, consolePort: 0, engine: inject('sharedEngine') },
  });
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  logs = new CloudWatchLogsClient({ endpoint: cloud.endpointUrl, region: 'us-east-1', credentials });
}, 60_000);

afterAll(async () => {
  logs.destroy();
  await cloud.stop();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

const place = { logGroupName: '/shop/orders', logStreamName: 'one' };

it('calls a function that the Terraform has permitted, with the lines that match', async () => {
  await logs.send(new CreateLogStreamCommand(place));
  const logEvents = ['ERROR 1', 'INFO 2', 'ERROR 3'].map((message) => ({ timestamp: Date.now(), message }));
  await logs.send(new PutLogEventsCommand({ ...place, logEvents }));
  await vi.waitFor(
    async () => {
      const seen = new FilterLogEventsCommand({
        logGroupName: '/aws/lambda/watch',
        filterPattern: '"seen in"',
      });
      const { events } = await logs.send(seen);
      expect(events?.map(({ message }) => message?.trim().split('\t').at(-1))).toEqual([
        'seen in /shop/orders ERROR 1,ERROR 3',
      ]);
    },
    { timeout: 10_000, interval: 100 },
  );
});

it('is refused for a function without permission', async () => {
  const put = new PutSubscriptionFilterCommand({
    ...{ logGroupName: place.logGroupName, filterName: 'other', filterPattern: '' },
    destinationArn: 'arn:aws:lambda:us-east-1:000000000000:function:other',
  });
  await expect(logs.send(put)).rejects.toThrow('Could not execute the lambda function.');
});
