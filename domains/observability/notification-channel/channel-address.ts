import { invalid } from '#shared/messages/problem.ts';
import type { Channel } from './notification-channel.ts';

const loopbackHosts = ['localhost', '127.0.0.1', '[::1]'];

/** Throws a 400 problem unless both addresses are https; plain HTTP only to this machine, and only where allowed. */
export function requireAddress({ url, consoleUrl }: Channel, allowLoopback: boolean): void {
  const errors = [
    ...(isAllowed(url, allowLoopback) ? [] : [{ pointer: '#/url', detail: sentence(allowLoopback) }]),
    ...(consoleUrl === undefined || isAllowed(consoleUrl, allowLoopback)
      ? []
      : [{ pointer: '#/consoleUrl', detail: sentence(allowLoopback) }]),
  ];
  if (errors.length > 0) throw invalid('Mend the address.', errors);
}

function isAllowed(address: string, allowLoopback: boolean): boolean {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (!url || url.username || url.password) return false;
  if (url.protocol === 'https:') return true;
  return allowLoopback && url.protocol === 'http:' && loopbackHosts.includes(url.hostname);
}

const sentence = (allowLoopback: boolean) =>
  `must be an https address without user name${allowLoopback ? ', or http to localhost' : ''}`;
