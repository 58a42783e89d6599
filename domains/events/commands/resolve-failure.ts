import { command } from '#shared/definition/command.ts';
import { text } from '#shared/messages/schema.ts';
import { failure, resolve } from '../failure/failure.ts';
import { responders } from '../roles.ts';

export const resolveFailure = command({
  route: 'POST /failures/{failureId}/resolve',
  roles: responders,
  input: { reason: text(500) },
  aggregate: failure,
  decide: resolve,
});
