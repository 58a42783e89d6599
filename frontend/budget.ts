import { readFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { brotliCompressSync } from 'node:zlib';

/** What a browser may have to load, in kB (1000 bytes) of brotli-compressed JavaScript. */
export const budget = { shell: 290, page: 110 } as const;

interface Chunk {
  file: string;
  src?: string;
  imports?: string[];
}

type Manifest = Record<string, Chunk>;

export interface Weight {
  name: string;
  /** kB of brotli-compressed JavaScript. */
  size: number;
  most: number;
}

/** The scripts that every signed-in person loads, whatever page they open. */
const shellSources = ['index.html', 'src/session.ts', 'src/console/console.tsx'];
const signInSources = ['index.html', 'src/session.ts', 'src/sign-in/sign-in.tsx'];
const domainPart = /domains\/.*\/frontend\/.*\.tsx$/;

/** Weighs the build in `dist`: the shell, the sign-in, and what each lazily loaded part adds to the shell. */
export function weigh(dist: string): Weight[] {
  const manifest = JSON.parse(readFileSync(`${dist}/.vite/manifest.json`, 'utf8')) as Manifest;
  const sizes = new Map<string, number>();
  const sizeOf = (files: Iterable<string>): number => {
    let bytes = 0;
    for (const file of files) {
      const known = sizes.get(file) ?? brotliCompressSync(readFileSync(`${dist}/${file}`)).length;
      sizes.set(file, known);
      bytes += known;
    }
    return Math.round(bytes / 100) / 10;
  };
  const shell = scriptsOf(manifest, shellSources);
  const parts = Object.keys(manifest).filter((key) => domainPart.test(key));
  return [
    { name: 'shell', size: sizeOf(shell), most: budget.shell },
    { name: 'sign-in', size: sizeOf(scriptsOf(manifest, signInSources)), most: budget.shell },
    ...parts.map((part) => {
      const more = [...scriptsOf(manifest, [part])].filter((file) => !shell.has(file));
      return { name: part.replace(/^.*domains\//, ''), size: sizeOf(more), most: budget.page };
    }),
  ];
}

/** The scripts that load before the code of these sources can run. */
function scriptsOf(manifest: Manifest, sources: readonly string[]): Set<string> {
  const files = new Set<string>();
  const visit = (key: string): void => {
    const chunk = manifest[key];
    if (!chunk)
      throw new Error(`The build holds no “${key}”. Build the console first, or correct its budget.`);
    if (files.has(chunk.file)) return;
    files.add(chunk.file);
    chunk.imports?.forEach(visit);
  };
  sources.forEach(visit);
  return files;
}

/** One line for each part: its size, its budget, and whether it keeps to it. */
export function report(weights: readonly Weight[]): string {
  return weights
    .map(
      ({ name, size, most }) =>
        `${size <= most ? 'ok  ' : 'OVER'} ${String(size).padStart(6)} of ${most} kB  ${name}`,
    )
    .join('\n');
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const weights = weigh(fileURLToPath(new URL('./dist', import.meta.url)));
  console.log(report(weights));
  if (weights.some(({ size, most }) => size > most)) process.exitCode = 1;
}
