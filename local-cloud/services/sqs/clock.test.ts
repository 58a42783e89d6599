import { afterEach, expect, test } from 'vitest';
import { MovableClock } from '../../core/clock.ts';
import type { AwsRequest, Service } from '../../core/service.ts';
import { createTestCloud, type TestCloud, testResource } from '../../core/testing.ts';
import { createSqs } from './index.ts';

let cloud: TestCloud;
let sqs: Service;

afterEach(async () => {
  await sqs.stop?.();
  cloud.remove();
});

async function openQueue(desired: Record<string, unknown>) {
  const clock = new MovableClock();
  cloud = createTestCloud({ clock });
  sqs = await createSqs(cloud);
  await sqs.resources['aws_sqs_queue']?.apply(
    testResource('aws_sqs_queue', 'jobs', { name: 'jobs', ...desired }),
    undefined,
  );
  const call = async (operation: string, input: object = {}) =>
    (await sqs.operations?.[operation]?.({ QueueUrl: 'jobs', ...input }, {
      headers: {},
    } as AwsRequest)) as Record<string, unknown>;
  const receive = async (wait = 0) =>
    ((await call('ReceiveMessage', { WaitTimeSeconds: wait }))['Messages'] ?? []) as { Body: string }[];
  return { clock, call, receive };
}

test('a delayed message is there when the clock is moved to its time, for a receiver that waits', async () => {
  const { clock, call, receive } = await openQueue({ delay_seconds: 900 });
  await call('SendMessage', { MessageBody: 'later' });
  expect(await receive()).toEqual([]);
  const waiting = receive(20);
  await clock.advance(900_000);
  expect((await waiting).map(({ Body }) => Body)).toEqual(['later']);
});

test('a message that was not deleted comes again once its visibility timeout is over, and goes when it was kept too long', async () => {
  const { clock, call, receive } = await openQueue({
    visibility_timeout_seconds: 3_600,
    message_retention_seconds: 86_400,
  });
  await call('SendMessage', { MessageBody: 'again' });
  expect(await receive()).toHaveLength(1);
  expect(await receive()).toEqual([]);
  await clock.advance(3_600_000);
  expect(await receive()).toHaveLength(1);
  await clock.advance(86_400_000);
  expect(await receive()).toEqual([]);
});
