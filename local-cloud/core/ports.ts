import type { Ports } from './cloud.ts';

/**
 * Ports that no service has set yet. Reading one before its owner has set it throws and names it, so a service that
 * reaches for another one too early fails at its own line and not somewhere inside.
 */
export function createPorts(): Ports {
  return new Proxy({} as Ports, {
    get(target, name) {
      const port: unknown = Reflect.get(target, name);
      if (port === undefined && typeof name === 'string') {
        throw new Error(`No service of the local cloud has set the port "${name}" yet.`);
      }
      return port;
    },
  });
}
