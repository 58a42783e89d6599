import { randomBytes } from 'node:crypto';
import type { PersonalKeys } from '../event-store/personal-keys.ts';
import type { PersonKey } from '../event-store/personal-text.ts';

/** Keys of people in memory, for tests of what stands above them. */
export function createMemoryPersonalKeys(): PersonalKeys {
  const keys = new Map<string, PersonKey & { made: number }>();
  const nameOf = (tenant: string, person: string) => `${tenant}#${person}`;
  return {
    async toSeal(tenant, person) {
      const name = nameOf(tenant, person);
      const key = keys.get(name) ?? {
        id: randomBytes(6).toString('base64url'),
        bytes: randomBytes(32),
        made: Date.now(),
      };
      keys.set(name, key);
      return key;
    },

    async toReveal(tenant, person, id) {
      const key = keys.get(nameOf(tenant, person));
      return key?.id === id ? key : undefined;
    },

    async forget(tenant, person, made) {
      const name = nameOf(tenant, person);
      if ((keys.get(name)?.made ?? 0) <= made) keys.delete(name);
    },
  };
}
