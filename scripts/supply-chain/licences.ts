import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What the lock file says of one installed package. */
export interface LockedPackage {
  readonly license?: string;
  readonly dev?: boolean;
  readonly resolved?: string;
}

/** May ship to users: in a Lambda bundle, in the console, or in what synthesizes the infrastructure. */
const shipped = [
  'MIT',
  'MIT-0',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  '0BSD',
  'ISC',
  'BlueOak-1.0.0',
  'Public Domain',
];

/** Tools only: they run on our machines and never reach a user. */
const toolsOnly = [...shipped, 'MPL-2.0', 'CC0-1.0', 'MIT OR Apache-2.0'];

/** Run while synthesizing and are in no bundle, so MPL-2.0's file-level terms reach nothing that ships. */
const synthesisOnly = ['node_modules/cdktf', 'node_modules/@cdktf/provider-aws'];

/** Every package of a lock file, by its path. */
export function lockedPackages(root: string): [path: string, locked: LockedPackage][] {
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, LockedPackage>;
  };
  return Object.entries(lock.packages).filter(([path]) => path !== '');
}

/** Packages whose licence does not allow what we do with them, as `<path>: <licence>`. */
export function refusedLicences(packages: readonly [string, LockedPackage][]): string[] {
  return packages
    .filter(([path, { dev, license }]) => {
      const allowed = dev === true || synthesisOnly.includes(path) ? toolsOnly : shipped;
      return !allowed.includes(license ?? '');
    })
    .map(([path, { license }]) => `${path}: ${license ?? 'no licence'}`);
}
