import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { readImportGraph, readSpecifiers } from './import-graph.ts';
import { findViolations } from './import-rules.ts';
import { readPackage, repository } from './source-files.ts';

const folders = ['shared', 'domains', 'stacks', 'local-cloud', 'frontend'];

describe('the import rules of the layout', () => {
  const graph = readImportGraph(repository);

  test.each(folders)('see the files of %s/', (folder) => {
    const files = graph.files.filter((file) => file.startsWith(`${folder}/`));
    const imports = graph.imports.filter(({ from }) => from.startsWith(`${folder}/`));
    expect(files.length).toBeGreaterThan(0);
    expect(imports.length).toBeGreaterThan(0);
  });

  test('see where every relative and aliased import leads', () => {
    const lost = graph.imports.filter(
      ({ to }) => to !== undefined && !existsSync(join(repository, to.split('?')[0] ?? to)),
    );
    expect(lost.map(({ from, specifier }) => `${from} → ${specifier}`)).toEqual([]);
  });

  test('are kept by every file', () => {
    expect(findViolations(graph)).toEqual([]);
  });
});

describe('the reader of imports', () => {
  test.each([
    ["import { a } from './a.ts'", './a.ts'],
    ["import type { A } from './a.ts'", './a.ts'],
    ["import './a.ts'", './a.ts'],
    ["export { a } from './a.ts'", './a.ts'],
    ["export * from './a.ts'", './a.ts'],
    ["const a = await import('./a.ts')", './a.ts'],
    ["type A = import('./a.ts').A", './a.ts'],
  ])('sees %s', (source, specifier) => {
    expect(readSpecifiers('file.ts', source)).toEqual([specifier]);
  });

  test('takes no comment or string for an import', () => {
    expect(readSpecifiers('file.ts', "// import './a.ts'\nconst text = \"import './a.ts'\";")).toEqual([]);
  });

  test('refuses a file that it cannot read rather than passing it', () => {
    expect(() => readSpecifiers('file.ts', 'import {')).toThrow('file.ts cannot be parsed');
  });
});

describe('a planted violation', () => {
  let root = '';
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  function plant(files: Record<string, string>): string[] {
    root = mkdtempSync(join(tmpdir(), 'skafu-imports-'));
    execFileSync('git', ['init', '-q'], { cwd: root });
    const tree = { 'package.json': JSON.stringify({ imports: readPackage(repository).imports }), ...files };
    for (const [file, source] of Object.entries(tree)) {
      mkdirSync(dirname(join(root, file)), { recursive: true });
      writeFileSync(join(root, file), source);
    }
    return findViolations(readImportGraph(root));
  }

  test.each([
    ['shared/store.ts', "import '#domains/sales/domain.ts'", 'shared/ imports none of the other folders'],
    ['shared/store.ts', "import '../local-cloud/index.ts'", 'shared/ imports none of the other folders'],
    ['local-cloud/a.ts', "export * from '#shared/envelope.ts'", 'local-cloud/ imports nothing of the others'],
    [
      'local-cloud/a/b.ts',
      "await import('../../stacks/app.ts')",
      'local-cloud/ imports nothing of the others',
    ],
    [
      'domains/sales/a/a.ts',
      "import type { B } from '../../stock/b/b.ts'",
      'a domain never imports another domain',
    ],
    ['domains/sales/a/a.ts', "import '#domains/stock/domain.ts'", 'a domain never imports another domain'],
    ['domains/sales/a/a.ts', "import '#stacks/names.ts'", 'a domain imports shared/ only'],
    ['domains/sales/a/a.ts', "import '#local-cloud'", 'a domain imports shared/ only'],
    ['stacks/app.ts', "import '#domains/sales/order/order.ts'", 'stacks/ imports shared/ and the domain.ts'],
    ['stacks/app.ts', "import '#local-cloud'", 'stacks/ imports shared/ and the domain.ts'],
    [
      'frontend/main.tsx',
      "import '../stacks/names.ts'",
      'frontend/ imports shared/ and the frontend folders',
    ],
    [
      'frontend/main.tsx',
      "import '#domains/sales/order/order.ts'",
      'frontend/ imports shared/ and the frontend folders',
    ],
    ['domains/sales/frontend/page.tsx', "import '../domain.ts'", 'the browser never imports domain.ts'],
    ['shared/store.ts', "import './frontend/table.tsx'", 'the back end never imports a frontend folder'],
    [
      'domains/sales/domain.ts',
      "import './frontend/page.tsx'",
      'the back end never imports a frontend folder',
    ],
    ['stacks/queue.ts', "import { App } from 'cdktf'", 'cdktf is imported in stacks/cdktf.ts only'],
    [
      'stacks/a.ts',
      "import '@cdktf/provider-aws/lib/sqs-queue/index.js'",
      '@cdktf/provider-aws is imported in stacks',
    ],
    ['tests/a.test.ts', "import 'cdktf'", 'cdktf is imported in stacks/cdktf.ts only'],
    ['scripts/a.ts', "import '../tests/b.ts'", 'only tests import tests/'],
  ])('in %s is caught: %s', (file, source, reason) => {
    const violations = plant({ [file]: source });
    expect(violations).toHaveLength(1);
    expect(violations[0]).toContain(`${file} → `);
    expect(violations[0]).toContain(reason);
  });

  test('is caught when a page reaches a manifest through other files', () => {
    const violations = plant({
      'domains/sales/domain.ts': 'export default {}',
      'domains/sales/order/order.ts': "import manifest from '../domain.ts'",
      'domains/sales/frontend/page.tsx': "import '../order/order.ts'",
    });
    expect(violations).toEqual([
      'domains/sales/frontend/page.tsx → domains/sales/order/order.ts → domains/sales/domain.ts: the browser never imports domain.ts',
    ]);
  });

  test('is not seen in imports that the rules allow', () => {
    const violations = plant({
      'shared/kernel.ts': "import './store.ts'; import 'ajv'; import 'node:crypto'",
      'domains/sales/order/order.ts': "import '#shared/kernel.ts'",
      'domains/sales/domain.ts': "import './order/order.ts'",
      'domains/sales/frontend/page.tsx': "import '#shared/frontend/table.tsx'",
      'stacks/cdktf.ts': "export { App } from 'cdktf'",
      'stacks/app.ts': "import './cdktf.ts'; import '#domains/sales/domain.ts'; import '#shared/kernel.ts'",
      'frontend/main.tsx': "import '#domains/sales/frontend/page.tsx'; import '#shared/frontend/table.tsx'",
      'scripts/start.ts': "import '#local-cloud'; import '#stacks/app.ts'",
      'tests/life.test.ts': "import '../scripts/start.ts'; import '#local-cloud'",
    });
    expect(violations).toEqual([]);
  });
});
