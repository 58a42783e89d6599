import type { Cloud } from '../../core/cloud.ts';
import type { Sealing } from '../../core/sealing.ts';
import type { ActiveUsers } from './active-users.ts';
import type { Attempts } from './attempts.ts';
import type { AuthEvents } from './auth-events.ts';
import type { ChallengeSessions } from './challenge-sessions.ts';
import type { Codes } from './codes.ts';
import type { Directory } from './directory.ts';
import type { Keys } from './keys.ts';
import type { MadeByClients } from './made-by-clients.ts';
import type { Mailbox } from './messages/mailbox.ts';
import type { Group, User } from './model.ts';
import type { Rates } from './rates.ts';
import type { Registry } from './registry.ts';
import type { Sessions } from './sessions.ts';
import type { CallTrigger } from './triggers.ts';

/** Everything the operations work with. */
export interface Cognito {
  cloud: Cloud;
  registry: Registry;
  made: MadeByClients;
  directory: Directory;
  sessions: Sessions;
  attempts: Attempts;
  authEvents: AuthEvents;
  activeUsers: ActiveUsers;
  codes: Codes;
  rates: Rates;
  mailbox: Mailbox;
  challengeSessions: ChallengeSessions;
  keys: Keys;
  sealing: Sealing;
  callTrigger: CallTrigger;
}

/** A user's groups, those of lowest precedence number first, as the token's claim orders them. */
export function groupsOf(cognito: Cognito, poolId: string, user: User): Group[] {
  const rank = (group: Group) => group.precedence ?? Number.MAX_SAFE_INTEGER;
  return cognito.registry
    .groupsOf(poolId)
    .filter((group) => user.groups.includes(group.name))
    .sort((a, b) => rank(a) - rank(b));
}
