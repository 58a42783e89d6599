import { allowOn, domain } from '#shared/definition/domain.ts';
import { forgetPerson } from './commands/forget-person.ts';
import { person } from './person/person.ts';
import { deletePersonalKey } from './reactors/delete-personal-key.ts';

const keys = 'arn:aws:dynamodb:{region}:{account}:table/skafu-{environment}-platform-personal-keys';

/** The people of whom events tell, and their right to be forgotten. */
export default domain('people', {
  aggregates: { person },
  commands: { forgetPerson },
  queries: {},
  readModels: {},
  reactors: { deletePersonalKey },
  permissions: { deletePersonalKey: [allowOn([keys], 'dynamodb:DeleteItem')] },
});
