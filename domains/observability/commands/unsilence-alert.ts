import { command } from '#shared/definition/command.ts';
import { optional, text } from '#shared/messages/schema.ts';
import { alert, unsilence } from '../alert/alert.ts';
import { responders } from '../roles.ts';

export const unsilenceAlert = command({
  route: 'DELETE /alerts/{alertId}/silence',
  roles: responders,
  input: { reason: optional(text(500)) },
  aggregate: alert,
  decide: unsilence,
});
