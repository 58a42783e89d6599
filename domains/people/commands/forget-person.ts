import { command } from '#shared/definition/command.ts';
import { oneOf } from '#shared/messages/schema.ts';
import { forget, person } from '../person/person.ts';
import { administrators } from '../roles.ts';

export const forgetPerson = command({
  route: 'POST /{personId}/forget',
  roles: administrators,
  // It cannot be undone, so it is not enough to call the route.
  input: { confirmation: oneOf('forget') },
  aggregate: person,
  decide: forget,
  mayBegin: true,
});
