import type { LookupAddress, LookupAllOptions } from 'node:dns';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AddressRefused, guarded, isPublic } from './guarded-lookup.ts';

const ipv4 = (address: string): LookupAddress => ({ address, family: 4 });
const ipv6 = (address: string): LookupAddress => ({ address, family: 6 });

/** Looks a name up that resolves to this, and tells what the connection is handed. */
function lookUp(found: LookupAddress[] | Error, options: { all?: boolean; family?: number } = {}) {
  const asked: LookupAllOptions[] = [];
  const lookup = guarded((_host, how, callback) => {
    asked.push(how);
    // Node hands over no addresses beside an error, whatever its types say.
    if (found instanceof Error) callback(found, undefined as unknown as LookupAddress[]);
    else callback(null, found);
  });
  const handed: unknown[][] = [];
  lookup('receiver.example.com', options, (...answer) => handed.push(answer));
  return { asked, handed };
}

const publicAddress = fc.constantFrom(
  ipv4('93.184.216.34'),
  ipv4('8.8.8.8'),
  ipv4('172.32.0.1'),
  ipv6('2606:2800:220:1::1'),
  ipv6('2a00:1450:4001::1'),
);
const privateAddress = fc.constantFrom(
  ipv4('127.0.0.1'),
  ipv4('10.0.0.8'),
  ipv4('169.254.169.254'),
  ipv6('::1'),
  ipv6('::ffff:169.254.169.254'),
  ipv6('fd00:ec2::254'),
  ipv6('fe80::1%eth0'),
);
const publicAddresses = fc.array(publicAddress, { minLength: 1, maxLength: 6 });

describe('a guarded lookup', () => {
  test('refuses a name of which one address is not public, wherever among the others it stands', () => {
    fc.assert(
      fc.property(fc.array(publicAddress), privateAddress, fc.nat(), fc.boolean(), (others, one, at, all) => {
        const found = others.toSpliced(at % (others.length + 1), 0, one);
        expect(lookUp(found, { all }).handed).toEqual([[expect.any(AddressRefused), '', 0]]);
      }),
    );
  });

  test('hands over every address of a name whose addresses are all public, as they came', () => {
    fc.assert(
      fc.property(publicAddresses, (found) => {
        expect(lookUp(found, { all: true }).handed).toEqual([[null, found]]);
      }),
    );
  });

  test('hands over the first address where one is asked for, and judges the others all the same', () => {
    fc.assert(
      fc.property(publicAddresses, (found) => {
        const { asked, handed } = lookUp(found, { family: 4 });
        expect(asked).toEqual([{ family: 4, all: true }]);
        expect(handed).toEqual([[null, found[0]?.address, found[0]?.family]]);
      }),
    );
  });

  test('refuses a name without any address', () => {
    for (const all of [true, false])
      expect(lookUp([], { all }).handed).toEqual([[expect.any(AddressRefused), '', 0]]);
  });

  test('tells why a name could not be resolved', () => {
    const unknown = Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' });
    expect(lookUp(unknown).handed).toEqual([[unknown, '', 0]]);
  });

  test('names the host that it refuses', () => {
    const [[error] = []] = lookUp([ipv4('10.0.0.8')]).handed;
    expect(error).toMatchObject({
      message: expect.stringMatching(/^receiver\.example\.com is at an address/),
    });
  });
});

describe('a network that nobody may be called in', () => {
  // Its last address, the one after that, its first address, and the one before that.
  test.each([
    ['0.255.255.255', '1.0.0.0', '0.0.0.0', undefined],
    ['10.255.255.255', '11.0.0.0', '10.0.0.0', '9.255.255.255'],
    ['100.127.255.255', '100.128.0.0', '100.64.0.0', '100.63.255.255'],
    ['127.255.255.255', '128.0.0.0', '127.0.0.0', '126.255.255.255'],
    ['169.254.255.255', '169.255.0.0', '169.254.0.0', '169.253.255.255'],
    ['172.31.255.255', '172.32.0.0', '172.16.0.0', '172.15.255.255'],
    ['192.0.0.255', '192.0.1.0', '192.0.0.0', '191.255.255.255'],
    ['192.0.2.255', '192.0.3.0', '192.0.2.0', '192.0.1.255'],
    ['192.88.99.255', '192.88.100.0', '192.88.99.0', '192.88.98.255'],
    ['192.168.255.255', '192.169.0.0', '192.168.0.0', '192.167.255.255'],
    ['198.19.255.255', '198.20.0.0', '198.18.0.0', '198.17.255.255'],
    ['198.51.100.255', '198.51.101.0', '198.51.100.0', '198.51.99.255'],
    ['203.0.113.255', '203.0.114.0', '203.0.113.0', '203.0.112.255'],
    ['255.255.255.255', undefined, '224.0.0.0', '223.255.255.255'],
    ['2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff', '2001:200::', '2001::', '2000:ffff::'],
    ['2001:db8:ffff:ffff:ffff:ffff:ffff:ffff', '2001:db9::', '2001:db8::', '2001:db7:ffff::'],
    ['2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff', '2003::', '2002::', '2001:ffff::'],
    ['3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff', '3fff:1000::', '3fff::', '3ffe:ffff::'],
  ])('ends with %s, and not sooner or later', (last, after, first, before) => {
    for (const inside of [first, last]) expect([inside, isPublic(inside)]).toEqual([inside, false]);
    for (const outside of [before, after])
      if (outside) expect([outside, isPublic(outside)]).toEqual([outside, true]);
  });

  test('is every network of IPv6 beyond global unicast', () => {
    expect(isPublic('1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff')).toBe(false);
    expect(isPublic('2000::')).toBe(true);
    expect(isPublic('4000::')).toBe(false);
  });

  test('stays one when its IPv4 addresses are written as IPv6', () => {
    fc.assert(fc.property(fc.ipV4(), (address) => !isPublic(`::ffff:${address}`)));
  });
});
