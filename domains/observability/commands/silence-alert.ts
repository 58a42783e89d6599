import { command } from '#shared/definition/command.ts';
import { instant, text } from '#shared/messages/schema.ts';
import { alert, silence } from '../alert/alert.ts';
import { alertRule } from '../alert-rule/alert-rule.ts';
import { responders } from '../roles.ts';

/** Also before the alert's first episode: for work that is planned. */
export const silenceAlert = command({
  route: 'POST /alerts/{alertId}/silence',
  roles: responders,
  input: { until: instant, reason: text(500) },
  aggregate: alert,
  existsWith: alertRule,
  decide: silence,
});
