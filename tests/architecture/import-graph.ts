import { posix } from 'node:path';
import { parseSync, Visitor } from 'oxc-parser';
import { listCode, read, readPackage } from './source-files.ts';

/** One import as written, and what it means: a file of the repository or a package. */
export interface Import {
  from: string;
  specifier: string;
  /** Path from the root when the specifier is relative or an `#alias`; undefined for packages and `node:` modules. */
  to: string | undefined;
  /** Name of the package (`@scope/name`) for every other specifier. */
  packageName: string | undefined;
}

export interface ImportGraph {
  files: string[];
  imports: Import[];
}

/** Reads the imports of every code file below `root`: static, re-exported, dynamic and in types. */
export function readImportGraph(root: string): ImportGraph {
  const files = listCode(root);
  const known = new Set(files);
  const aliases = Object.entries(readPackage(root).imports);
  const imports = files.flatMap((from) =>
    readSpecifiers(from, read(root, from)).map((specifier): Import => {
      const path = resolve(from, specifier, aliases);
      const to = path === undefined ? undefined : (candidates(path).find((file) => known.has(file)) ?? path);
      return { from, specifier, to, packageName: to === undefined ? packageOf(specifier) : undefined };
    }),
  );
  return { files, imports };
}

/** Every specifier in a source text. Dynamic imports with a computed specifier name no file and are left out. */
export function readSpecifiers(file: string, source: string): string[] {
  const specifiers: string[] = [];
  const add = (node: { type: string; value?: unknown } | null) => {
    if (node?.type === 'Literal' && typeof node.value === 'string') specifiers.push(node.value);
  };
  const { program, errors } = parseSync(file, source);
  const [error] = errors;
  if (error !== undefined) throw new Error(`${file} cannot be parsed: ${error.message}`);
  new Visitor({
    ImportDeclaration: (node) => add(node.source),
    ExportNamedDeclaration: (node) => add(node.source),
    ExportAllDeclaration: (node) => add(node.source),
    ImportExpression: (node) => add(node.source),
    TSImportType: (node) => add(node.source),
  }).visit(program);
  return specifiers;
}

function resolve(from: string, specifier: string, aliases: [string, string][]): string | undefined {
  if (specifier.startsWith('.')) return posix.normalize(posix.join(posix.dirname(from), specifier));
  for (const [alias, target] of aliases) {
    if (alias === specifier) return posix.normalize(target);
    const prefix = alias.endsWith('*') ? alias.slice(0, -1) : undefined;
    if (prefix === undefined || !specifier.startsWith(prefix)) continue;
    return posix.normalize(target.replace('*', specifier.slice(prefix.length)));
  }
  return undefined;
}

/** Bundlers also accept a specifier without its extension or its index file. */
function candidates(path: string): string[] {
  const bare = path.split('?')[0] ?? path;
  return [bare, `${bare}.ts`, `${bare}.tsx`, `${bare}/index.ts`, `${bare}/index.tsx`];
}

function packageOf(specifier: string): string {
  const [first = '', second = ''] = specifier.split('/');
  return first.startsWith('@') ? `${first}/${second}` : first;
}
