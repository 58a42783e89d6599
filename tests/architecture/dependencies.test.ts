import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { lockedPackages } from '#scripts/supply-chain/licences.ts';
import { read, readPackage, repository } from './source-files.ts';

const locked = lockedPackages(repository);
const { dependencies, devDependencies, overrides } = readPackage(repository);
const declared = { ...dependencies, ...devDependencies };

describe('the dependencies', () => {
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
