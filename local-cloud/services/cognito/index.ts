import { AwsError } from '../../core/errors.ts';
import { createSealing } from '../../core/sealing.ts';
import type { AwsRequest, AwsResponse, CreateService } from '../../core/service.ts';
import { ActiveUsers } from './active-users.ts';
import { adminOperations } from './admin-operations.ts';
import { Attempts } from './attempts.ts';
import { attributeOperations } from './attribute-operations.ts';
import { AuthEvents, authEventOperations } from './auth-events.ts';
import { ChallengeSessions } from './challenge-sessions.ts';
import { Codes } from './codes.ts';
import type { Cognito } from './context.ts';
import { Directory } from './directory.ts';
import { groupOperations } from './group-operations.ts';
import { loadKeys, publicKeySet } from './keys.ts';
import { MadeByClients } from './made-by-clients.ts';
import { forgetPool, makeOperations } from './make-operations.ts';
import { Mailbox } from './messages/mailbox.ts';
import { mailboxView } from './messages/view.ts';
import { mfaOperations } from './mfa/operations.ts';
import { passwordOperations } from './password-operations.ts';
import { poolOperations } from './pool-operations.ts';
import { Rates } from './rates.ts';
import { Registry } from './registry.ts';
import { cognitoResources } from './resources.ts';
import { Sessions } from './sessions.ts';
import { signInOperations } from './sign-in-operations.ts';
import { signUpOperations } from './sign-up-operations.ts';
import { createTriggers } from './triggers.ts';
import { userOperations } from './user-operations.ts';
import { usersView } from './view.ts';
import { wantedOfUserPools } from './wanted.ts';

/**
 * Amazon Cognito user pools: real SRP sign-in, tokens signed with keys of this installation, users on disk. Sets the
 * port `userPools`. `handle` serves the unsigned discovery documents under `/<poolId>/.well-known/`.
 */
export const createCognito: CreateService = async (cloud) => {
  const state = cloud.state.namespace('cognito');
  const keys = loadKeys(cloud.dataDirectory);
  const registry = new Registry();
  const now = () => cloud.clock.now();
  const sealing = createSealing(keys.sealing, now);
  const cognito: Cognito = {
    cloud,
    registry,
    made: new MadeByClients(state, registry),
    directory: new Directory(state),
    sessions: new Sessions(state, now),
    attempts: new Attempts(now),
    authEvents: new AuthEvents(state),
    activeUsers: new ActiveUsers(cloud, state),
    codes: new Codes(state, now),
    rates: new Rates(now),
    mailbox: new Mailbox(state),
    challengeSessions: new ChallengeSessions(sealing, now),
    keys,
    sealing,
    callTrigger: createTriggers(cloud),
  };
  await cognito.made.load();
  await cognito.directory.load();
  await cognito.codes.load();
  await cognito.mailbox.load();
  await cognito.sessions.load();
  await cognito.activeUsers.load();
  const keySet = publicKeySet(keys);

  cloud.ports.userPools = {
    async keysOfIssuer(issuer) {
      const ours = [...cognito.registry.pools.values()].some((pool) => pool.issuer === issuer);
      return ours ? keySet : undefined;
    },
  };

  return {
    signingNames: ['cognito-idp'],
    resources: cognitoResources(cloud, registry, (poolId) => forgetPool(cognito, poolId)),
    operations: {
      ...signInOperations(cognito),
      ...signUpOperations(cognito),
      ...passwordOperations(cognito),
      ...attributeOperations(cognito),
      ...mfaOperations(cognito),
      ...userOperations(cognito),
      ...adminOperations(cognito),
      ...authEventOperations(cognito),
      ...groupOperations(cognito),
      ...poolOperations(cognito),
      ...makeOperations(cognito),
    },
    views: [usersView(cognito), mailboxView(cognito.mailbox)],
    wanted: (operation, input) =>
      wantedOfUserPools(operation, input, `arn:aws:cognito-idp:${cloud.region}:${cloud.accountId}:userpool/`),
    handle: async (request) => discovery(cognito, keySet, request),
  };
};

function discovery(cognito: Cognito, keySet: object, { method, path }: AwsRequest): AwsResponse {
  const [, poolId = '', document] =
    /^\/([^/]+)\/\.well-known\/(jwks\.json|openid-configuration)$/.exec(path) ?? [];
  const pool = method === 'GET' ? cognito.registry.pools.get(poolId) : undefined;
  if (!pool || !document)
    throw new AwsError('ResourceNotFoundException', `User pool ${poolId} does not exist.`, 404);
  const content =
    document === 'jwks.json'
      ? keySet
      : {
          id_token_signing_alg_values_supported: ['RS256'],
          issuer: pool.issuer,
          jwks_uri: `${pool.issuer}/.well-known/jwks.json`,
          response_types_supported: ['code', 'token'],
          scopes_supported: ['openid', 'email', 'phone', 'profile'],
          subject_types_supported: ['public'],
        };
  return {
    status: 200,
    headers: {
      'content-type': 'application/json',
      'cache-control': 'public, max-age=86400',
      'access-control-allow-origin': '*',
    },
    body: JSON.stringify(content),
  };
}
