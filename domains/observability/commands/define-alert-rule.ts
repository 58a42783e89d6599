import { command } from '#shared/definition/command.ts';
import { alertRule, define, ruleFields } from '../alert-rule/alert-rule.ts';
import { responders } from '../roles.ts';

export const defineAlertRule = command({
  route: 'POST /alert-rules',
  roles: responders,
  input: ruleFields,
  aggregate: alertRule,
  decide: define,
});
