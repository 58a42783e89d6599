import { describe, expect, test } from 'vitest';
import { aggregate, fold } from '../definition/aggregate.ts';
import { readModel } from '../definition/read-model.ts';
import type { Envelope } from './envelope.ts';
import { event } from './event.ts';
import { integer, text } from './schema.ts';
import { EventTooNew, upcasterOf } from './upcast.ts';

const PriceSet = event('PriceSet', { cents: integer(), currency: text(3) }, [
  ({ euros }) => ({ cents: Number(euros) * 100 }),
  (data) => ({ ...data, currency: 'EUR' }),
]);
const Renamed = event('Renamed', { name: text(10) });

const recorded = (schemaVersion: number, data: unknown) => ({ type: 'PriceSet', schemaVersion, data });
const upcast = upcasterOf([PriceSet, Renamed]);

describe('an event recorded with an older schema', () => {
  test('has one version more than its definition has steps', () => {
    expect([PriceSet.schemaVersion, Renamed.schemaVersion]).toEqual([3, 1]);
  });

  test.each([
    [1, { euros: 7 }],
    [2, { cents: 700 }],
    [3, { cents: 700, currency: 'EUR' }],
  ])('is read from version %i as the newest', (schemaVersion, data) => {
    expect(upcast(recorded(schemaVersion, data))).toEqual(recorded(3, { cents: 700, currency: 'EUR' }));
  });

  test('is refused by code that is older than itself', () => {
    expect(() => upcast(recorded(4, {}))).toThrow(EventTooNew);
  });

  test('stays as it is when it came without its data, or is of a type nobody defined', () => {
    expect(upcast(recorded(1, undefined))).toEqual(recorded(1, undefined));
    expect(upcast({ type: 'Unknown', schemaVersion: 9, data: 1 })).toEqual({
      type: 'Unknown',
      schemaVersion: 9,
      data: 1,
    });
  });

  test('reaches state and rows in its newest shape', () => {
    const product = aggregate<number, ReturnType<typeof PriceSet>>('shop/product', {
      events: [PriceSet],
      initial: 0,
      evolve: (_, { data }) => data.cents,
    });
    expect(fold(product, [recorded(1, { euros: 3 })])).toBe(300);

    const prices = readModel({
      follows: product,
      key: ({ data }) => data.currency,
      listed: () => ({ list: 'all', order: '' }),
      project: { PriceSet: (_, { data }) => data },
    });
    const envelope = { ...recorded(1, { euros: 3 }), stream: { type: 'product', id: 'p1' } } as Envelope;
    expect(prices.key?.(envelope)).toBe('EUR');
    expect(prices.project(undefined, envelope)).toEqual({ cents: 300, currency: 'EUR' });
  });
});
