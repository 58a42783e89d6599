import { timeText, type View, viewAddress } from '../../core/view.ts';
import type { FunctionRegistry } from './function-registry.ts';

/** The functions, and how often each was called. */
export function functionsView(registry: FunctionRegistry): View {
  return {
    id: 'functions',
    title: 'Functions',
    about: 'Every Lambda function with its calls since the start of the local cloud.',
    show() {
      const rows = registry.all().map(({ configuration, pool, tally }) => {
        const { name, runtime, memoryMegabytes, timeoutSeconds, logGroup, role } = configuration;
        return [
          { text: name, to: viewAddress('logs', { group: logGroup }) },
          tally.invocations,
          tally.errors > 0 ? { text: String(tally.errors), tone: 'bad' as const } : 0,
          pool.concurrency > 0 ? { text: String(pool.concurrency), tone: 'busy' as const } : 0,
          tally.lastAt === undefined ? 'never' : timeText(tally.lastAt),
          `${runtime}, ${memoryMegabytes} MB, ${timeoutSeconds} s`,
          role.replace(/^.*\//u, ''),
        ];
      });
      const columns = [
        'Function and its logs',
        'Calls',
        'Errors',
        'Running',
        'Last call',
        'Settings',
        'Role',
      ];
      return [{ kind: 'table', title: 'Functions', columns, rows, empty: 'The Terraform has no function.' }];
    },
  };
}
