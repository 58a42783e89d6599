import type { FollowedModel } from '#shared/definition/definitions.ts';
import type { ReadModel } from '#shared/definition/read-model.ts';
import { type Estimate, estimateOf, type TableSize } from '#shared/read-models/rebuild/estimate.ts';
import {
  createControl,
  type Generations,
  idleOf,
  readGeneration,
  tablesOf,
} from '#shared/read-models/rebuild/generations.ts';
import { sizeOfTable } from '#shared/read-models/rebuild/table-size.ts';
import { documents, dynamodb } from '#shared/runtime/clients.ts';
import { setting } from '#shared/runtime/settings.ts';

/** The names of a read model's tables by the parts they play. */
export function rolesOfTables(first: string, generations: Generations): { serving: string; idle: string } {
  const [one, two] = tablesOf(first);
  const serving = readGeneration(generations, Date.now());
  return serving === 1 ? { serving: one, idle: two } : { serving: two, idle: one };
}

/** The table that a rebuild fills. */
export function targetOf(first: string, generations: Generations): string {
  const [one, two] = tablesOf(first);
  return idleOf(generations) === 1 ? one : two;
}

/** How large a model and the store are, and what a rebuild would take. */
export async function measure(
  { table }: Pick<FollowedModel, 'table'>,
  model: ReadModel | undefined,
  store: TableSize,
  rowsPerSecond?: number,
): Promise<{ serving: TableSize; estimate: Estimate }> {
  const client = await dynamodb();
  const generations = await createControl(await documents(), table).read();
  const names = rolesOfTables(table, generations);
  const [serving, idle] = await Promise.all([
    sizeOfTable(client, names.serving),
    sizeOfTable(client, names.idle),
  ]);
  const hasOwnPositions = model?.key !== undefined;
  return { serving, estimate: estimateOf({ store, serving, idle, hasOwnPositions, rowsPerSecond }) };
}

export async function sizeOfStore(): Promise<TableSize> {
  return sizeOfTable(await dynamodb(), setting('EVENT_STORE_TABLE'));
}
