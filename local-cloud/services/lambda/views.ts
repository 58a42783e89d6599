import { timeText, type View, viewAddress } from '../../core/view.ts';
import type { Alias } from './aliases.ts';
import type { FunctionRegistry } from './function-registry.ts';

/** The functions, and how often each was called. */
export function functionsView(registry: FunctionRegistry): View {
  return {
    id: 'functions',
    title: 'Functions',
    about: 'Every Lambda function with its calls since the start of the local cloud.',
    show() {
      const rows = registry.all().map(({ configuration, running, tally, versions, aliases }) => {
        const { name, runtime, memoryMegabytes, timeoutSeconds, logGroup, role } = configuration;
        return [
          { text: name, to: viewAddress('logs', { group: logGroup }) },
          tally.invocations,
          tally.errors > 0 ? { text: String(tally.errors), tone: 'bad' as const } : 0,
          running > 0 ? { text: String(running), tone: 'busy' as const } : 0,
          tally.lastAt === undefined ? 'never' : timeText(tally.lastAt),
          `${runtime}, ${memoryMegabytes} MB, ${timeoutSeconds} s`,
          publishedText(
            versions.all().map((version) => version.configuration.version),
            aliases.all(),
          ),
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
        'Published',
        'Role',
      ];
      return [{ kind: 'table', title: 'Functions', columns, rows, empty: 'The Terraform has no function.' }];
    },
  };
}

/** The newest version, and what each alias names. */
function publishedText(versions: string[], aliases: Alias[]): string {
  const named = aliases.map(({ name, functionVersion, weights }) => {
    const [other] = Object.entries(weights);
    return `${name} → ${functionVersion}${other ? ` (${Math.round(other[1] * 100)} % → ${other[0]})` : ''}`;
  });
  return [...versions.slice(-1).map((version) => `version ${version}`), ...named].join(', ');
}
