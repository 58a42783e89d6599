import { randomInt } from 'node:crypto';
import { AwsError } from '../../core/errors.ts';
import type { StateNamespace } from '../../core/state.ts';
import type { Contact } from './messages/deliver.ts';
import type { UserPool } from './model.ts';

/** What a code is good for. */
export type CodePurpose = 'sign-up' | 'password' | Contact;

interface Code {
  code: string;
  /** Epoch milliseconds. */
  expiresAt: number;
  /** The attribute that it verifies, and the value that it was sent to. */
  contact: Contact;
  value: string;
}

const hour = 3_600_000;
/** AWS's: an hour for a forgotten password, a day for the rest. */
const validity: Record<CodePurpose, number> = {
  'sign-up': 24 * hour,
  password: hour,
  email: 24 * hour,
  phone_number: 24 * hour,
};

/** The codes that people were sent: one at a time for each purpose, on disk before they are sent. */
export class Codes {
  private readonly state: StateNamespace;
  private readonly now: () => number;
  private readonly codes = new Map<string, Code>();

  constructor(state: StateNamespace, now: () => number = Date.now) {
    this.state = state;
    this.now = now;
  }

  async load(): Promise<void> {
    for (const { key, value } of await this.state.list<Code>('code/')) {
      if (value.expiresAt + 24 * hour < this.now()) await this.state.delete(key);
      else this.codes.set(key, value);
    }
  }

  /** A new code of six digits, in place of an earlier one. */
  async make(
    pool: UserPool,
    username: string,
    purpose: CodePurpose,
    contact: Contact,
    value: string,
  ): Promise<string> {
    const key = keyOf(pool, username, purpose);
    const code = String(randomInt(1_000_000)).padStart(6, '0');
    const kept: Code = { code, expiresAt: this.now() + validity[purpose], contact, value };
    await this.state.put(key, kept);
    this.codes.set(key, kept);
    return code;
  }

  /** The code that was sent, if `given` is it. Throws `CodeMismatchException` or `ExpiredCodeException`. */
  check(pool: UserPool, username: string, purpose: CodePurpose, given: string): Code {
    const kept = this.codes.get(keyOf(pool, username, purpose));
    if (!kept || kept.expiresAt <= this.now()) throw expired();
    if (kept.code !== given) throw mismatch();
    return kept;
  }

  /** Takes back a code that was checked: whoever comes second with the same one is too late. */
  async take(pool: UserPool, username: string, purpose: CodePurpose, code: Code): Promise<void> {
    const key = keyOf(pool, username, purpose);
    if (this.codes.get(key) !== code) throw expired();
    this.codes.delete(key);
    await this.state.delete(key);
  }

  /** For a user that is deleted. */
  async forget(pool: UserPool, username: string): Promise<void> {
    const keys = [...this.codes.keys()].filter((key) => key.startsWith(keyOf(pool, username, '')));
    for (const key of keys) this.codes.delete(key);
    await this.state.batch(keys.map((key) => ({ delete: key })));
  }
}

export const mismatch = () =>
  new AwsError('CodeMismatchException', 'Invalid verification code provided, please try again.');
const expired = () =>
  new AwsError('ExpiredCodeException', 'Invalid code provided, please request a code again.');

function keyOf(pool: UserPool, username: string, purpose: CodePurpose | ''): string {
  return `code/${pool.id}/${encodeURIComponent(username)}/${purpose}`;
}
