import type { Reporter, TestModule } from 'vitest/node';

/** Tells the process that started the tests that the closing line is taken care of. */
export const willClose = 'will-close';

/**
 * Ends every run with the plain line `N passed, N failed` (`, N skipped`) that CI systems read. The checks that failed
 * before the tests began (`SKAFU_FAILED_CHECKS`) count among the failed, and so does a run that fails without a failing
 * test, as it does when coverage is below its bar.
 */
export default class ClosingLine implements Reporter {
  onTestRunEnd(modules: ReadonlyArray<TestModule>, errors: ReadonlyArray<unknown>): void {
    const count = { passed: 0, failed: errors.length, skipped: 0, pending: 0 };
    for (const module of modules) {
      const tests = [...module.children.allTests()];
      for (const test of tests) count[test.result().state]++;
      // A module that fails to import holds no test, and would otherwise vanish from the count.
      if (tests.length === 0 && module.state() === 'failed') count.failed++;
    }
    process.send?.(willClose);
    // At exit, so that it also comes after the coverage report.
    process.once('exit', (code) => {
      const failedWithoutTest = code !== 0 && count.failed === 0 ? 1 : 0;
      const failedChecks = Number(process.env['SKAFU_FAILED_CHECKS'] ?? 0);
      const failed = count.failed + failedWithoutTest + failedChecks;
      const skipped = count.skipped + count.pending;
      process.stdout.write(
        `${count.passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}\n`,
      );
      if (failed > 0) process.exitCode = code || 1;
    });
  }
}
