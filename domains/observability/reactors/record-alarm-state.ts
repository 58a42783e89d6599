import { platformReactor } from '#shared/definition/reactor.ts';
import { alarmPrefix, ruleOfAlarm } from '../cloudwatch/alarm-name.ts';
import { applyAlarmState, currentAlarmState, reasonOr } from './alarm-state.ts';

/** The parts of a "CloudWatch Alarm State Change" that we read. */
interface AlarmStateChange {
  readonly alarmName: string;
  readonly state: { readonly value: string; readonly reason?: string; readonly timestamp: string };
}

/** Raises and resolves the alert of a rule as its alarm changes its state. */
export const recordAlarmState = platformReactor({
  pattern: ({ environment }) => ({
    source: ['aws.cloudwatch'],
    'detail-type': ['CloudWatch Alarm State Change'],
    detail: { alarmName: [{ prefix: alarmPrefix(environment) }] },
  }),
  react: async (event, context) => {
    const { alarmName, state } = event.detail as AlarmStateChange;
    const rule = ruleOfAlarm(alarmName, context.environment);
    if (!rule) return;
    const changedAt = new Date(state.timestamp).toISOString();
    await applyAlarmState(
      rule,
      { value: state.value, reason: reasonOr(state.reason, state.value), changedAt },
      context,
    );

    // The bus reorders: a recovery that came before its alarm found nothing to resolve. What the alarm says now does.
    const now = state.value === 'ALARM' ? await currentAlarmState(rule) : undefined;
    if (now) await applyAlarmState(rule, now, context);
  },
});
