import { AwsError } from '../../core/errors.ts';
import type { Operation } from '../../core/service.ts';
import { respondToChallenge } from './challenges.ts';
import { checkSecret, checkSecretHash } from './client-secret.ts';
import type { Cognito } from './context.ts';
import { beginCustomAuth } from './custom-auth.ts';
import { invalidParameter, userNotFound, wrongPassword } from './errors.ts';
import { afterPassword } from './first-factor.ts';
import {
  clientMetadata,
  type Input,
  optionalText,
  requiredParameter,
  requiredText,
  textMap,
} from './input.ts';
import { migrateUser } from './migrate-user.ts';
import type { PoolClient } from './model.ts';
import { beginPasswordVerifier } from './password-verifier.ts';
import { unsupported } from './settings.ts';
import { failSignIn, findForSignIn, refresh, type SignInAnswer, type SignInRequest } from './sign-in.ts';
import { matchesVerifier } from './srp.ts';

/** What an app client has to allow for each flow: today's name, and those of before. */
const permissions: Record<string, readonly string[]> = {
  USER_SRP_AUTH: ['ALLOW_USER_SRP_AUTH'],
  USER_PASSWORD_AUTH: ['ALLOW_USER_PASSWORD_AUTH', 'USER_PASSWORD_AUTH'],
  ADMIN_USER_PASSWORD_AUTH: ['ALLOW_ADMIN_USER_PASSWORD_AUTH', 'ADMIN_NO_SRP_AUTH'],
  ADMIN_NO_SRP_AUTH: ['ALLOW_ADMIN_USER_PASSWORD_AUTH', 'ADMIN_NO_SRP_AUTH'],
  CUSTOM_AUTH: ['ALLOW_CUSTOM_AUTH', 'CUSTOM_AUTH_FLOW_ONLY'],
  REFRESH_TOKEN_AUTH: ['ALLOW_REFRESH_TOKEN_AUTH'],
  REFRESH_TOKEN: ['ALLOW_REFRESH_TOKEN_AUTH'],
};
const flowsOfUsers = [
  'USER_SRP_AUTH',
  'USER_PASSWORD_AUTH',
  'CUSTOM_AUTH',
  'REFRESH_TOKEN_AUTH',
  'REFRESH_TOKEN',
];

/** InitiateAuth, its admin form, the answers to challenges, and refreshing. */
export function signInOperations(cognito: Cognito): Record<string, Operation> {
  const { registry, sessions } = cognito;

  async function initiate(input: Input, client: PoolClient): Promise<SignInAnswer> {
    const flow = requiredText(input, 'AuthFlow');
    if (flow === 'USER_AUTH') throw unsupported('AuthFlow USER_AUTH');
    const permission = permissions[flow];
    if (!permission) {
      throw invalidParameter(
        `1 validation error detected: Value '${flow}' at 'authFlow' failed to satisfy constraint: Member must satisfy enum value set`,
      );
    }
    if (!client.authFlows.some((given) => permission.includes(given))) {
      throw invalidParameter(`${flow} flow not enabled for this client`);
    }
    const request = { pool: registry.poolOfClient(client), client, metadata: clientMetadata(input) };
    const parameters = textMap(input, 'AuthParameters');
    if (flow === 'REFRESH_TOKEN_AUTH' || flow === 'REFRESH_TOKEN') {
      return refreshByFlow(cognito, request, parameters);
    }
    const name = requiredParameter(parameters, 'USERNAME');
    checkSecretHash(client, [name], parameters['SECRET_HASH']);
    if (flow === 'CUSTOM_AUTH') return beginCustomAuth(cognito, request, parameters);
    if (flow !== 'USER_SRP_AUTH') return signInByPassword(cognito, request, name, parameters);
    const clientPublicValue = requiredParameter(parameters, 'SRP_A');
    const user = await findForSignIn(cognito, request, name);
    return beginPasswordVerifier(cognito, request, name, user, clientPublicValue);
  }

  return {
    async InitiateAuth(input) {
      const client = registry.client(requiredText(input, 'ClientId'));
      const flow = optionalText(input, 'AuthFlow') ?? '';
      if (permissions[flow] && !flowsOfUsers.includes(flow)) {
        throw invalidParameter('Initiate Auth method not supported.');
      }
      return initiate(input, client);
    },

    async AdminInitiateAuth(input) {
      const poolId = registry.pool(requiredText(input, 'UserPoolId')).id;
      return initiate(input, registry.clientOfPool(poolId, requiredText(input, 'ClientId')));
    },

    RespondToAuthChallenge: async (input) => respondToChallenge(cognito, input),

    async AdminRespondToAuthChallenge(input) {
      const poolId = registry.pool(requiredText(input, 'UserPoolId')).id;
      registry.clientOfPool(poolId, requiredText(input, 'ClientId'));
      return respondToChallenge(cognito, input);
    },

    async GetTokensFromRefreshToken(input) {
      const client = registry.client(requiredText(input, 'ClientId'));
      checkSecret(client, optionalText(input, 'ClientSecret'));
      const token = requiredText(input, 'RefreshToken');
      const request = { pool: registry.poolOfClient(client), client, metadata: clientMetadata(input) };
      return {
        AuthenticationResult: await refresh(cognito, request, sessions.read(token, client), token),
      };
    },

    async RevokeToken(input) {
      const client = registry.client(requiredText(input, 'ClientId'));
      checkSecret(client, optionalText(input, 'ClientSecret'));
      const token = requiredText(input, 'Token');
      if (!client.tokenRevocation) {
        throw new AwsError(
          'UnsupportedOperationException',
          'Token revocation is not enabled for this client.',
        );
      }
      if (token.includes('.')) {
        throw new AwsError('UnsupportedTokenTypeException', 'Only refresh tokens can be revoked.');
      }
      await sessions.revoke(token, client);
      return {};
    },
  };
}

async function refreshByFlow(
  cognito: Cognito,
  request: SignInRequest,
  parameters: Record<string, string>,
): Promise<SignInAnswer> {
  const { client, pool } = request;
  if (client.rotationGrace !== undefined) {
    throw invalidParameter('Refresh tokens of this client are exchanged: use GetTokensFromRefreshToken.');
  }
  const token = requiredParameter(parameters, 'REFRESH_TOKEN');
  const session = cognito.sessions.read(token, client);
  const names = [session.username, cognito.directory.find(pool, session.username)?.sub ?? ''];
  checkSecretHash(client, names, parameters['SECRET_HASH']);
  return {
    AuthenticationResult: await refresh(cognito, request, session, token),
    ChallengeParameters: {},
  };
}

async function signInByPassword(
  cognito: Cognito,
  request: SignInRequest,
  name: string,
  parameters: Record<string, string>,
): Promise<SignInAnswer> {
  const { pool, client } = request;
  const password = requiredParameter(parameters, 'PASSWORD');
  const known = cognito.directory.find(pool, name);
  const user = known ?? (await migrateUser(cognito, request, name, 'Authentication', password));
  const found = await findForSignIn(cognito, request, name, user);
  if (!found) throw client.hidesUnknownUsers ? wrongPassword() : userNotFound();
  cognito.attempts.check(pool.id, found.username);
  if (!found.password || !matchesVerifier(pool.id, found.username, password, found.password)) {
    return failSignIn(cognito, pool, found.username);
  }
  return afterPassword(cognito, request, found);
}
