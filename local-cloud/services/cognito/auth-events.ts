import { randomUUID } from 'node:crypto';
import { AwsError } from '../../core/errors.ts';
import type { Operation } from '../../core/service.ts';
import type { StateNamespace } from '../../core/state.ts';
import type { Cognito } from './context.ts';
import { timestamp } from './describe-user.ts';
import { pageSize, requiredText } from './input.ts';
import type { UserPool } from './model.ts';
import { page } from './paging.ts';

type Challenge = 'Password' | 'NewPasswordRequired' | 'Mfa';

/** One thing that happened to a user's account, as AdminListUserAuthEvents tells it. */
export interface AuthEvent {
  id: string;
  /** Epoch milliseconds. */
  time: number;
  type: 'SignIn' | 'SignUp' | 'PasswordChange';
  response: 'Pass' | 'Fail' | 'InProgress';
  challenges: { name: Challenge; succeeded: boolean }[];
}

const MOST_EVENTS_OF_PAGE = 60;

/** Sign-ins and their failures, of the pools whose threat protection is on. On disk when recorded. */
export class AuthEvents {
  private readonly state: StateNamespace;

  constructor(state: StateNamespace) {
    this.state = state;
  }

  async record(pool: UserPool, username: string, event: Omit<AuthEvent, 'id' | 'time'>): Promise<void> {
    if (pool.threatProtection === 'OFF') return;
    const full: AuthEvent = { id: randomUUID(), time: Date.now(), ...event };
    const order = String(full.time).padStart(15, '0');
    await this.state.put(`${prefix(pool, username)}${order}-${full.id}`, full);
  }

  /** For a user that is deleted. */
  async forget(pool: UserPool, username: string): Promise<void> {
    const kept = await this.state.list(prefix(pool, username));
    await this.state.batch(kept.map(({ key }) => ({ delete: key })));
  }

  /** Newest first. */
  async list(pool: UserPool, username: string): Promise<AuthEvent[]> {
    const kept = await this.state.list<AuthEvent>(prefix(pool, username), { reverse: true });
    return kept.map(({ value }) => value);
  }
}

function prefix(pool: UserPool, username: string): string {
  return `auth-event/${pool.id}/${encodeURIComponent(username)}/`;
}

/** AdminListUserAuthEvents. Throws `UserPoolAddOnNotEnabledException` where threat protection is off, as on AWS. */
export function authEventOperations(cognito: Cognito): Record<string, Operation> {
  return {
    async AdminListUserAuthEvents(input) {
      const pool = cognito.registry.pool(requiredText(input, 'UserPoolId'));
      const user = cognito.directory.get(pool, requiredText(input, 'Username'));
      if (pool.threatProtection === 'OFF') {
        throw new AwsError('UserPoolAddOnNotEnabledException', 'User pool add-on is not enabled.');
      }
      const events = await cognito.authEvents.list(pool, user.username);
      const size = pageSize(input, 'MaxResults', MOST_EVENTS_OF_PAGE);
      const { items, next } = page(events, ({ id }) => id, size, input['NextToken']);
      return { AuthEvents: items.map(describeEvent), ...(next && { NextToken: next }) };
    },
  };
}

function describeEvent({ id, time, type, response, challenges }: AuthEvent) {
  return {
    EventId: id,
    EventType: type,
    CreationDate: timestamp(time),
    EventResponse: response,
    EventRisk: { RiskDecision: 'NoRisk', CompromisedCredentialsDetected: false },
    ChallengeResponses: challenges.map(({ name, succeeded }) => ({
      ChallengeName: name,
      ChallengeResponse: succeeded ? 'Success' : 'Failure',
    })),
    // Whoever reaches the endpoint is on this machine.
    EventContextData: { IpAddress: '127.0.0.1' },
  };
}
