import { command } from '#shared/definition/command.ts';
import { text } from '#shared/messages/schema.ts';
import { failure, ignore } from '../failure/failure.ts';
import { responders } from '../roles.ts';

export const ignoreFailure = command({
  route: 'POST /failures/{failureId}/ignore',
  roles: responders,
  input: { reason: text(500) },
  aggregate: failure,
  decide: ignore,
});
