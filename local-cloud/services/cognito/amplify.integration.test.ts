import type { Server } from 'node:http';
import { Amplify } from 'aws-amplify';
import { confirmSignIn, fetchAuthSession, getCurrentUser, signIn, signOut } from 'aws-amplify/auth';
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestPool, serveOperations, type TestPool, testPassword } from './fixture.ts';

describe('aws-amplify against the local user pool', () => {
  let pool: TestPool;
  let server: Server;

  beforeAll(async () => {
    pool = await createTestPool();
    const served = await serveOperations(pool.service);
    server = served.server;
    Amplify.configure({
      Auth: {
        Cognito: { userPoolId: pool.poolId, userPoolClientId: pool.clientId, userPoolEndpoint: served.url },
      },
    });
    await pool.addUser('ada@example.com', testPassword, ['operator', 'admin']);
  });

  afterAll(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    pool.cloud.remove();
  });

  it('signs in by SRP, and the tokens verify against the published keys', async () => {
    const { isSignedIn } = await signIn({ username: 'ada@example.com', password: testPassword });
    expect(isSignedIn).toBe(true);

    const { tokens } = await fetchAuthSession();
    const keys = await pool.cloud.ports.userPools.keysOfIssuer(pool.issuer);
    const { payload } = await jwtVerify(
      String(tokens?.idToken),
      createLocalJWKSet(keys as unknown as JSONWebKeySet),
      { issuer: pool.issuer, audience: pool.clientId },
    );
    expect(payload).toMatchObject({
      token_use: 'id',
      email: 'ada@example.com',
      'custom:tenant': 'acme',
      'cognito:groups': ['admin', 'operator'],
      'cognito:username': (await getCurrentUser()).username,
    });
    expect(tokens?.accessToken.payload).toMatchObject({ token_use: 'access', client_id: pool.clientId });
  });

  it('refreshes, and after signing out the refresh token is worthless', async () => {
    const before = await fetchAuthSession();
    const after = await fetchAuthSession({ forceRefresh: true });
    expect(after.tokens?.idToken?.payload['jti']).not.toBe(before.tokens?.idToken?.payload['jti']);
    expect(after.tokens?.idToken?.payload['auth_time']).toBe(before.tokens?.idToken?.payload['auth_time']);
    await signOut();
    expect((await fetchAuthSession()).tokens).toBeUndefined();
  });

  it('is refused with a wrong password', async () => {
    await expect(signIn({ username: 'ada@example.com', password: 'Wrong-Horse-9' })).rejects.toMatchObject({
      name: 'NotAuthorizedException',
      message: 'Incorrect username or password.',
    });
  });

  it('replaces a temporary password at the first sign-in', async () => {
    await pool.call('AdminCreateUser', {
      UserPoolId: pool.poolId,
      Username: 'grace@example.com',
      TemporaryPassword: 'Temporary-Horse-1',
    });
    const { nextStep } = await signIn({ username: 'grace@example.com', password: 'Temporary-Horse-1' });
    expect(nextStep.signInStep).toBe('CONFIRM_SIGN_IN_WITH_NEW_PASSWORD_REQUIRED');
    const { isSignedIn } = await confirmSignIn({ challengeResponse: testPassword });
    expect(isSignedIn).toBe(true);
    await signOut();
  });
});
