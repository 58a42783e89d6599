import type { Reporter, TestModule } from 'vitest/node';

/** Ends every run with the plain line `N passed, N failed` (`, N skipped`) that CI systems read. */
export default class ClosingLine implements Reporter {
  onTestRunEnd(modules: ReadonlyArray<TestModule>, errors: ReadonlyArray<unknown>): void {
    const count = { passed: 0, failed: errors.length, skipped: 0, pending: 0 };
    for (const module of modules) {
      const tests = [...module.children.allTests()];
      for (const test of tests) count[test.result().state]++;
      // A module that fails to import holds no test, and would otherwise vanish from the count.
      if (tests.length === 0 && module.state() === 'failed') count.failed++;
    }
    const skipped = count.skipped + count.pending;
    const line = `${count.passed} passed, ${count.failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
    // At exit, so that it also comes after the coverage table.
    process.once('exit', () => process.stdout.write(`${line}\n`));
  }
}
