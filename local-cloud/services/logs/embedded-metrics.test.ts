import { describe, expect, it } from 'vitest';
import { embeddedMetrics } from './embedded-metrics.ts';

function line(directives: unknown, fields: object): string {
  return JSON.stringify({ _aws: { Timestamp: 1_700_000_000_123, CloudWatchMetrics: directives }, ...fields });
}

const directive = {
  Namespace: 'Shop',
  Dimensions: [['Service'], ['Service', 'Region'], []],
  Metrics: [{ Name: 'Latency', Unit: 'Milliseconds' }, { Name: 'Orders' }],
};

describe('the embedded metric format', () => {
  it('gives one sample per dimension set and value', () => {
    const samples = embeddedMetrics(
      line([directive], { Service: 'cart', Region: 'north', Latency: [5, 7], Orders: 1 }),
      0,
    );
    expect(samples.map(({ name, dimensions, sum, unit }) => [name, dimensions, sum, unit])).toEqual([
      ['Latency', { Service: 'cart' }, 5, 'Milliseconds'],
      ['Latency', { Service: 'cart' }, 7, 'Milliseconds'],
      ['Latency', { Service: 'cart', Region: 'north' }, 5, 'Milliseconds'],
      ['Latency', { Service: 'cart', Region: 'north' }, 7, 'Milliseconds'],
      ['Latency', {}, 5, 'Milliseconds'],
      ['Latency', {}, 7, 'Milliseconds'],
      ['Orders', { Service: 'cart' }, 1, 'None'],
      ['Orders', { Service: 'cart', Region: 'north' }, 1, 'None'],
      ['Orders', {}, 1, 'None'],
    ]);
    expect(samples.every(({ time, namespace }) => time === 1_700_000_000_123 && namespace === 'Shop')).toBe(
      true,
    );
  });

  it('passes over a dimension set that is not in the line', () => {
    const samples = embeddedMetrics(line([directive], { Service: 'cart', Orders: 2 }), 0);
    expect(samples.map(({ dimensions }) => dimensions)).toEqual([{ Service: 'cart' }, {}]);
  });

  it('passes over values that are not numbers', () => {
    expect(
      embeddedMetrics(line([directive], { Service: 'a', Latency: 'slow', Orders: [1, null] }), 0),
    ).toEqual([]);
  });

  it('takes the time of the line where none is told', () => {
    const text = JSON.stringify({
      _aws: {
        CloudWatchMetrics: [{ Namespace: 'Shop', Metrics: [{ Name: 'Orders', StorageResolution: 1 }] }],
      },
      Orders: 3,
    });
    expect(embeddedMetrics(text, 42)).toMatchObject([
      { time: 42, sum: 3, dimensions: {}, storageResolution: 1 },
    ]);
  });

  it.each([
    'plain text',
    '{"_aws": broken',
    '"_aws"',
    '{"_aws":1}',
    line('none', {}),
    line([null, 1, {}], {}),
  ])('finds nothing in %s', (text) => {
    expect(embeddedMetrics(text, 0)).toEqual([]);
  });
});
