import { notAuthorized } from './errors.ts';

/** AWS lets five wrong passwords pass, then locks for a second, doubling with each further one up to 15 minutes. */
const freeAttempts = 5;
const longestLock = 15 * 60_000;

interface Failures {
  count: number;
  lockedUntil: number;
}

/** Counts wrong passwords by user, in memory: a restart forgives them, as a quarter of an hour does in AWS. */
export class Attempts {
  private readonly failures = new Map<string, Failures>();
  private readonly now: () => number;

  constructor(now: () => number = Date.now) {
    this.now = now;
  }

  /** Throws `NotAuthorizedException` while the user is locked. */
  check(poolId: string, username: string): void {
    const failures = this.failures.get(`${poolId}/${username}`);
    if (failures && failures.lockedUntil > this.now()) throw notAuthorized('Password attempts exceeded');
  }

  failed(poolId: string, username: string): void {
    const key = `${poolId}/${username}`;
    const count = (this.failures.get(key)?.count ?? 0) + 1;
    const lock = count < freeAttempts ? 0 : Math.min(1000 * 2 ** (count - freeAttempts), longestLock);
    this.failures.set(key, { count, lockedUntil: this.now() + lock });
  }

  succeeded(poolId: string, username: string): void {
    this.failures.delete(`${poolId}/${username}`);
  }
}
