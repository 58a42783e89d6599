import { useDispatch } from 'react-redux';
import { notified } from '#shared/frontend/notifications.ts';
import { describe, isProblem } from '#shared/frontend/problem.ts';
import { useSwitchAlertRuleMutation } from '../api.ts';
import type { AlertRule } from '../types.ts';

/** Enables or disables a rule and tells how it went. */
export function useSwitchRule(): [(rule: AlertRule) => Promise<void>, boolean] {
  const [switchRule, { isLoading }] = useSwitchAlertRuleMutation();
  const dispatch = useDispatch();
  const act = async (rule: AlertRule): Promise<void> => {
    const enable = !rule.enabled;
    const { error } = await switchRule({ alertRuleId: rule.alertRuleId, enable });
    const id = `switched-${rule.alertRuleId}`;
    if (error) {
      const content = isProblem(error) ? describe(error) : 'The console failed. Try again.';
      dispatch(
        notified({
          id,
          type: 'error',
          header: `Could not ${enable ? 'enable' : 'disable'} ${rule.name}`,
          content,
        }),
      );
    } else {
      dispatch(
        notified({
          id,
          type: 'success',
          header: `${enable ? 'Enabled' : 'Disabled'} alert rule ${rule.name}`,
        }),
      );
    }
  };
  return [act, isLoading];
}
