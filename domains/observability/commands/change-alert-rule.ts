import { command } from '#shared/definition/command.ts';
import { alertRule, change, ruleFields } from '../alert-rule/alert-rule.ts';
import { responders } from '../roles.ts';

export const changeAlertRule = command({
  route: 'PUT /alert-rules/{alertRuleId}',
  roles: responders,
  input: ruleFields,
  aggregate: alertRule,
  decide: change,
});
