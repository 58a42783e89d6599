import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The root of the repository. */
export const repository = join(import.meta.dirname, '..', '..');

/**
 * Every file below `root` that git knows or would add, as paths from `root` with forward slashes. Files deleted in the
 * working tree but not yet in git are left out.
 */
export function listFiles(root: string): string[] {
  const list = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];
  const output = execFileSync('git', list, { cwd: root, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  const files = output.split('\0').filter((file) => file !== '' && existsSync(join(root, file)));
  return [...new Set(files)].sort();
}

/** The files of `listFiles` that hold TypeScript or JavaScript. */
export function listCode(root: string): string[] {
  return listFiles(root).filter((file) => /\.(ts|tsx|mts|mjs|js)$/.test(file));
}

export function read(root: string, file: string): string {
  return readFileSync(join(root, file), 'utf8');
}

/** package.json as far as the tests look at it. */
export interface Package {
  imports: Record<string, string>;
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
  overrides: Record<string, unknown>;
}

export function readPackage(root: string): Package {
  return JSON.parse(read(root, 'package.json')) as Package;
}
