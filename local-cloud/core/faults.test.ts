import { describe, expect, test, vi } from 'vitest';
import { type FaultRule, Faults } from './faults.ts';

const table = 'arn:aws:dynamodb:us-east-1:000000000000:table/orders';
const forever = Number.POSITIVE_INFINITY;
const rule = (given: Partial<FaultRule> = {}): FaultRule => ({
  ...{ kind: 'throttle', action: 'dynamodb:*', resource: '*', share: 1, milliseconds: 0, until: forever },
  ...given,
});

/** Which of so many calls were struck, as `x` and `.`. */
async function pattern(faults: Faults, calls: number): Promise<string> {
  let text = '';
  for (let call = 0; call < calls; call++)
    text += await faults.strike('dynamodb:PutItem', table).then(
      () => '.',
      () => 'x',
    );
  return text;
}

describe('faults', () => {
  test('strike the calls that their patterns name, with the error of the service', async () => {
    const faults = new Faults();
    faults.add(rule({ action: 'dynamodb:Put*', resource: '*table/orders' }));
    await expect(faults.strike('dynamodb:PutItem', table)).rejects.toMatchObject({
      name: 'ProvisionedThroughputExceededException',
      status: 400,
    });
    await faults.strike('dynamodb:GetItem', table);
    await faults.strike('dynamodb:PutItem', `${table}-archive`);
  });

  test.each([
    ['lambda:InvokeFunction', 'throttle', 'TooManyRequestsException'],
    ['s3:GetObject', 'throttle', 'SlowDown'],
    ['events:PutEvents', 'throttle', 'ThrottlingException'],
    ['dynamodb:Query', 'error', 'InternalServerError'],
    ['sqs:SendMessage', 'error', 'InternalFailure'],
  ] as const)('of %s by %s are %s', async (action, kind, name) => {
    const faults = new Faults();
    faults.add(rule({ kind, action }));
    await expect(faults.strike(action, '*')).rejects.toMatchObject({ name });
  });

  test('strike their share of the calls, the same ones again with the same seed', async () => {
    const faults = new Faults();
    faults.add(rule({ share: 0.3 }));
    faults.reseed(7);
    const first = await pattern(faults, 1_000);
    faults.reseed(7);
    expect(await pattern(faults, 1_000)).toBe(first);
    faults.reseed(8);
    expect(await pattern(faults, 1_000)).not.toBe(first);
    const struck = [...first].filter((each) => each === 'x').length;
    expect(struck).toBeGreaterThan(240);
    expect(struck).toBeLessThan(360);
    expect(faults.all()).toMatchObject([{ asked: 3_000, share: 0.3 }]);
  });

  test('delay what they do not refuse', async () => {
    vi.useFakeTimers();
    try {
      const faults = new Faults();
      faults.add(rule({ kind: 'latency', milliseconds: 800 }));
      let done = false;
      const call = faults.strike('dynamodb:Query', table).then(() => {
        done = true;
      });
      await vi.advanceTimersByTimeAsync(799);
      expect(done).toBe(false);
      await vi.advanceTimersByTimeAsync(1);
      await call;
    } finally {
      vi.useRealTimers();
    }
  });

  test('end at their time, when they are removed, and all at once', async () => {
    const faults = new Faults();
    faults.add(rule({ until: Date.now() }));
    expect(faults.all()).toEqual([]);
    const id = faults.add(rule());
    expect(faults.remove(id)).toBe(true);
    expect(faults.remove(id)).toBe(false);
    faults.add(rule());
    faults.clear();
    await faults.strike('dynamodb:Query', table);
  });

  test('befall a call only where their kind can', () => {
    const faults = new Faults();
    faults.add(rule({ kind: 'duplicate', action: 'events:Deliver' }));
    expect(faults.strikes('events:Deliver', 'any', ['duplicate', 'drop'])).toMatchObject([
      { kind: 'duplicate' },
    ]);
    expect(faults.strikes('events:Deliver', 'any', ['throttle', 'error'])).toEqual([]);
  });
});
