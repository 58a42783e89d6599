import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Domain } from '#shared/definition/domain.ts';

const folder = fileURLToPath(new URL('../domains/', import.meta.url));

/** Every domain's manifest, `domains/<name>/domain.ts`, in order of name. Throws when one has another name than its folder. */
export async function findDomains(): Promise<Domain[]> {
  const names = readdirSync(folder).filter((name) => existsSync(join(folder, name, 'domain.ts')));
  return Promise.all(names.sort().map(readDomain));
}

async function readDomain(name: string): Promise<Domain> {
  const module: { default?: Domain } = await import(pathToFileURL(join(folder, name, 'domain.ts')).href);
  if (module.default?.name === name) return module.default;
  throw new Error(`domains/${name}/domain.ts must export by default the domain called ${name}.`);
}
