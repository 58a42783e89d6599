import { invalidParameter } from './errors.ts';
import type { User } from './model.ts';

const searchable = [
  'username',
  'email',
  'phone_number',
  'name',
  'given_name',
  'family_name',
  'preferred_username',
  'cognito:user_status',
  'status',
  'sub',
];

/**
 * The `Filter` of ListUsers, `email = "a@b.c"` or `email ^= "a"`, as a predicate. Throws `InvalidParameterException`
 * for what Cognito cannot search by.
 */
export function parseUserFilter(filter: string | undefined): (user: User) => boolean {
  if (!filter) return () => true;
  const match = /^\s*"?([\w:]+)"?\s*(\^?=)\s*"((?:[^"\\]|\\.)*)"\s*$/.exec(filter);
  const [, attribute = '', operator, quoted = ''] = match ?? [];
  if (!match) throw invalidParameter('Error while parsing filter.');
  if (!searchable.includes(attribute)) {
    throw invalidParameter(`Invalid search attribute: ${attribute}`);
  }
  const wanted = quoted.replaceAll(/\\(.)/g, '$1').toLowerCase();
  return (user) => {
    const value = searchedValue(user, attribute)?.toLowerCase();
    if (value === undefined) return false;
    return operator === '=' ? value === wanted : value.startsWith(wanted);
  };
}

function searchedValue(user: User, attribute: string): string | undefined {
  if (attribute === 'username') return user.username;
  if (attribute === 'sub') return user.sub;
  if (attribute === 'cognito:user_status') return user.status;
  if (attribute === 'status') return user.enabled ? 'Enabled' : 'Disabled';
  return user.attributes[attribute];
}
