import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createTestCloud, type TestCloud } from '../../core/testing.ts';
import { Archives } from './archives.ts';
import { createRuleDeliveries } from './deliveries.ts';
import { RecentEvents } from './recent-events.ts';
import { createRegistry } from './registry.ts';
import { createRouter } from './router.ts';
import { compileRule } from './rule-settings.ts';
import { createScheduler } from './scheduler.ts';

let cloud: TestCloud;
const deliver = vi.fn<(arn: string, payload: unknown) => Promise<void>>();

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse('2026-11-21T07:30:10Z') });
  deliver.mockReset().mockResolvedValue();
  cloud = createTestCloud({ ports: { targets: { deliver } } });
});

afterEach(() => {
  vi.useRealTimers();
  cloud.remove();
});

function open() {
  const state = cloud.state.namespace('eventbridge');
  const registry = createRegistry(cloud);
  const router = createRouter(
    cloud,
    registry,
    createRuleDeliveries(cloud, state),
    new RecentEvents(),
    new Archives(state),
  );
  registry.putRule(
    compileRule({ name: 'tick', busName: 'default', enabled: true, scheduleExpression: 'rate(1 minute)' }),
  );
  registry.putTarget('default', 'tick', {
    id: 't',
    arn: 'arn:aws:lambda:us-east-1:000000000000:function:f',
    maximumRetryAttempts: 0,
    maximumEventAgeInSeconds: 60,
  });
  return createScheduler(cloud, state, registry, router);
}

test('a rate fires again and again with a scheduled event', async () => {
  const scheduler = open();
  await scheduler.start();
  await vi.advanceTimersByTimeAsync(59_000);
  expect(deliver).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(61_500);
  expect(deliver).toHaveBeenCalledTimes(2);
  expect(deliver.mock.calls[0]?.[1]).toMatchObject({
    'detail-type': 'Scheduled Event',
    source: 'aws.events',
    time: '2026-11-21T07:31:10Z',
    resources: ['arn:aws:events:us-east-1:000000000000:rule/tick'],
    detail: {},
  });
  await scheduler.stop();
});

test('a restart neither repeats a firing nor shifts the rhythm', async () => {
  const first = open();
  await first.start();
  await vi.advanceTimersByTimeAsync(60_000);
  await first.stop();
  const second = open();
  await second.start();
  await vi.advanceTimersByTimeAsync(20_000);
  expect(deliver).toHaveBeenCalledTimes(1);
  await vi.advanceTimersByTimeAsync(40_000);
  expect(deliver).toHaveBeenCalledTimes(2);
  await second.stop();
});
