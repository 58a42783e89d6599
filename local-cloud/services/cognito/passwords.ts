import { randomInt } from 'node:crypto';
import { AwsError } from '../../core/errors.ts';
import { invalidParameter, invalidPassword } from './errors.ts';
import type { PasswordPolicy, User, UserPool } from './model.ts';
import { createVerifier, matchesVerifier } from './srp.ts';

// The characters AWS counts as symbols; a space counts only inside the password.
const symbols = /[\^$*.[\]{}()?"!@#%&/\\,><':;|_~`=+\- ]/;

/** Throws `InvalidPasswordException` naming the first rule of the pool the password breaks. */
export function checkPassword(policy: PasswordPolicy, password: string): void {
  if (password.length > 256 || /^\s|\s$/.test(password)) {
    throw invalidParameter(
      "1 validation error detected: Value at 'password' failed to satisfy constraint: Member must satisfy regular expression pattern: ^[\\S]+.*[\\S]+$",
    );
  }
  if (password.length < policy.minimumLength) throw invalidPassword('Password not long enough');
  if (policy.requireLowercase && !/[a-z]/.test(password)) {
    throw invalidPassword('Password must have lowercase characters');
  }
  if (policy.requireUppercase && !/[A-Z]/.test(password)) {
    throw invalidPassword('Password must have uppercase characters');
  }
  if (policy.requireNumbers && !/[0-9]/.test(password)) {
    throw invalidPassword('Password must have numeric characters');
  }
  if (policy.requireSymbols && !symbols.test(password)) {
    throw invalidPassword('Password must have symbol characters');
  }
}

/**
 * The user with a new password. Throws `InvalidPasswordException`, or `PasswordHistoryPolicyViolationException` for one
 * that the user had among the last ones.
 */
export function withPassword(pool: UserPool, user: User, password: string): User {
  checkPassword(pool.passwordPolicy, password);
  const { temporaryUntil: _, passwordHistory = [], ...rest } = user;
  const size = pool.passwordPolicy.historySize;
  const had = [...(user.password ? [user.password] : []), ...passwordHistory].slice(0, size);
  if (had.some((kept) => matchesVerifier(pool.id, user.username, password, kept))) {
    throw new AwsError(
      'PasswordHistoryPolicyViolationException',
      `Password has previously been used. The last ${size} passwords cannot be used again.`,
    );
  }
  return {
    ...rest,
    password: createVerifier(pool.id, user.username, password),
    ...(size > 0 && { passwordHistory: had }),
  };
}

/** A temporary password that every policy accepts, for AdminCreateUser without one. */
export function randomPassword(policy: PasswordPolicy): string {
  const alphabets = ['abcdefghijkmnopqrstuvwxyz', 'ABCDEFGHJKLMNPQRSTUVWXYZ', '23456789', '!@#%^&*'];
  const pick = (alphabet: string) => alphabet.charAt(randomInt(alphabet.length));
  const all = alphabets.join('');
  const rest = Array.from({ length: Math.max(policy.minimumLength, 16) }, () => pick(all));
  return [...alphabets.map(pick), ...rest].join('');
}
