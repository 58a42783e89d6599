import { command } from '#shared/definition/command.ts';
import { integer, optional, text } from '#shared/messages/schema.ts';
import { acknowledge, alert } from '../alert/alert.ts';
import { responders } from '../roles.ts';

export const acknowledgeAlert = command({
  route: 'POST /alerts/{alertId}/acknowledgement',
  roles: responders,
  input: { episode: integer({ minimum: 1 }), note: optional(text(500)) },
  aggregate: alert,
  decide: acknowledge,
});
