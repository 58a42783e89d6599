import { command } from '#shared/definition/command.ts';
import { alertRule, enable } from '../alert-rule/alert-rule.ts';
import { responders } from '../roles.ts';

export const enableAlertRule = command({
  route: 'POST /alert-rules/{alertRuleId}/enable',
  roles: responders,
  input: {},
  aggregate: alertRule,
  decide: enable,
});
