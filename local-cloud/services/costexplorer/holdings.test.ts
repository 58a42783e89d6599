import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Holding, Service } from '../../core/service.ts';
import { createTestCloud, type TestCloud } from '../../core/testing.ts';
import { createHoldingsMeter } from './holdings.ts';

const minutes = (count: number) => count * 60_000;
const holding: Holding = {
  service: 'Amazon Simple Storage Service',
  usageType: 'TimedStorage-ByteHrs',
  operation: 'StandardStorage',
  resource: 'arn:aws:s3:::files',
  amount: 744,
};
const service = (holdings: () => Promise<Holding[]>): Service => ({
  signingNames: [],
  resources: {},
  holdings,
});
const counted = () => cloud.recorded.usage.reduce((sum, { quantity }) => sum + quantity, 0);

let cloud: TestCloud;

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse('2026-01-10T10:00:00Z') });
  cloud = createTestCloud();
});
afterEach(() => {
  vi.useRealTimers();
  cloud.remove();
});

describe('what stands', () => {
  it('is counted for the time that the cloud runs, to its end', async () => {
    const meter = createHoldingsMeter(cloud);
    meter.begin([service(async () => [holding])]);
    await vi.advanceTimersByTimeAsync(minutes(58));
    await meter.end();
    // 744 gigabytes in a month of 744 hours are one gigabyte-month an hour.
    expect(counted()).toBeCloseTo(58 / 60, 9);
    await vi.advanceTimersByTimeAsync(minutes(10));
    expect(counted()).toBeCloseTo(58 / 60, 9);
  });

  it('is not paid for while the machine sleeps', async () => {
    const meter = createHoldingsMeter(cloud);
    meter.begin([service(async () => [holding])]);
    vi.setSystemTime(Date.parse('2026-01-11T10:00:00Z'));
    await meter.end();
    expect(counted()).toBeCloseTo(10 / 60, 9);
  });

  it('that cannot be counted is told, and counted again next time', async () => {
    let fails = true;
    const meter = createHoldingsMeter(cloud);
    meter.begin([
      service(async () => {
        if (fails) throw new Error('away');
        return [holding];
      }),
    ]);
    await vi.advanceTimersByTimeAsync(minutes(5));
    expect(cloud.recorded.log).toMatchObject([{ level: 'error', fields: { reason: 'Error: away' } }]);
    fails = false;
    await vi.advanceTimersByTimeAsync(minutes(5));
    expect(counted()).toBeCloseTo(10 / 60, 9);
    await meter.end();
  });

  it('of a cloud that never started is nothing', async () => {
    await createHoldingsMeter(cloud).end();
    expect(counted()).toBe(0);
  });
});
