import { createHash, randomBytes } from 'node:crypto';
import { AwsError } from '../../core/errors.ts';
import type { StateNamespace } from '../../core/state.ts';
import { notAuthorized } from './errors.ts';
import type { PoolClient } from './model.ts';

/** One sign-in, found by the hash of its refresh token: the token itself is never kept. */
export interface SignInSession {
  poolId: string;
  clientId: string;
  username: string;
  originJti: string;
  /** Epoch seconds. */
  authTime: number;
  /** Epoch milliseconds. */
  expiresAt: number;
  /** Exchanged for another refresh token, and good until then. */
  exchangedUntil?: number;
}

/** Refresh tokens and what was revoked, on disk before a sign-in or sign-out is acknowledged. */
export class Sessions {
  private readonly state: StateNamespace;
  private readonly now: () => number;
  private readonly byHash = new Map<string, SignInSession>();
  private readonly revoked = new Map<string, number>();

  constructor(state: StateNamespace, now: () => number = Date.now) {
    this.state = state;
    this.now = now;
  }

  async load(): Promise<void> {
    const now = this.now();
    for (const { key, value } of await this.state.list<SignInSession>('session/')) {
      if (value.expiresAt <= now) await this.state.delete(key);
      else this.byHash.set(key.slice('session/'.length), value);
    }
    for (const { key, value } of await this.state.list<number>('revoked/')) {
      if (value <= now) await this.state.delete(key);
      else this.revoked.set(key.slice('revoked/'.length), value);
    }
  }

  /** Answers the refresh token of a new sign-in. */
  async begin(session: SignInSession): Promise<string> {
    const token = newToken();
    const hash = hashOf(token);
    await this.state.put(`session/${hash}`, session);
    this.byHash.set(hash, session);
    return token;
  }

  /** The sign-in of a refresh token. Throws `NotAuthorizedException`. */
  read(token: string, client: PoolClient): SignInSession {
    const session = this.byHash.get(hashOf(token));
    if (!session || session.clientId !== client.id) throw notAuthorized('Invalid Refresh Token');
    if (session.expiresAt <= this.now()) throw notAuthorized('Refresh Token has expired');
    if (session.exchangedUntil !== undefined && session.exchangedUntil <= this.now()) {
      throw new AwsError('RefreshTokenReuseException', 'Refresh token has been invalidated');
    }
    return session;
  }

  /** A new refresh token in place of one, for the rest of its time. Throws as `read` does. */
  async exchange(token: string, client: PoolClient): Promise<string> {
    const hash = hashOf(token);
    const session = this.read(token, client);
    const until = session.exchangedUntil ?? this.now() + (client.rotationGrace ?? 0) * 1000;
    const exchanged: SignInSession = { ...session, exchangedUntil: until };
    // At once, so that nobody exchanges the same token meanwhile.
    this.byHash.set(hash, exchanged);
    const { exchangedUntil: _, ...fresh } = session;
    const next = newToken();
    const nextHash = hashOf(next);
    await this.state.batch([
      { put: `session/${hash}`, value: exchanged },
      { put: `session/${nextHash}`, value: fresh },
    ]);
    this.byHash.set(nextHash, fresh);
    return next;
  }

  /** Ends the sign-in of a refresh token and every access token that came from it. An unknown token is no error. */
  async revoke(token: string, client: PoolClient): Promise<void> {
    const session = this.byHash.get(hashOf(token));
    if (session?.clientId !== client.id) return;
    const family = [...this.byHash].filter(([, { originJti }]) => originJti === session.originJti);
    await this.end(family, client.validity.accessToken);
  }

  /** Ends every sign-in of a user. */
  async endAll(poolId: string, username: string): Promise<void> {
    const ending = [...this.byHash].filter(
      ([, session]) => session.poolId === poolId && session.username === username,
    );
    await this.end(ending, 86_400);
  }

  isRevoked(originJti: string): boolean {
    return this.revoked.has(originJti);
  }

  private async end(ending: [hash: string, session: SignInSession][], accessSeconds: number): Promise<void> {
    const until = this.now() + accessSeconds * 1000;
    await this.state.batch(
      ending.flatMap(([hash, session]) => [
        { delete: `session/${hash}` },
        { put: `revoked/${session.originJti}`, value: until },
      ]),
    );
    for (const [hash, session] of ending) {
      this.byHash.delete(hash);
      this.revoked.set(session.originJti, until);
    }
  }
}

const newToken = () => randomBytes(96).toString('base64url');

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
