import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeDurably } from './durable-file.ts';
import { createSealing } from './sealing.ts';

/** Keeps values on disk in a form that says nothing without the installation's key. */
export interface SecretsAtRest {
  /** `owner` names what the value belongs to: sealed for one, it does not open for another. */
  seal(value: string, owner: string): string;
  /** Throws when the value was sealed with another key or for another owner. */
  open(sealed: string, owner: string): string;
}

/** Reads the installation's key, `<data>/sealing.key`, or makes it once; only the owner of the machine may read it. */
export function openSecretsAtRest(dataDirectory: string): SecretsAtRest {
  const path = join(dataDirectory, 'sealing.key');
  if (!existsSync(path)) writeDurably(path, randomBytes(32).toString('base64'));
  const sealing = createSealing(Buffer.from(readFileSync(path, 'utf8'), 'base64'));
  return {
    seal: (value, owner) => sealing.seal(value, owner),
    open(sealed, owner) {
      const value = sealing.open<string>(sealed, undefined, owner);
      if (value === undefined) {
        throw new Error(
          `A secret of ${owner} cannot be opened: ${path} is not the key that it was sealed with.`,
        );
      }
      return value;
    },
  };
}
