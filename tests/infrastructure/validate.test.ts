import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runCommand } from '../../scripts/command.ts';
import { validateStacks } from '../../scripts/terraform/validate.ts';

const repository = join(import.meta.dirname, '..', '..');

test('every synthesized stack validates and plans against a mocked provider, without a warning', {
  timeout: 600_000,
}, async ({ skip }) => {
  const build = await runCommand(
    process.execPath,
    ['--import', 'tsx', 'scripts/build.ts', '--env', 'local'],
    {
      cwd: repository,
    },
  );
  expect(build.code, build.output).toBe(0);
  const outcome = await validateStacks(join(repository, 'cdktf.out'));
  skip(outcome.status === 'skipped', outcome.status === 'skipped' ? outcome.reason : '');
  expect(outcome.status, outcome.status === 'failed' ? outcome.output : '').toBe('ok');
});
