import type { Cognito } from './context.ts';
import { spelled } from './directory.ts';
import { aliasExists } from './errors.ts';
import type { User, UserPool } from './model.ts';

type Named = Pick<User, 'username' | 'attributes'>;

/** Who else already signs in by an alias of this user, and by which. */
export function aliasOwner(
  cognito: Cognito,
  pool: UserPool,
  user: Named,
): { owner: User; name: string } | undefined {
  const names = [
    ...pool.usernameAttributes,
    ...pool.aliasAttributes.filter(
      (name) => name === 'preferred_username' || user.attributes[`${name}_verified`] === 'true',
    ),
  ];
  for (const name of names) {
    const value = user.attributes[name];
    const owner = value ? cognito.directory.find(pool, spelled(pool, value)) : undefined;
    if (owner && owner.username !== user.username) return { owner, name };
  }
  return undefined;
}

/** Throws `AliasExistsException` where somebody else signs in by an alias of this user. */
export function refuseTakenAlias(cognito: Cognito, pool: UserPool, user: Named): void {
  const taken = aliasOwner(cognito, pool, user);
  if (taken) throw aliasExists(taken.name);
}

/** `ForceAliasCreation`: whoever had the aliases of this user before has them no longer. */
export async function takeAliases(cognito: Cognito, pool: UserPool, user: Named): Promise<void> {
  for (let taken = aliasOwner(cognito, pool, user); taken; taken = aliasOwner(cognito, pool, user)) {
    const { owner, name } = taken;
    if (!pool.aliasAttributes.includes(name)) throw aliasExists(name);
    await cognito.directory.change(pool, owner.username, (newest) => {
      const { [name]: _, ...others } = newest.attributes;
      const unverified = { ...newest.attributes, [`${name}_verified`]: 'false' };
      return { ...newest, attributes: name === 'preferred_username' ? others : unverified };
    });
  }
}
