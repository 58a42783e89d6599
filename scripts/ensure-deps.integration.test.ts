import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

const script = join(import.meta.dirname, 'ensure-deps.mjs');

/** Stands where npm stands: notes how it was called, and installs an empty node_modules or fails. */
const npm = `import { appendFileSync, mkdirSync } from 'node:fs';
appendFileSync('calls', process.argv.slice(2).join(' ') + '\\n');
if (process.env.NPM_FAILS) { console.error('no such package'); process.exit(1); }
mkdirSync('node_modules', { recursive: true });
`;

describe('before a script that needs dependencies', () => {
  let root = '';
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'skafu-deps-'));
    writeFileSync(join(root, 'npm-cli.js'), npm);
    writeFileSync(join(root, 'package.json'), '{"type":"module"}');
    writeFileSync(join(root, 'package-lock.json'), '{}');
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  function ensure(environment: Record<string, string> = {}, file = script) {
    const env = { ...process.env, npm_execpath: join(root, 'npm-cli.js'), ...environment };
    const { status, stdout, stderr } = spawnSync(process.execPath, [file], {
      cwd: root,
      env,
      encoding: 'utf8',
    });
    const calls = existsSync(join(root, 'calls'))
      ? readFileSync(join(root, 'calls'), 'utf8').split('\n').slice(0, -1)
      : [];
    return { status, stdout, stderr, calls };
  }

  test('a bare clone is installed, and says so in one line', () => {
    const { status, stdout, calls } = ensure();
    expect(status).toBe(0);
    expect(stdout).toMatch(/^Installing dependencies .* done in \d+\.\d s\n$/);
    expect(calls).toEqual(['ci --no-audit --no-fund --include=dev --loglevel=error']);
  });

  test('what is already installed is left alone, silently', () => {
    ensure();
    const { status, stdout, calls } = ensure();
    expect({ status, stdout, calls: calls.length }).toEqual({ status: 0, stdout: '', calls: 1 });
  });

  test('a changed lock file is installed again', () => {
    ensure();
    writeFileSync(join(root, 'package-lock.json'), '{ "changed": true }');
    expect(ensure().calls).toHaveLength(2);
  });

  test('an install that fails is told with its reason and what to do, and is tried again next time', () => {
    const { status, stderr } = ensure({ NPM_FAILS: '1' });
    expect(status).toBe(1);
    expect(stderr).toBe(
      'no such package\nThe dependencies could not be installed: check the network and the npm registry, then run the command again.\n',
    );
    expect(ensure().calls).toHaveLength(2);
  });

  test('a Node that is too old is refused with one sentence', () => {
    const old = join(root, 'old-node.mjs');
    const pretend = "Object.defineProperty(process.versions, 'node', { value: '18.20.4' });\n";
    writeFileSync(old, `${pretend}await import('./ensure-deps.mjs');\n`);
    cpSync(script, join(root, 'ensure-deps.mjs'));
    const { status, stderr, calls } = ensure({}, old);
    expect(status).toBe(1);
    expect(stderr).toBe(
      'Skafu needs Node 20.19 or later and this is Node 18.20.4: install a newer one from https://nodejs.org.\n',
    );
    expect(calls).toEqual([]);
  });
});
