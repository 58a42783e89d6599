import { command } from '#shared/definition/command.ts';
import { alertRule, disable } from '../alert-rule/alert-rule.ts';
import { responders } from '../roles.ts';

export const disableAlertRule = command({
  route: 'POST /alert-rules/{alertRuleId}/disable',
  roles: responders,
  input: {},
  aggregate: alertRule,
  decide: disable,
});
