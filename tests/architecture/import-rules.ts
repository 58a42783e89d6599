import type { Import, ImportGraph } from './import-graph.ts';

/** A sentence for each import that breaks a rule of the layout, `from → specifier: why`. */
export function findViolations({ imports }: ImportGraph): string[] {
  return [...imports.flatMap(findInImport), ...findManifestsInBrowser(imports)];
}

function findInImport({ from, specifier, to, packageName }: Import): string[] {
  const reasons: (string | undefined)[] = [];
  if (to !== undefined && from !== to) {
    reasons.push(mayReach(from, to), backEndReachesPage(from, to), browserReachesManifest(from, to));
  }
  if (packageName !== undefined) reasons.push(infrastructurePackage(from, packageName));
  return reasons
    .filter((reason) => reason !== undefined)
    .map((reason) => `${from} → ${specifier}: ${reason}`);
}

/** Who may import what. A folder that stands here for nobody, such as `tests/`, is imported by none of the others. */
function mayReach(from: string, to: string): string | undefined {
  const [source, target] = [placeOf(from), placeOf(to)];
  if (source.folder === target.folder && source.folder !== 'domains') return undefined;
  switch (source.folder) {
    case 'shared':
      return 'shared/ imports none of the other folders';
    case 'local-cloud':
      return 'local-cloud/ imports nothing of the others';
    case 'domains':
      if (target.folder === 'shared') return undefined;
      if (target.folder !== 'domains') return 'a domain imports shared/ only';
      return source.domain === target.domain ? undefined : 'a domain never imports another domain';
    case 'stacks':
      if (target.folder === 'shared' || isManifest(to)) return undefined;
      return 'stacks/ imports shared/ and the domain.ts of domains only';
    case 'frontend':
      if (target.folder === 'shared' || (target.folder === 'domains' && isPage(to))) return undefined;
      return 'frontend/ imports shared/ and the frontend folders of domains only';
    default:
      return source.folder !== 'tests' && target.folder === 'tests' ? 'only tests import tests/' : undefined;
  }
}

/** A Lambda bundle that reaches a page's folder would carry the console with it. */
function backEndReachesPage(from: string, to: string): string | undefined {
  const product = ['shared', 'domains', 'stacks'].includes(placeOf(from).folder);
  return product && !isPage(from) && isPage(to) ? 'the back end never imports a frontend folder' : undefined;
}

function browserReachesManifest(from: string, to: string): string | undefined {
  return isPage(from) && isManifest(to) ? 'the browser never imports domain.ts' : undefined;
}

/** Leaving cdktf for its fork stays a one-file edit. Examples are projects of somebody else. */
function infrastructurePackage(from: string, packageName: string): string | undefined {
  const guarded = packageName === 'cdktf' || packageName === '@cdktf/provider-aws';
  return guarded && from !== 'stacks/cdktf.ts' && !from.startsWith('local-cloud/examples/')
    ? `${packageName} is imported in stacks/cdktf.ts only`
    : undefined;
}

/** What a page imports, its imports import, and so on, must not hold a back-end manifest either. */
function findManifestsInBrowser(imports: Import[]): string[] {
  const targets = new Map<string, string[]>();
  for (const { from, to } of imports) {
    if (to !== undefined) targets.set(from, [...(targets.get(from) ?? []), to]);
  }
  const cameFrom = new Map<string, string>();
  const waiting = [...targets.keys()].filter(isPage);
  const seen = new Set(waiting);
  for (const file of waiting) {
    for (const next of targets.get(file) ?? []) {
      if (seen.has(next)) continue;
      seen.add(next);
      cameFrom.set(next, file);
      waiting.push(next);
    }
  }
  // A direct import has been reported already, with the specifier as it was written.
  return [...seen]
    .filter((file) => isManifest(file) && !isPage(cameFrom.get(file) ?? ''))
    .map((file) => `${trail(file, cameFrom)}: the browser never imports domain.ts`);
}

function trail(file: string, cameFrom: Map<string, string>): string {
  const before = cameFrom.get(file);
  return before === undefined ? file : `${trail(before, cameFrom)} → ${file}`;
}

function placeOf(file: string): { folder: string; domain: string | undefined } {
  const [folder = '', second] = file.split('/');
  return second === undefined ? { folder: '', domain: undefined } : { folder, domain: second };
}

function isManifest(file: string): boolean {
  return /^domains\/[^/]+\/domain\.ts$/.test(file);
}

/** Runs in the browser: the shell, and the frontend folders of `shared/` and of domains. */
function isPage(file: string): boolean {
  return /^(frontend|shared\/frontend|domains\/[^/]+\/frontend)\//.test(file);
}
