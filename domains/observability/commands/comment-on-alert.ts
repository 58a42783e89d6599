import { command } from '#shared/definition/command.ts';
import { integer, text } from '#shared/messages/schema.ts';
import { alert, comment } from '../alert/alert.ts';
import { responders } from '../roles.ts';

export const commentOnAlert = command({
  route: 'POST /alerts/{alertId}/comments',
  roles: responders,
  input: { episode: integer({ minimum: 1 }), text: text(2000) },
  aggregate: alert,
  decide: comment,
});
