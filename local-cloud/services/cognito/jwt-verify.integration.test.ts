import { CognitoJwtVerifier } from 'aws-jwt-verify';
import { SimpleJwksCache } from 'aws-jwt-verify/jwk';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Gateway, listen } from '../../gateway/gateway.ts';
import { createTestPool, type TestPool, testPassword } from './fixture.ts';

const email = 'ada@example.com';

describe('aws-jwt-verify against the local user pool', () => {
  let pool: TestPool;
  let gateway: Gateway;
  let tokens: { IdToken: string; AccessToken: string };
  const fetched: string[] = [];

  beforeAll(async () => {
    pool = await createTestPool();
    gateway = await listen(0, pool.cloud.logger);
    gateway.open([pool.service], pool.cloud);
    await pool.addUser(email, testPassword, ['operator']);
    const { AuthenticationResult } = await pool.call('InitiateAuth', {
      ClientId: pool.clientId,
      AuthFlow: 'USER_PASSWORD_AUTH',
      AuthParameters: { USERNAME: email, PASSWORD: testPassword },
    });
    tokens = AuthenticationResult as typeof tokens;
  });

  afterAll(async () => {
    await gateway.close();
    pool.cloud.remove();
  });

  /** AWS's own verifier, which asks at our address for the keys that it would ask AWS for. */
  const verifier = <Use extends 'id' | 'access'>(tokenUse: Use, more: { groups?: string[] } = {}) =>
    CognitoJwtVerifier.create(
      { userPoolId: pool.poolId, clientId: pool.clientId, tokenUse, ...more },
      {
        jwksCache: new SimpleJwksCache({
          fetcher: {
            fetch: async (uri) => {
              fetched.push(uri);
              const path = new URL(uri).pathname;
              return (await fetch(new URL(path, gateway.url))).arrayBuffer();
            },
          },
        }),
      },
    );

  it('takes our tokens, each for its use', async () => {
    const id = await verifier('id').verify(tokens.IdToken);
    expect(id).toMatchObject({ email, token_use: 'id', iss: pool.issuer });
    const access = await verifier('access', { groups: ['operator'] }).verify(tokens.AccessToken);
    expect(access).toMatchObject({ client_id: pool.clientId, scope: 'aws.cognito.signin.user.admin' });
    expect(fetched[0]).toBe(`${pool.issuer}/.well-known/jwks.json`);
  });

  it('refuses them for another use, another group, and when they were touched', async () => {
    await expect(verifier('access').verify(tokens.IdToken)).rejects.toThrow();
    await expect(verifier('access', { groups: ['admin'] }).verify(tokens.AccessToken)).rejects.toThrow(
      'group',
    );
    const [header, , signature] = tokens.IdToken.split('.');
    const [, payload] = tokens.AccessToken.split('.');
    await expect(verifier('id').verify(`${header}.${payload}.${signature}`)).rejects.toThrow();
  });
});
