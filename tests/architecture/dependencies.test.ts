import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { read, readPackage, repository } from './source-files.ts';

interface Locked {
  license?: string;
  dev?: boolean;
  devOptional?: boolean;
  resolved?: string;
  link?: boolean;
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

const lock = JSON.parse(read(repository, 'package-lock.json')) as { packages: Record<string, Locked> };
const locked = Object.entries(lock.packages).filter(([path]) => path !== '');
const { dependencies, devDependencies, overrides } = readPackage(repository);
const declared = { ...dependencies, ...devDependencies };

describe('the dependencies', () => {
  test('are many enough to be the real ones', () => {
    expect(locked.length).toBeGreaterThan(100);
  });

  test('that ship carry a permissive licence', () => {
    const refused = locked
      .filter(([path, { dev }]) => dev !== true && !synthesisOnly.includes(path))
      .filter(([, { license }]) => !shipped.includes(license ?? ''));
    expect(refused.map(([path, { license }]) => `${path}: ${license}`)).toEqual([]);
  });

  test('that are tools carry a licence known to be harmless there', () => {
    const refused = locked.filter(([, { license }]) => !toolsOnly.includes(license ?? ''));
    expect(refused.map(([path, { license }]) => `${path}: ${license}`)).toEqual([]);
  });

  test('are locked without the address of one registry', () => {
    expect(locked.filter(([, { resolved }]) => resolved !== undefined).map(([path]) => path)).toEqual([]);
    const npmrc = join(repository, '.npmrc');
    if (existsSync(npmrc)) expect(readFileSync(npmrc, 'utf8')).not.toMatch(/registry|https?:/);
  });

  test('are pinned to one exact version each', () => {
    const exact = /^(npm:[^@]+@)?\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/;
    const versions = [...Object.entries(declared), ...leaves(overrides)];
    expect(versions.filter(([, version]) => !exact.test(version))).toEqual([]);
  });

  test('are each explained by one line of docs/dependencies.md, and nothing else is', () => {
    const rows = read(repository, 'docs/dependencies.md').matchAll(/^\| `([^`]+)` \|/gm);
    const explained = [...rows].map(([, name]) => name);
    expect(explained.sort()).toEqual(Object.keys(declared).sort());
  });
});

function leaves(tree: Record<string, unknown>): [string, string][] {
  return Object.entries(tree).flatMap(([name, value]): [string, string][] =>
    typeof value === 'string' ? [[name, value]] : leaves(value as Record<string, unknown>),
  );
}
