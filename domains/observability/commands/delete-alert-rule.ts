import { command } from '#shared/definition/command.ts';
import { alertRule, remove } from '../alert-rule/alert-rule.ts';
import { responders } from '../roles.ts';

export const deleteAlertRule = command({
  route: 'DELETE /alert-rules/{alertRuleId}',
  roles: responders,
  input: {},
  aggregate: alertRule,
  decide: remove,
});
