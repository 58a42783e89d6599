import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { synthesize } from '#stacks/main.ts';
import { environments } from '#stacks/settings.ts';
import { runCommand } from '../../scripts/command.ts';
import { validateStacks } from '../../scripts/terraform/validate.ts';

const repository = join(import.meta.dirname, '..', '..');

/** The full run takes every environment: they differ in state, guards, retention and limits, not in what there is. */
const chosen = process.env['SKAFU_DEEP'] ? environments : (['prod'] as const);

let workspace: string;

beforeAll(async () => {
  workspace = mkdtempSync(join(tmpdir(), 'skafu-validate-'));
  const build = await runCommand(
    process.execPath,
    ['--import', 'tsx', 'scripts/build.ts', '--env', 'local'],
    {
      cwd: repository,
    },
  );
  expect(build.code, build.output).toBe(0);
}, 300_000);
afterAll(() => rmSync(workspace, { recursive: true }));

test.for(chosen)(
  'every stack of %s validates and plans against a mocked provider, without a warning',
  {
    timeout: 600_000,
  },
  async (environment, { skip }) => {
    const outdir = join(workspace, environment);
    const functionsDirectory = join(repository, '.build/functions');
    await synthesize({ environment, outdir, functionsDirectory });
    const outcome = await validateStacks(outdir);
    skip(outcome.status === 'skipped', outcome.status === 'skipped' ? outcome.reason : '');
    expect(outcome.status, outcome.status === 'failed' ? outcome.output : '').toBe('ok');
  },
);
