import { timeText, type View } from '../../core/view.ts';
import { latestOf, type Parameters } from './parameters.ts';

/** The parameters; the values of secure ones are never shown. */
export function parametersView(parameters: Parameters): View {
  return {
    id: 'parameters',
    title: 'Parameters',
    about: 'Every parameter of the Parameter Store with its newest version; secure values stay hidden.',
    show(query) {
      const prefix = query.get('prefix') ?? '';
      const found = parameters.all().filter(({ name }) => name.startsWith(prefix));
      return [
        { kind: 'choice', inputs: [{ name: 'prefix', label: 'Name begins with', value: prefix }] },
        {
          kind: 'table',
          title: `Parameters (${found.length} of ${parameters.count()})`,
          columns: ['Name', 'Type', 'Value', 'Version', 'Labels', 'Tier', 'Changed'],
          rows: found.map((parameter) => {
            const { type, value, version, tier, modifiedAt } = latestOf(parameter);
            const labels = parameter.versions.flatMap((each) =>
              each.labels.map((label) => `${label}: ${each.version}`),
            );
            const shown =
              type === 'SecureString' ? { text: 'hidden', tone: 'quiet' as const } : value.slice(0, 200);
            return [parameter.name, type, shown, version, labels.join(', '), tier, timeText(modifiedAt)];
          }),
          empty: 'There is no such parameter.',
        },
      ];
    },
  };
}
