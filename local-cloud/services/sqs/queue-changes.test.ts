import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { AwsRequest, Service } from '../../core/service.ts';
import { createTestCloud, type TestCloud, testResource } from '../../core/testing.ts';
import { createSqs } from './index.ts';

const url = (name: string) => `http://127.0.0.1:4566/000000000000/${name}`;

let cloud: TestCloud;
let sqs: Service;

beforeEach(async () => {
  cloud = createTestCloud();
  sqs = await createSqs(cloud);
});

afterEach(async () => {
  await sqs.stop?.();
  cloud.remove();
});

async function reopen(): Promise<void> {
  await sqs.stop?.();
  sqs = await createSqs(cloud);
}

async function call(operation: string, input: Record<string, unknown>): Promise<Record<string, unknown>> {
  const run = sqs.operations?.[operation];
  if (!run) throw new Error(`SQS has no ${operation}.`);
  return { ...(await run(input, { headers: {} } as AwsRequest)) };
}

const applyTerraform = (desired: Record<string, unknown>) =>
  sqs.resources['aws_sqs_queue']?.apply(testResource('aws_sqs_queue', 'one', desired), undefined);

const attribute = async (queue: string, name: string) =>
  (await call('GetQueueAttributes', { QueueUrl: url(queue), AttributeNames: [name] }))['Attributes'];

describe('a queue that a client made', () => {
  test('outlasts a restart with its settings, tags and messages', async () => {
    await call('CreateQueue', { QueueName: 'own', Attributes: { VisibilityTimeout: '5' }, tags: { a: '1' } });
    await call('SetQueueAttributes', {
      QueueUrl: url('own'),
      Attributes: { DelaySeconds: '0', Policy: '{}' },
    });
    await call('TagQueue', { QueueUrl: url('own'), Tags: { b: '2' } });
    await call('UntagQueue', { QueueUrl: url('own'), TagKeys: ['a'] });
    await call('SendMessage', { QueueUrl: url('own'), MessageBody: 'kept' });
    await reopen();
    expect(await attribute('own', 'VisibilityTimeout')).toEqual({ VisibilityTimeout: '5' });
    expect(await attribute('own', 'Policy')).toEqual({ Policy: '{}' });
    expect(await call('ListQueueTags', { QueueUrl: url('own') })).toEqual({ Tags: { b: '2' } });
    expect(await call('ReceiveMessage', { QueueUrl: url('own') })).toMatchObject({
      Messages: [{ Body: 'kept' }],
    });
  });

  test('is gone for good once deleted', async () => {
    await call('CreateQueue', { QueueName: 'own' });
    await call('SendMessage', { QueueUrl: url('own'), MessageBody: 'lost' });
    await call('DeleteQueue', { QueueUrl: url('own') });
    await reopen();
    await expect(attribute('own', 'All')).rejects.toMatchObject({ code: 'QueueDoesNotExist' });
  });

  test('is made once, however often it is asked for alike', async () => {
    const wanted = { QueueName: 'own', Attributes: { VisibilityTimeout: '5' } };
    const { QueueUrl } = await call('CreateQueue', wanted);
    expect(await call('CreateQueue', wanted)).toEqual({ QueueUrl });
    expect(await call('CreateQueue', { QueueName: 'own' })).toEqual({ QueueUrl });
    const other = call('CreateQueue', { QueueName: 'own', Attributes: { VisibilityTimeout: '6' } });
    await expect(other).rejects.toMatchObject({ code: 'QueueNameExists' });
  });

  test('becomes the Terraform’s when that names it', async () => {
    await call('CreateQueue', { QueueName: 'own', Attributes: { VisibilityTimeout: '5' } });
    await reopen();
    await applyTerraform({ name: 'own', visibility_timeout_seconds: 60, tags: { team: 'a' } });
    expect(await attribute('own', 'VisibilityTimeout')).toEqual({ VisibilityTimeout: '60' });
    expect(await call('ListQueueTags', { QueueUrl: url('own') })).toEqual({ Tags: { team: 'a' } });
    await reopen();
    expect(await call('ListQueues', {})).toEqual({ QueueUrls: [] });
  });
});

test.each([
  [{ VisibilityTimeout: '43201' }, 'InvalidAttributeValue'],
  [{ DelaySeconds: 'soon' }, 'InvalidAttributeValue'],
  [{ RedrivePolicy: 'no json' }, 'InvalidAttributeValue'],
  [{ Colour: 'red' }, 'InvalidAttributeName'],
  [{ FifoQueue: 'true' }, 'NotImplemented'],
  [{ KmsMasterKeyId: 'k' }, 'NotImplemented'],
])('no queue is made with %j', async (Attributes, code) => {
  await expect(call('CreateQueue', { QueueName: 'own', Attributes })).rejects.toMatchObject({ code });
});
