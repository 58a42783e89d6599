import type { Rollup } from 'vite';

type ModuleInfo = Pick<Rollup.ModuleInfo, 'importedIds'>;
type FindModule = (id: string) => ModuleInfo | null;

/** What the start of the console loads, in the order in which it is needed; a module goes with the first that needs it. */
const starts = [
  'src/main.ts',
  'src/session.ts',
  'src/sign-in/sign-in.tsx',
  'src/console/console.tsx',
] as const;

/**
 * Puts what every page needs into few scripts: without this the bundler makes one for each combination of pages that
 * share a module, which are more requests and compress worse. What signing in and the console have in common is a
 * script of its own, so that signing in does not wait for the console.
 *
 * @returns the name of a module's script, or null where the bundler is to decide
 */
export function startChunks(
  root: string,
): (id: string, context: { getModuleInfo: FindModule }) => string | null {
  let names: ReadonlyMap<string, string> | undefined;
  return (id, context) => {
    names ??= nameModules(root, (each) => context.getModuleInfo(each));
    return names.get(id) ?? null;
  };
}

function nameModules(root: string, find: FindModule): ReadonlyMap<string, string> {
  const [main, session, signIn, console] = starts.map((source) => reachable(`${root}/${source}`, find));
  const names = new Map<string, string>();
  // What is imported by name at run time keeps a script of its own, so that the manifest and the browser find it.
  const entries = new Set(starts.map((source) => `${root}/${source}`));
  const give = (modules: Iterable<string>, name: string, where: (id: string) => boolean = () => true) => {
    for (const id of modules) if (!names.has(id) && !entries.has(id) && where(id)) names.set(id, name);
  };
  if (!main || !session || !signIn || !console) return names;
  give(main, 'start');
  give(session, 'session');
  give(console, 'common', (id) => signIn.has(id));
  give(console, 'console');
  return names;
}

/** A module and all that it imports at once, through however many others. */
function reachable(from: string, find: FindModule): ReadonlySet<string> {
  const seen = new Set<string>();
  const waiting = [from];
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    if (seen.has(id)) continue;
    seen.add(id);
    waiting.push(...(find(id)?.importedIds ?? []));
  }
  return seen;
}
