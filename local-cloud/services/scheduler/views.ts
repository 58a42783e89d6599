import { timeText, type View } from '../../core/view.ts';
import type { Schedules } from './schedules.ts';
import type { Timetable } from './timetable.ts';

/** The schedules and when each is due. */
export function schedulesView(schedules: Schedules, timetable: Timetable): View {
  return {
    id: 'schedules',
    title: 'Schedules',
    about: 'Every schedule of EventBridge Scheduler with its target and when it is due next.',
    show(query) {
      const group = query.get('group') ?? '';
      const groups = schedules.groups().map(({ name }) => name);
      const found = schedules.all().filter((each) => group === '' || each.group === group);
      return [
        {
          kind: 'choice',
          inputs: [{ name: 'group', label: 'Group', value: group, options: ['', ...groups] }],
        },
        {
          kind: 'table',
          title: `Schedules (${found.length})`,
          columns: ['Group', 'Name', 'State', 'Expression', 'Time zone', 'Next', 'Target'],
          rows: found.map((schedule) => {
            const next = timetable.nextOf(schedule);
            return [
              schedule.group,
              schedule.name,
              schedule.enabled ? 'enabled' : { text: 'disabled', tone: 'busy' as const },
              schedule.expression,
              schedule.timeZone,
              next === undefined ? { text: 'never', tone: 'quiet' as const } : timeText(next),
              schedule.target.arn.split(':').slice(5).join(':'),
            ];
          }),
          empty: 'There is no schedule.',
        },
      ];
    },
  };
}
