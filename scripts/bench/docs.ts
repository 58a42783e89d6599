import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const file = 'docs/benchmarks.md';

/**
 * Puts what was measured where the docs show it: between the marks `<!-- name -->` and `<!-- end of name -->`. Throws
 * where there is no such place.
 */
export function writeSection(root: string, name: string, text: string): void {
  const path = join(root, file);
  writeFileSync(path, withSection(readFileSync(path, 'utf8'), name, text));
}

/** The document with this text between the marks. */
export function withSection(document: string, name: string, text: string): string {
  const [begin, end] = [`<!-- ${name} -->`, `<!-- end of ${name} -->`];
  const [from, to] = [document.indexOf(begin), document.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`${file} has no place for ${name}.`);
  return `${document.slice(0, from + begin.length)}\n\n${text}\n\n${document.slice(to)}`;
}
