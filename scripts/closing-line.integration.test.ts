import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

const vitest = join(import.meta.dirname, '..', 'node_modules', 'vitest', 'vitest.mjs');
const reporter = join(import.meta.dirname, 'closing-line.ts');

describe('the last line of a run', () => {
  let root = '';
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'skafu-closing-line-'));
    const settings = { globals: true, watch: false, reporters: ['default', reporter], cache: false };
    writeFileSync(join(root, 'vitest.config.mjs'), `export default ${JSON.stringify({ test: settings })}`);
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  function run(files: Record<string, string>, environment: Record<string, string> = {}) {
    for (const [file, source] of Object.entries(files)) writeFileSync(join(root, file), source);
    const { VITEST, VITEST_POOL_ID, VITEST_WORKER_ID, ...outside } = process.env;
    const env = { ...outside, SKAFU_FAILED_CHECKS: '0', ...environment };
    const { status, stdout } = spawnSync(process.execPath, [vitest, 'run'], {
      cwd: root,
      env,
      encoding: 'utf8',
    });
    return { status, line: stdout.trimEnd().split('\n').at(-1) };
  }

  test('counts the tests that passed', () => {
    const source = "test('one', () => {}); test('two', () => {});";
    expect(run({ 'a.test.js': source })).toEqual({ status: 0, line: '2 passed, 0 failed' });
  });

  test('counts failed and skipped tests, and a file that cannot be loaded as failed', () => {
    const source =
      "test('good', () => {}); test('bad', () => { throw new Error('no'); }); test.skip('later', () => {});";
    const outcome = run({ 'a.test.js': source, 'b.test.js': "throw new Error('no');" });
    expect(outcome).toEqual({ status: 1, line: '1 passed, 2 failed, 1 skipped' });
  });

  test('counts the checks that failed before the tests', () => {
    const outcome = run({ 'a.test.js': "test('one', () => {});" }, { SKAFU_FAILED_CHECKS: '2' });
    expect(outcome).toEqual({ status: 1, line: '1 passed, 2 failed' });
  });

  test('counts a run without any test as failed', () => {
    expect(run({})).toEqual({ status: 1, line: '0 passed, 1 failed' });
  });
});
