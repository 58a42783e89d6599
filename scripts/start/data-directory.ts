import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

/** Marks a folder as ours, so that `--fresh` never empties somebody's documents. */
const marker = '.skafu-data';

/**
 * Makes the data folder ready; empties it first if asked. Throws with one sentence when it is not a folder of ours or
 * cannot be written.
 */
export function prepareDataDirectory(directory: string, fresh: boolean): void {
  if (existsSync(directory) && !statSync(directory).isDirectory()) {
    throw new Error(`${directory} is a file; name a folder with --data-dir.`);
  }
  const foreign =
    existsSync(directory) && !existsSync(join(directory, marker)) && readdirSync(directory).length > 0;
  if (foreign) {
    throw new Error(
      `${directory} holds files that are not Skafu's; name an empty or new folder with --data-dir.`,
    );
  }
  if (fresh) rmSync(directory, { recursive: true, force: true });
  try {
    mkdirSync(directory, { recursive: true });
    accessSync(directory, constants.W_OK);
    writeFileSync(join(directory, marker), '');
  } catch {
    throw new Error(`${directory} cannot be written; mend its permissions or name another with --data-dir.`);
  }
}
