import { expect, test } from 'vitest';
import { lockedPackages, refusedLicences } from './licences.ts';

test('every locked package has a licence that allows what we do with it', () => {
  const packages = lockedPackages(process.cwd());
  expect(packages.length).toBeGreaterThan(100);
  expect(refusedLicences(packages)).toEqual([]);
});

test('what ships must be permissive; a tool may be MPL-2.0 too', () => {
  expect(
    refusedLicences([
      ['node_modules/a', { license: 'MIT' }],
      ['node_modules/b', { license: 'MPL-2.0' }],
      ['node_modules/c', { license: 'MPL-2.0', dev: true }],
      ['node_modules/d', { license: 'GPL-3.0-only', dev: true }],
      ['node_modules/e', { dev: true }],
    ]),
  ).toEqual(['node_modules/b: MPL-2.0', 'node_modules/d: GPL-3.0-only', 'node_modules/e: no licence']);
});
