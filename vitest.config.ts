import { defineConfig } from 'vitest/config';
import ClosingLine from './scripts/closing-line.ts';
import CoverageReport, { branchBar, gated, notGated } from './scripts/coverage-report.ts';

const notOurs = ['**/node_modules/**', '**/cdktf.out/**', '**/.build/**'];

export default defineConfig({
  test: {
    silent: 'passed-only',
    reporters: [
      'default',
      ...(process.env['GITHUB_ACTIONS'] ? ['github-actions' as const] : []),
      new CoverageReport(),
      new ClosingLine(),
    ],
    env: {
      // Node 20 has to work until the move to 22; the SDK would say in every worker that it is old.
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
      // The functions' own log goes past the console that `silent` keeps quiet.
      POWERTOOLS_LOG_LEVEL: 'SILENT',
    },
    coverage: {
      provider: 'v8',
      include: Object.values(gated),
      exclude: notGated,
      reporter: [],
      thresholds: {
        [gated.kernel]: { branches: branchBar },
        [gated.decisions]: { branches: branchBar },
      },
    },
    // One project after the other, the fast ones first.
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['**/*.test.ts'],
          exclude: [
            ...notOurs,
            'tests/*.ts',
            'tests/!(architecture)/**',
            '**/*.integration.test.ts',
            '**/frontend/**',
          ],
          pool: 'threads',
          isolate: false,
          // The slowest synthesizes every stack; on a busy machine that takes longer than the usual five seconds.
          testTimeout: 30_000,
          hookTimeout: 60_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'frontend',
          include: ['**/frontend/**/*.test.{ts,tsx}'],
          exclude: notOurs,
          environment: 'jsdom',
          setupFiles: 'shared/frontend/testing/patience.ts',
          server: { deps: { inline: [/@cloudscape-design/] } },
          testTimeout: 30_000,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: 'integration',
          include: ['**/*.integration.test.ts'],
          exclude: notOurs,
          globalSetup: ['local-cloud/testing/engine-setup.ts', 'tests/kernel/world-setup.ts'],
          pool: 'forks',
          // Each file has a cloud of its own, which waits more than it works.
          maxWorkers: 2,
          testTimeout: 60_000,
          hookTimeout: 120_000,
          sequence: { groupOrder: 2 },
        },
      },
      {
        extends: true,
        test: {
          name: 'end-to-end',
          include: ['tests/**/*.test.ts'],
          exclude: [...notOurs, 'tests/architecture/**', 'tests/**/*.integration.test.ts'],
          globalSetup: 'tests/support/build.ts',
          pool: 'forks',
          maxWorkers: 2,
          testTimeout: 180_000,
          hookTimeout: 240_000,
          sequence: { groupOrder: 3 },
        },
      },
    ],
  },
});
