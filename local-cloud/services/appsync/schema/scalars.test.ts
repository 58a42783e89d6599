import { describe, expect, it } from 'vitest';
import { awsScalars } from './scalars.ts';

const good: [scalar: string, value: unknown][] = [
  ['AWSDate', '2026-11-27'],
  ['AWSDate', '2026-11-27+01:00'],
  ['AWSTime', '12:30'],
  ['AWSTime', '12:30:24.500Z'],
  ['AWSDateTime', '2026-11-27T12:30:24Z'],
  ['AWSDateTime', '2026-11-27T12:30:24.123456789+05:30'],
  ['AWSTimestamp', 1_764_238_500],
  ['AWSTimestamp', -1],
  ['AWSEmail', 'ada@example.com'],
  ['AWSURL', 'https://example.com/a?b=c'],
  ['AWSURL', 'mailto:ada@example.com'],
  ['AWSPhone', '+44 20 7946 0958'],
  ['AWSPhone', '555-0123'],
  ['AWSIPAddress', '192.168.0.1'],
  ['AWSIPAddress', '10.0.0.0/8'],
  ['AWSIPAddress', '2001:db8::/32'],
];
const bad: [scalar: string, value: unknown][] = [
  ['AWSDate', '2026-02-30'],
  ['AWSDate', '27.11.2026'],
  ['AWSTime', '25:00'],
  ['AWSDateTime', '2026-11-27'],
  ['AWSDateTime', '2026-11-27T12:30:24'],
  ['AWSDateTime', '2026-11-31T12:30:24Z'],
  ['AWSTimestamp', 1.5],
  ['AWSTimestamp', '1764238500'],
  ['AWSEmail', 'ada'],
  ['AWSEmail', 'ada@example'],
  ['AWSURL', 'example.com'],
  ['AWSPhone', 'call me'],
  ['AWSIPAddress', '192.168.0.256'],
  ['AWSIPAddress', '10.0.0.0/33'],
  ['AWSIPAddress', '10.0.0.0/8/8'],
];

describe('a scalar of AppSync', () => {
  it.each(good)('%s takes %j', (name, value) => {
    expect(awsScalars.get(name)?.parseValue(value)).toBe(value);
    expect(awsScalars.get(name)?.serialize(value)).toBe(value);
  });

  it.each(bad)('%s does not take %j', (name, value) => {
    expect(() => awsScalars.get(name)?.parseValue(value)).toThrow(`as a valid ${name}`);
  });

  it('of JSON is a text outside and what it holds inside', () => {
    const json = awsScalars.get('AWSJSON');
    expect(json?.parseValue('{"a":[1,null]}')).toEqual({ a: [1, null] });
    expect(json?.serialize({ a: [1, null] })).toBe('{"a":[1,null]}');
    expect(json?.serialize('{"a":1}')).toBe('{"a":1}');
    expect(() => json?.parseValue('{')).toThrow('AWSJSON');
    expect(() => json?.parseValue({})).toThrow('AWSJSON');
    expect(() => json?.serialize('no JSON')).toThrow('AWSJSON');
  });
});
