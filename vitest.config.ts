import { defineConfig } from 'vitest/config';
import ClosingLine from './scripts/closing-line.ts';

export default defineConfig({
  test: {
    reporters: [process.env['GITHUB_ACTIONS'] ? 'github-actions' : 'default', new ClosingLine()],
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['**/*.test.ts'],
          exclude: ['**/node_modules/**', 'tests/**', '**/*.integration.test.ts', '**/frontend/**'],
          pool: 'threads',
          isolate: false,
        },
      },
      {
        extends: true,
        test: {
          name: 'integration',
          include: ['**/*.integration.test.ts'],
          exclude: ['**/node_modules/**'],
          pool: 'forks',
          fileParallelism: false,
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'frontend',
          include: ['**/frontend/**/*.test.{ts,tsx}'],
          exclude: ['**/node_modules/**'],
          environment: 'jsdom',
          server: { deps: { inline: [/@cloudscape-design/] } },
        },
      },
      {
        extends: true,
        test: {
          name: 'end-to-end',
          include: ['tests/**/*.test.ts'],
          exclude: ['**/node_modules/**', 'tests/**/*.integration.test.ts'],
          pool: 'forks',
          fileParallelism: false,
          testTimeout: 180_000,
          hookTimeout: 240_000,
        },
      },
    ],
  },
});
