import { join } from 'node:path';
import { buildAll } from '#scripts/build/build.ts';

/** Builds once what every platform of the tests starts from, before two of them would at the same time. */
export default async function build(): Promise<void> {
  await buildAll(join(import.meta.dirname, '../..'), 'local', () => undefined);
}
