import { existsSync, readdirSync } from 'node:fs';
import { cp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { linkTree } from './files.ts';

/** Folders whose files are replaced and never written again, so that two worlds may hold the same ones. */
const shared = ['functions', 's3'];

/**
 * Makes the snapshot `from` the beginning of a world in `dataDirectory`; the snapshot stays as it is. Does nothing where
 * that world has begun already. Throws when there is no such snapshot.
 */
export async function forkWorld(from: string, dataDirectory: string): Promise<void> {
  if (existsSync(dataDirectory) && readdirSync(dataDirectory).length > 0) return;
  if (!existsSync(join(from, 'state'))) throw new Error(`${from} holds no snapshot of a local cloud.`);
  const partial = `${dataDirectory}.partial`;
  await rm(partial, { recursive: true, force: true });
  await cp(from, partial, {
    recursive: true,
    filter: (path) => !shared.some((name) => path === join(from, name)),
  });
  for (const name of shared) await linkTree(join(from, name), join(partial, name));
  await rm(dataDirectory, { recursive: true, force: true });
  await rename(partial, dataDirectory);
}
