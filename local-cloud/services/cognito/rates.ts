import { AwsError } from '../../core/errors.ts';
import type { UserPool } from './model.ts';

const hour = 3_600_000;

/** How often an hour a user may do what sends or tries a code; where AWS gives a range by risk, its upper end. */
const mostPerHour = {
  ResendConfirmationCode: 5,
  GetUserAttributeVerificationCode: 5,
  ForgotPassword: 20,
  ConfirmSignUp: 15,
  ConfirmForgotPassword: 15,
  VerifyUserAttribute: 15,
};

/** Counts in memory: a restart forgives, as an hour does in AWS. */
export class Rates {
  private readonly times = new Map<string, number[]>();
  private readonly now: () => number;

  constructor(now: () => number = Date.now) {
    this.now = now;
  }

  /** Throws `LimitExceededException` when a user has done it too often within the last hour. */
  count(pool: UserPool, username: string, operation: keyof typeof mostPerHour): void {
    const since = this.now() - hour;
    const key = `${operation}/${pool.id}/${username}`;
    const recent = (this.times.get(key) ?? []).filter((time) => time > since);
    if (recent.length >= mostPerHour[operation]) {
      throw new AwsError('LimitExceededException', 'Attempt limit exceeded, please try after some time.');
    }
    // In order of last use, so that the first ones are those to forget.
    this.times.delete(key);
    this.times.set(key, [...recent, this.now()]);
    for (const [old, times] of this.times) {
      if ((times.at(-1) ?? 0) > since) break;
      this.times.delete(old);
    }
  }
}
