import { type LookupAddress, type LookupAllOptions, lookup } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';

/** Networks that are nobody's public address: this machine, private networks, link-local with AWS's metadata, and more. */
const refusedNetworks: readonly [network: string, bits: number, family: 'ipv4' | 'ipv6'][] = [
  ['0.0.0.0', 8, 'ipv4'],
  ['10.0.0.0', 8, 'ipv4'],
  ['100.64.0.0', 10, 'ipv4'],
  ['127.0.0.0', 8, 'ipv4'],
  ['169.254.0.0', 16, 'ipv4'],
  ['172.16.0.0', 12, 'ipv4'],
  ['192.0.0.0', 24, 'ipv4'],
  ['192.0.2.0', 24, 'ipv4'],
  ['192.88.99.0', 24, 'ipv4'],
  ['192.168.0.0', 16, 'ipv4'],
  ['198.18.0.0', 15, 'ipv4'],
  ['198.51.100.0', 24, 'ipv4'],
  ['203.0.113.0', 24, 'ipv4'],
  ['224.0.0.0', 3, 'ipv4'],
];

/** Of IPv6 only global unicast is public; of that, the ways to write an IPv4 address, and documentation, are not. */
const publicIpv6: readonly [string, number] = ['2000::', 3];
const refusedIpv6: readonly [string, number][] = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
];

const refused = new BlockList();
for (const [network, bits, family] of refusedNetworks) refused.addSubnet(network, bits, family);
for (const [network, bits] of refusedIpv6) refused.addSubnet(network, bits, 'ipv6');
const global = new BlockList();
global.addSubnet(...publicIpv6, 'ipv6');

/** Whether anybody on the internet may have this address. */
export function isPublic(address: string): boolean {
  const family = isIP(address);
  if (family === 4) return !refused.check(address, 'ipv4');
  return family === 6 && global.check(address, 'ipv6') && !refused.check(address, 'ipv6');
}

/** Thrown instead of connecting. */
export class AddressRefused extends Error {
  constructor(host: string) {
    super(`${host} is at an address that is not public; webhooks go to public addresses only.`);
    this.name = 'AddressRefused';
  }
}

/** How Node tells every address of a name. */
type Resolve = (
  host: string,
  options: LookupAllOptions,
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/**
 * Resolves a name by `resolve`, but refuses it when any of its addresses is not public, or when it has none. To be used
 * by the very connection that is opened, so that a name cannot mean one address when it is judged and another when it
 * is called.
 */
export function guarded(resolve: Resolve): LookupFunction {
  return (host, options, callback) => {
    resolve(host, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, '', 0);
      const [first] = addresses;
      if (!first || !addresses.every(({ address }) => isPublic(address)))
        return callback(new AddressRefused(host), '', 0);
      if (options.all) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
  };
}

/** The lookup of Node itself, guarded. */
export const guardedLookup = guarded(lookup);
