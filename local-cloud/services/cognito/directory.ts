import type { StateNamespace } from '../../core/state.ts';
import { userNotFound } from './errors.ts';
import type { User, UserPool } from './model.ts';

/**
 * The people of every pool: on disk before a change is acknowledged, in memory to be found by name or alias. Changes
 * happen one after the other, so that none is lost between reading a user and writing it.
 */
export class Directory {
  private readonly state: StateNamespace;
  private readonly pools = new Map<string, Map<string, User>>();
  private lastChange: Promise<unknown> = Promise.resolve();

  constructor(state: StateNamespace) {
    this.state = state;
  }

  async load(): Promise<void> {
    for (const { key, value } of await this.state.list<User>('user/')) {
      const [, poolId] = key.split('/');
      if (poolId) this.usersOf(poolId).set(value.username, value);
    }
  }

  /** All users of a pool in order of username. */
  list(poolId: string): User[] {
    return [...this.usersOf(poolId).values()].sort((a, b) => (a.username < b.username ? -1 : 1));
  }

  count(poolId: string): number {
    return this.usersOf(poolId).size;
  }

  /** By username, `sub`, or an attribute the pool signs in by. */
  find(pool: UserPool, name: string): User | undefined {
    const users = this.usersOf(pool.id);
    const exact = users.get(name);
    if (exact) return exact;
    const wanted = spelled(pool, name);
    for (const user of users.values()) {
      if (user.sub === name || spelled(pool, user.username) === wanted) return user;
      if (aliasesOf(pool, user).includes(wanted)) return user;
    }
    return undefined;
  }

  /** As `find`; throws `UserNotFoundException`. */
  get(pool: UserPool, name: string): User {
    const user = this.find(pool, name);
    if (!user) throw userNotFound();
    return user;
  }

  /** Adds a user; `prepare` runs when no other change can come between, to look for duplicates. */
  add(pool: UserPool, prepare: () => User): Promise<User> {
    return this.inTurn(async () => {
      const user = prepare();
      await this.keep(pool.id, user);
      return user;
    });
  }

  /** Changes a user from its newest state. Throws `UserNotFoundException` when it is gone. */
  change(pool: UserPool, username: string, change: (user: User) => User): Promise<User> {
    return this.inTurn(async () => {
      const user = { ...change(this.get(pool, username)), modifiedAt: Date.now() };
      await this.keep(pool.id, user);
      return user;
    });
  }

  remove(pool: UserPool, username: string): Promise<void> {
    return this.inTurn(async () => {
      await this.state.delete(`user/${pool.id}/${username}`);
      this.usersOf(pool.id).delete(username);
    });
  }

  /** For a pool that is gone. */
  removeAll(poolId: string): Promise<void> {
    return this.inTurn(async () => {
      const usernames = [...this.usersOf(poolId).keys()];
      await this.state.batch(usernames.map((username) => ({ delete: `user/${poolId}/${username}` })));
      this.pools.delete(poolId);
    });
  }

  private async keep(poolId: string, user: User): Promise<void> {
    await this.state.put(`user/${poolId}/${user.username}`, user);
    this.usersOf(poolId).set(user.username, user);
  }

  private inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const turn = this.lastChange.then(work);
    // The caller hears of a failure; the next in line must only wait for it to be over.
    this.lastChange = turn.catch(() => undefined);
    return turn;
  }

  private usersOf(poolId: string): Map<string, User> {
    const known = this.pools.get(poolId);
    if (known) return known;
    const users = new Map<string, User>();
    this.pools.set(poolId, users);
    return users;
  }
}

/** What else the user may sign in with, spelled for comparison. An alias counts once it is verified. */
export function aliasesOf(pool: UserPool, user: User): string[] {
  const instead = pool.usernameAttributes.map((name) => user.attributes[name]);
  const verified = pool.aliasAttributes
    .filter((name) => name === 'preferred_username' || user.attributes[`${name}_verified`] === 'true')
    .map((name) => user.attributes[name]);
  return [...instead, ...verified]
    .filter((value) => value !== undefined)
    .map((value) => spelled(pool, value));
}

export function spelled(pool: UserPool, name: string): string {
  return pool.caseSensitive ? name : name.toLowerCase();
}
