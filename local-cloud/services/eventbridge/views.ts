import type { View } from '../../core/view.ts';
import type { RecentEvents } from './recent-events.ts';
import type { Registry } from './registry.ts';

/** What came over the buses and which rules it met. */
export function eventsView(registry: Registry, recent: RecentEvents): View {
  return {
    id: 'events',
    title: 'Events',
    about:
      'The newest events of every bus with the rules that each of them matched, and the rules with their targets.',
    show(query) {
      const bus = query.get('bus') ?? '';
      const events = recent.all().filter(({ busName }) => bus === '' || busName === bus);
      const buses = [...registry.buses.keys()].sort();
      const rules = buses.flatMap((name) => registry.rules(name));
      return [
        { kind: 'choice', inputs: [{ name: 'bus', label: 'Bus', value: bus, options: ['', ...buses] }] },
        {
          kind: 'table',
          title: 'Newest events',
          columns: ['Time', 'Bus', 'Source', 'Type', 'Matched rules', 'Detail'],
          rows: events.map(({ busName, event, rules: matched }) => [
            event.time,
            busName,
            event.source,
            event['detail-type'],
            matched.length > 0 ? matched.join(', ') : { text: 'none', tone: 'busy' as const },
            JSON.stringify(event.detail).slice(0, 300),
          ]),
          empty: 'No event has come since the start.',
        },
        {
          kind: 'table',
          title: 'Rules',
          columns: ['Rule', 'Bus', 'State', 'Pattern or schedule', 'Targets'],
          rows: rules.map((rule) => [
            rule.name,
            rule.busName,
            rule.enabled ? 'enabled' : { text: 'disabled', tone: 'busy' as const },
            rule.eventPattern ?? rule.scheduleExpression ?? '',
            registry
              .targets(rule)
              .map(({ arn }) => arn.split(':').slice(5).join(':'))
              .join(', '),
          ]),
          empty: 'There is no rule.',
        },
      ];
    },
  };
}
