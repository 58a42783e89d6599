import { type Block, timeText, type View } from '../../core/view.ts';
import type { TelemetryStore } from '../../telemetry/index.ts';
import type { LogGroups } from './groups.ts';
import type { SubscriptionFilters } from './subscriptions/filters.ts';

const newest = 300;

/** Who subscribes to a group; nothing where nobody does. */
function subscribers(filters: SubscriptionFilters, group: string): Block[] {
  const rows = filters
    .ofGroup(group)
    .map(({ filter }) => [filter.filterName, filter.filterPattern || 'every line', filter.destinationArn]);
  if (rows.length === 0) return [];
  return [
    { kind: 'table', title: 'Subscriptions', columns: ['Filter', 'Lines', 'Sent to'], rows, empty: '' },
  ];
}

/** The last lines of one group, and who subscribes to it. */
export function logsView(store: TelemetryStore, groups: LogGroups, filters: SubscriptionFilters): View {
  return {
    id: 'logs',
    title: 'Logs',
    about: `The newest ${newest} lines of a log group, the newest first.`,
    async show(query) {
      const names = groups.all().map(({ name }) => name);
      const group = query.get('group') ?? names[0] ?? '';
      const contains = query.get('contains') ?? '';
      const lines = await store.logEvents({
        group,
        backward: true,
        limit: newest,
        ...(contains === '' ? {} : { contains: [contains] }),
      });
      return [
        {
          kind: 'choice',
          inputs: [
            { name: 'group', label: 'Log group', value: group, options: names },
            { name: 'contains', label: 'Contains', value: contains },
          ],
        },
        ...subscribers(filters, group),
        {
          kind: 'table',
          title: group === '' ? 'Lines' : group,
          columns: ['Time', 'Line', 'Stream'],
          rows: lines.map(({ time, message, stream }) => [timeText(time), message.trimEnd(), stream]),
          empty: contains === '' ? 'Nothing was logged yet.' : 'No line contains that.',
        },
      ];
    },
  };
}
