import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { openLevelState } from '../core/level-state.ts';
import { type Kept, keptNamespace, planTerraform } from '../terraform/apply.ts';
import { type Change, differenceOf } from '../terraform/difference.ts';

/** What stands on a data folder on which no local cloud runs, by address. */
export async function keptOf(dataDirectory: string): Promise<Map<string, Kept>> {
  const folder = join(dataDirectory, 'state');
  if (!existsSync(folder)) return new Map();
  const state = await openLevelState(folder);
  try {
    const kept = await state.namespace(keptNamespace).list<Kept>();
    return new Map(kept.map(({ key, value }) => [key, value]));
  } finally {
    await state.close();
  }
}

/** What the next start would do. */
export async function planOffline(stacksDirectory: string, dataDirectory: string): Promise<Change[]> {
  return differenceOf(planTerraform(stacksDirectory), await keptOf(dataDirectory));
}
