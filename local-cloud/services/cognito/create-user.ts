import { randomUUID } from 'node:crypto';
import { AwsError } from '../../core/errors.ts';
import { checkNewAttributes } from './attributes.ts';
import type { Cognito } from './context.ts';
import { aliasesOf, spelled } from './directory.ts';
import { invalidParameter } from './errors.ts';
import type { User, UserPool, UserStatus } from './model.ts';
import { createVerifier } from './srp.ts';

export interface NewUser {
  username: string;
  attributes: Record<string, string>;
  /** Absent: nobody can sign in until a password is set. */
  password?: string;
  status: UserStatus;
  temporaryUntil?: number;
}

/** Where people sign in by e-mail or phone, the username is a random UUID and the given name that attribute. */
export function identify(pool: UserPool, name: string, attributes: Record<string, string>) {
  if (pool.usernameAttributes.length === 0) {
    const looksLikeAlias =
      (pool.aliasAttributes.includes('email') && name.includes('@')) ||
      (pool.aliasAttributes.includes('phone_number') && /^\+\d+$/.test(name));
    if (looksLikeAlias) {
      throw invalidParameter(
        'Username cannot be of email format, since user pool is configured for email alias.',
      );
    }
    return { username: name, attributes };
  }
  const kind = name.startsWith('+') ? 'phone_number' : 'email';
  const looksRight = kind === 'email' ? name.includes('@') : /^\+\d+$/.test(name);
  if (!pool.usernameAttributes.includes(kind) || !looksRight) {
    throw invalidParameter(
      `Username should be ${pool.usernameAttributes.includes('email') ? 'an email' : 'a phone number'}.`,
    );
  }
  return { username: randomUUID(), attributes: { [kind]: name, ...attributes } };
}

/**
 * Adds a user to a pool. Throws `InvalidParameterException` for attributes against the schema and
 * `UsernameExistsException` when the name or an alias is taken.
 */
export async function createUser(cognito: Cognito, pool: UserPool, given: NewUser): Promise<User> {
  const { username, attributes } = given;
  checkNewAttributes(pool, attributes);
  return cognito.directory.add(pool, () => {
    const now = Date.now();
    const user: User = {
      username,
      sub: pool.usernameAttributes.length > 0 ? username : randomUUID(),
      attributes,
      enabled: true,
      status: given.status,
      ...(given.password !== undefined && { password: createVerifier(pool.id, username, given.password) }),
      ...(given.temporaryUntil !== undefined && { temporaryUntil: given.temporaryUntil }),
      groups: [],
      createdAt: now,
      modifiedAt: now,
    };
    refuseDuplicate(cognito, pool, user);
    return user;
  });
}

function refuseDuplicate(cognito: Cognito, pool: UserPool, user: User): void {
  const names = [spelled(pool, user.username), ...aliasesOf(pool, user)];
  for (const other of cognito.directory.list(pool.id)) {
    const taken = [spelled(pool, other.username), ...aliasesOf(pool, other)];
    if (names.some((name) => taken.includes(name))) {
      throw new AwsError('UsernameExistsException', 'User account already exists');
    }
  }
}
