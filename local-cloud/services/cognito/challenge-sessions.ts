import { randomUUID } from 'node:crypto';
import type { Sealing } from '../../core/sealing.ts';
import { notAuthorized } from './errors.ts';
import type { PoolClient } from './model.ts';

/** What every half-finished sign-in remembers, sealed in the `Session` that the client carries. */
export interface ChallengeSession {
  id: string;
  challenge: string;
  clientId: string;
  username: string;
}

type Given<Session extends ChallengeSession> = Omit<Session, 'id'>;

/** The `Session` of challenges: bound to one client and one challenge, and good for one answer. */
export class ChallengeSessions {
  private readonly sealing: Sealing;
  private readonly now: () => number;
  /** Ids of answered sessions, with the time from which they are too old anyway. */
  private readonly used = new Map<string, number>();

  constructor(sealing: Sealing, now: () => number) {
    this.sealing = sealing;
    this.now = now;
  }

  begin<Session extends ChallengeSession>(content: Given<Session>): string {
    return this.sealing.seal({ ...content, id: randomUUID() });
  }

  /** Throws `NotAuthorizedException` for what is forged, late, answered, or of another challenge or client. */
  open<Session extends ChallengeSession>(client: PoolClient, challenge: string, sealed: string): Session {
    const session = this.sealing.open<Session>(sealed, client.challengeLifetime);
    if (!session || session.clientId !== client.id || session.challenge !== challenge) {
      throw notAuthorized('Invalid session for the user, session is expired.');
    }
    if (this.used.has(session.id)) throw usedAlready();
    return session;
  }

  /** Marks a session as answered. Throws where somebody else was quicker. */
  close(client: PoolClient, { id }: ChallengeSession): void {
    if (this.used.has(id)) throw usedAlready();
    this.used.set(id, this.now() + client.challengeLifetime);
    for (const [old, until] of this.used) {
      if (until > this.now()) break;
      this.used.delete(old);
    }
  }
}

const usedAlready = () => notAuthorized('Invalid session for the user, session can only be used once.');
