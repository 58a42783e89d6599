import { command } from '#shared/definition/command.ts';
import { optional, text } from '#shared/messages/schema.ts';
import { failure, reopen } from '../failure/failure.ts';
import { responders } from '../roles.ts';

export const reopenFailure = command({
  route: 'POST /failures/{failureId}/reopen',
  roles: responders,
  input: { reason: optional(text(500)) },
  aggregate: failure,
  decide: reopen,
});
