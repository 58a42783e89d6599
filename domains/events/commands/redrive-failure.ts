import { command } from '#shared/definition/command.ts';
import { optional, text } from '#shared/messages/schema.ts';
import { failure, redrive } from '../failure/failure.ts';
import { responders } from '../roles.ts';

export const redriveFailure = command({
  route: 'POST /failures/{failureId}/redrive',
  roles: responders,
  input: {
    /** `<tenant>/<type>/<id>`; absent: all that wait, 100 at a time. */
    stream: optional(text(300)),
  },
  aggregate: failure,
  decide: redrive,
});
