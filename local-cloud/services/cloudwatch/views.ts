import { type Tone, timeText, type View } from '../../core/view.ts';
import type { AlarmState } from './alarms/evaluation.ts';
import { suppressionReason } from './alarms/event.ts';
import { type AlarmRecord, isComposite } from './alarms/record.ts';
import type { AlarmRegister } from './alarms/register.ts';

const tones: Readonly<Record<AlarmState, Tone>> = { ALARM: 'bad', OK: 'good', INSUFFICIENT_DATA: 'quiet' };
const urgency: readonly AlarmState[] = ['ALARM', 'INSUFFICIENT_DATA', 'OK'];

function actionsOf(alarm: AlarmRecord): string {
  if (!alarm.settings.ActionsEnabled) return 'disabled';
  return isComposite(alarm) && alarm.suppression ? suppressionReason(alarm.suppression) : 'enabled';
}

/** The alarms, those that are raised first. */
export function alarmsView(register: AlarmRegister): View {
  return {
    id: 'alarms',
    title: 'Alarms',
    about: 'Every CloudWatch alarm, on metrics and on other alarms, with its state and why it has it.',
    show() {
      const rank = ({ state }: AlarmRecord) => urgency.indexOf(state.value);
      const rows = register
        .all()
        .sort((a, b) => rank(a) - rank(b))
        .map((alarm) => [
          alarm.settings.AlarmName,
          { text: alarm.state.value, tone: tones[alarm.state.value] },
          timeText(alarm.state.transitioned),
          alarm.state.reason,
          isComposite(alarm) ? alarm.settings.AlarmRule : (alarm.settings.MetricName ?? 'metric math'),
          actionsOf(alarm),
        ]);
      const columns = ['Alarm', 'State', 'Since', 'Reason', 'Watches', 'Actions'];
      return [{ kind: 'table', title: 'Alarms', columns, rows, empty: 'There is no alarm.' }];
    },
  };
}
