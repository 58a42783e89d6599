import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { LevelState } from '../core/level-state.ts';
import type { Held, Service } from '../core/service.ts';
import type { TelemetryStore } from '../telemetry/index.ts';
import { copyWhereThere } from './files.ts';

/** Keys of the installation: made once, never written again. */
const keys = ['sealing.key', join('cognito', 'keys.json')];

interface World {
  readonly dataDirectory: string;
  readonly state: LevelState;
  readonly telemetry: TelemetryStore;
  readonly services: readonly Service[];
}

/**
 * Copies a whole world as it is at one moment into `folder`, while it goes on: writes wait for some milliseconds, reads
 * for nothing. The folder appears whole or not at all. Throws when it is there already.
 */
export async function takeSnapshot(
  { dataDirectory, state, telemetry, services }: World,
  folder: string,
): Promise<void> {
  if (existsSync(folder)) throw new Error(`${folder} is there already: choose another folder, or remove it.`);
  const partial = `${folder}.partial`;
  await rm(partial, { recursive: true, force: true });
  await mkdir(partial, { recursive: true });
  const held: Held[] = [];
  try {
    for (const service of services) {
      const one = await service.hold?.();
      if (one) held.push(one);
    }
    // The state goes on; its copy is of this very moment, in which all the others stand still.
    const copyOfState = state.copyTo(join(partial, 'state'));
    const copies = held.map(async (one) => {
      try {
        await one.copyTo(partial);
      } finally {
        one.release();
      }
    });
    const copiesOfKeys = keys.map((key) => copyWhereThere(join(dataDirectory, key), join(partial, key)));
    await allOf([copyOfState, telemetry.copyTo(partial), ...copies, ...copiesOfKeys]);
    await rename(partial, folder);
  } catch (error) {
    for (const one of held) one.release();
    await rm(partial, { recursive: true, force: true });
    throw error;
  }
}

/** Waits for the end of all, also where one fails: what is still being copied would come back once it was removed. */
async function allOf(copies: readonly Promise<void>[]): Promise<void> {
  const failed = (await Promise.allSettled(copies)).find(({ status }) => status === 'rejected');
  if (failed?.status === 'rejected') throw failed.reason;
}
