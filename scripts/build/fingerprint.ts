import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

/** Folders that hold no source of ours. */
const ignored = new Set(['node_modules', 'dist', '.git']);

/** SHA-256 over names and contents of every file that `accept` takes, below the given files and folders. */
export function fingerprint(
  root: string,
  paths: readonly string[],
  accept: (path: string) => boolean,
  salt = '',
): string {
  const hash = createHash('sha256').update(salt);
  for (const path of paths.flatMap((from) => filesBelow(join(root, from))).sort()) {
    const name = relative(root, path);
    if (accept(name)) hash.update(`${name}\0`).update(readFileSync(path)).update('\0');
  }
  return hash.digest('hex');
}

function filesBelow(path: string): string[] {
  if (!existsSync(path)) return [];
  if (statSync(path).isFile()) return [path];
  return readdirSync(path)
    .filter((name) => !ignored.has(name))
    .flatMap((name) => filesBelow(join(path, name)));
}

/** Whether the last build was of these very inputs, and what it made still stands. */
export function isCurrent(stamp: string, print: string, made: string): boolean {
  return existsSync(made) && existsSync(stamp) && readFileSync(stamp, 'utf8') === print;
}

export function remember(stamp: string, print: string): void {
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, print);
}
