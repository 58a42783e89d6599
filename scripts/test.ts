import { checkTypes, lint } from './checks.ts';
import { willClose } from './closing-line.ts';
import { type CommandResult, runAttached } from './command.ts';
import { tail } from './reporter.ts';

/**
 * `npm test`: lint, type-check, then one vitest call over all projects, so that the last line of the output is
 * `N passed, N failed` (`, N skipped`). `--deep` asks for the full counts of crash, fuzz and property tests; every other
 * argument goes to vitest (`npm test -- --project unit`). Coverage is measured, and gated, only when everything runs.
 */
const { deep, forwarded } = readArguments(process.argv.slice(2));

let failedChecks = 0;
for (const [name, check] of [['lint', lint] as const, ['type-check', checkTypes] as const]) {
  const started = Date.now();
  const result = await check();
  const seconds = ((Date.now() - started) / 1000).toFixed(1);
  process.stdout.write(`${name.padEnd(10)}  ${result.code === 0 ? 'ok' : 'failed'}  ${seconds} s\n`);
  if (result.code !== 0) {
    failedChecks += 1;
    showFailure(result);
  }
}

const { code, messages } = await runAttached(
  ['node_modules/vitest/vitest.mjs', 'run', ...(forwarded.length === 0 ? ['--coverage'] : forwarded)],
  { SKAFU_FAILED_CHECKS: String(failedChecks), ...(deep ? { SKAFU_DEEP: '1' } : {}) },
);
process.exitCode = code;

// A run that never came to its end, by a broken configuration or for want of memory, has failed as well.
if (!messages.includes(willClose)) {
  process.stdout.write(`0 passed, ${failedChecks + 1} failed\n`);
  process.exitCode = code || 1;
}

function readArguments(given: string[]): { deep: boolean; forwarded: string[] } {
  return { deep: given.includes('--deep'), forwarded: given.filter((argument) => argument !== '--deep') };
}

function showFailure(result: CommandResult): void {
  process.stdout.write(`${tail(result.output)}\n`);
}
