import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

/** Standard input is no terminal here, so no question is asked. */
function ltvbd(...given: string[]) {
  const parameters = ['--import', 'tsx', 'scripts/ltvbd.ts', ...given];
  const { GITHUB_ACTIONS, ...env } = process.env;
  const cwd = join(import.meta.dirname, '..');
  const { status, stdout, stderr } = spawnSync(process.execPath, parameters, {
    cwd,
    env,
    input: '',
    encoding: 'utf8',
  });
  return { status, stdout, firstError: stderr.split('\n')[0] };
}

describe('ltvbd', () => {
  test('refuses a stage that does not exist, rather than doing nothing', () => {
    expect(ltvbd('lnt')).toEqual({ status: 2, stdout: '', firstError: 'There is no stage lnt.' });
  });

  test('refuses an environment that does not exist', () => {
    expect(ltvbd('deploy', '--env', 'production').firstError).toBe('There is no environment production.');
  });

  test('says that the local environment is started, not deployed', () => {
    const { status, stdout } = ltvbd('deploy', '--env', 'local');
    expect(status).toBe(0);
    expect(stdout).toMatch(/^deploy {2}skipped +\d+\.\d s {2}nothing to deploy: npm start/);
  });

  test('deploys nothing to production that nobody confirmed', () => {
    const { status, stdout } = ltvbd('deploy', '--env', 'prod');
    expect(status).toBe(1);
    expect(stdout).toContain('nothing was deployed to prod');
  });
});
