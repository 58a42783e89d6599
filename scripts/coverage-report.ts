import { relative } from 'node:path';
import type { Reporter } from 'vitest/node';

/** Share of branches, in percent, that the kernel and the decisions must have covered, each on its own. */
export const branchBar = 95;

/** What the bar is for: the kernel, and the aggregates (where decisions are), which are folders of their own. */
export const gated = { kernel: 'shared/**/*.ts', decisions: 'domains/*/*/*.ts' };

/** Folders of a domain that are not aggregates, and files that are not product code. */
export const notGated = [
  'shared/frontend/**',
  'domains/*/{commands,queries,read-models,reactors,frontend}/**',
  '**/*.test.ts',
];

interface CoverageMap {
  files(): string[];
  fileCoverageFor(file: string): { toSummary(): { branches: { total: number; covered: number } } };
}

interface Branches {
  file: string;
  total: number;
  covered: number;
}

/** Says one line for all branches and one for each file below the bar, instead of a table of everything. */
export default class CoverageReport implements Reporter {
  onCoverage(coverage: unknown): void {
    const map = coverage as CoverageMap;
    const files = map.files().map((file): Branches => {
      const { total, covered } = map.fileCoverageFor(file).toSummary().branches;
      return { file: relative(process.cwd(), file).replaceAll('\\', '/'), total, covered };
    });
    process.stdout.write(`${summarize(files).join('\n')}\n`);
  }
}

/** The lines of the report, for files given with their branches. */
export function summarize(files: Branches[]): string[] {
  const lines = ['kernel', 'decisions'].map((part) => {
    const top = part === 'kernel' ? 'shared/' : 'domains/';
    const own = files.filter(({ file }) => file.startsWith(top));
    return `branches covered, ${part}: ${percent(sum(own))} (bar ${branchBar} %, ${own.length} files)`;
  });
  const below = files.filter(({ total, covered }) => covered * 100 < branchBar * total);
  const weakestFirst = below.sort((left, right) => left.covered / left.total - right.covered / right.total);
  return [...lines, ...weakestFirst.map((each) => `  ${percent(each).padStart(7)}  ${each.file}`)];
}

function sum(files: Branches[]): { total: number; covered: number } {
  return files.reduce(
    (all, { total, covered }) => ({ total: all.total + total, covered: all.covered + covered }),
    { total: 0, covered: 0 },
  );
}

function percent({ total, covered }: { total: number; covered: number }): string {
  return `${total === 0 ? '100.0' : ((covered / total) * 100).toFixed(1)} %`;
}
