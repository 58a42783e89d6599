import type { Operation } from '../../core/service.ts';
import {
  afterPassword,
  beginPasswordVerifier,
  requiredParameter,
  respondToChallenge,
  unknownUser,
} from './challenges.ts';
import type { Cognito } from './context.ts';
import { invalidParameter } from './errors.ts';
import { type Input, requiredText, textMap } from './input.ts';
import type { PoolClient, UserPool } from './model.ts';
import { failSignIn, findForSignIn, refresh } from './sign-in.ts';
import { matchesVerifier } from './srp.ts';

/** InitiateAuth, its admin form, the answers to challenges, and refreshing. */
export function signInOperations(cognito: Cognito): Record<string, Operation> {
  const { registry } = cognito;

  async function initiate(input: Input, client: PoolClient, flows: Record<string, string>) {
    const flow = requiredText(input, 'AuthFlow');
    const permission = flows[flow];
    if (!permission) throw invalidParameter(`The local cloud does not support the auth flow ${flow} here.`);
    const allowed = [permission, permission.replace('ALLOW_', '')];
    if (!client.authFlows.some((given) => allowed.includes(given))) {
      throw invalidParameter(`${flow} flow not enabled for this client`);
    }
    const pool = registry.poolOfClient(client);
    const parameters = textMap(input, 'AuthParameters');
    if (flow === 'USER_SRP_AUTH') return beginPasswordVerifier(cognito, pool, client, parameters);
    if (flow === 'REFRESH_TOKEN_AUTH' || flow === 'REFRESH_TOKEN') {
      const token = requiredParameter(parameters, 'REFRESH_TOKEN');
      return { AuthenticationResult: await refresh(cognito, pool, client, token), ChallengeParameters: {} };
    }
    return signInByPassword(cognito, pool, client, parameters);
  }

  return {
    async InitiateAuth(input) {
      return initiate(input, registry.client(requiredText(input, 'ClientId')), {
        USER_SRP_AUTH: 'ALLOW_USER_SRP_AUTH',
        USER_PASSWORD_AUTH: 'ALLOW_USER_PASSWORD_AUTH',
        REFRESH_TOKEN_AUTH: 'ALLOW_REFRESH_TOKEN_AUTH',
        REFRESH_TOKEN: 'ALLOW_REFRESH_TOKEN_AUTH',
      });
    },

    async AdminInitiateAuth(input) {
      const poolId = registry.pool(requiredText(input, 'UserPoolId')).id;
      return initiate(input, registry.clientOfPool(poolId, requiredText(input, 'ClientId')), {
        USER_SRP_AUTH: 'ALLOW_USER_SRP_AUTH',
        ADMIN_USER_PASSWORD_AUTH: 'ALLOW_ADMIN_USER_PASSWORD_AUTH',
        ADMIN_NO_SRP_AUTH: 'ALLOW_ADMIN_USER_PASSWORD_AUTH',
        REFRESH_TOKEN_AUTH: 'ALLOW_REFRESH_TOKEN_AUTH',
        REFRESH_TOKEN: 'ALLOW_REFRESH_TOKEN_AUTH',
      });
    },

    RespondToAuthChallenge: async (input) => respondToChallenge(cognito, input),

    async AdminRespondToAuthChallenge(input) {
      const poolId = registry.pool(requiredText(input, 'UserPoolId')).id;
      registry.clientOfPool(poolId, requiredText(input, 'ClientId'));
      return respondToChallenge(cognito, input);
    },

    async GetTokensFromRefreshToken(input) {
      const client = registry.client(requiredText(input, 'ClientId'));
      const pool = registry.poolOfClient(client);
      return {
        AuthenticationResult: await refresh(cognito, pool, client, requiredText(input, 'RefreshToken')),
      };
    },

    async RevokeToken(input) {
      const client = registry.client(requiredText(input, 'ClientId'));
      await cognito.sessions.revoke(requiredText(input, 'Token'), client);
      return {};
    },
  };
}

async function signInByPassword(
  cognito: Cognito,
  pool: UserPool,
  client: PoolClient,
  parameters: Record<string, string>,
) {
  const name = requiredParameter(parameters, 'USERNAME');
  const password = requiredParameter(parameters, 'PASSWORD');
  const user = findForSignIn(cognito, pool, client, name);
  if (!user) throw unknownUser(client);
  cognito.attempts.check(pool.id, user.username);
  if (!user.password || !matchesVerifier(pool.id, user.username, password, user.password)) {
    return failSignIn(cognito, pool, user.username);
  }
  return afterPassword(cognito, pool, client, user);
}
