import { copyFile, link, mkdir, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/**
 * The same files under another folder, without their bytes being copied where the file system can do so. Only for files
 * that are replaced and never written again: both folders hold the same ones.
 */
export async function linkTree(from: string, to: string): Promise<void> {
  for (const entry of await entriesOf(from)) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) await linkTree(source, target);
    else {
      await mkdir(to, { recursive: true });
      // Another disk, or a file system without links.
      await link(source, target).catch(() => copyFile(source, target));
    }
  }
}

/** A copy of one file in a folder that may not be there yet; nothing where there is no such file. */
export async function copyWhereThere(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  await copyFile(from, to).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
}

async function entriesOf(folder: string) {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
