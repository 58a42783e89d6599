import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeJwt, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Attributes } from '../../core/service.ts';
import { createTestPool, type TestPool, testPassword } from '../cognito/fixture.ts';
import { createTestApi, type TestApi } from './fixture.ts';

let pool: TestPool;
let api: TestApi;
let idToken: string;
let accessToken: string;
let username: string;

beforeAll(async () => {
  pool = await createTestPool();
  username = await pool.addUser('ada@example.com', testPassword, ['admin', 'operator']);
  const { AuthenticationResult } = await pool.call('InitiateAuth', {
    ClientId: pool.clientId,
    AuthFlow: 'USER_PASSWORD_AUTH',
    AuthParameters: { USERNAME: 'ada@example.com', PASSWORD: testPassword },
  });
  idToken = String((AuthenticationResult as Attributes)['IdToken']);
  accessToken = String((AuthenticationResult as Attributes)['AccessToken']);
  api = await createTestApi(pool.cloud, {
    issuer: pool.issuer,
    audience: pool.clientId,
    routes: [
      { key: 'GET /private', authorized: true },
      { key: 'GET /scoped', authorized: true, scopes: ['reports/read'] },
    ],
  });
});

afterAll(() => pool.cloud.remove());

const get = (token: string | undefined, path = '/private') =>
  api.request(`GET ${path}`, token === undefined ? {} : { headers: { authorization: token } });

/** A token with the installation's own key, so that only its claims decide. */
async function signedByPool(claims: JWTPayload): Promise<string> {
  const kept = JSON.parse(readFileSync(join(pool.cloud.dataDirectory, 'cognito', 'keys.json'), 'utf8')) as {
    idToken: { id: string; privateKey: string };
  };
  return new SignJWT({ ...decodeJwt(idToken), ...claims })
    .setProtectedHeader({ alg: 'RS256', kid: kept.idToken.id })
    .sign(createPrivateKey(kept.idToken.privateKey));
}

describe('the JWT authorizer', () => {
  it('hands the claims of an ID token to the function, as texts', async () => {
    expect((await get(`Bearer ${idToken}`)).status).toBe(200);
    const context = api.events.at(-1)?.['requestContext'] as Attributes;
    expect(context['authorizer']).toMatchObject({
      jwt: {
        claims: {
          'cognito:groups': '[admin operator]',
          'custom:tenant': 'acme',
          sub: username,
          token_use: 'id',
          exp: expect.stringMatching(/^\d{10}$/),
        },
        scopes: null,
      },
    });
  });

  it('lets an access token pass by its client id, as AWS does: token_use is for the function to check', async () => {
    expect((await get(`Bearer ${accessToken}`)).status).toBe(200);
  });

  it('asks for a token where there is none', async () => {
    const response = await get(undefined);
    expect(response).toMatchObject({ status: 401, headers: { 'www-authenticate': 'Bearer' } });
    expect(response.body.toString()).toBe('{"message":"Unauthorized"}');
  });

  it('refuses forged, foreign, expired, early and unsigned tokens before the function is called', async () => {
    const calls = api.events.length;
    const claims = decodeJwt(idToken);
    const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
    const kid = JSON.parse(Buffer.from(idToken.split('.')[0] ?? '', 'base64url').toString()).kid as string;
    const forged = await new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid }).sign(stranger);
    const now = Math.floor(Date.now() / 1000);
    const [header, , signature] = idToken.split('.');
    const altered = Buffer.from(JSON.stringify({ ...claims, 'cognito:groups': ['admin'] })).toString(
      'base64url',
    );
    const refused = {
      forged,
      altered: `${header}.${altered}.${signature}`,
      unsigned: new UnsecuredJWT(claims).encode(),
      expired: await signedByPool({ exp: now - 1 }),
      early: await signedByPool({ nbf: now + 60 }),
      foreign: await signedByPool({ iss: 'https://cognito-idp.us-east-1.amazonaws.com/us-east-1_otherPool' }),
      otherAudience: await signedByPool({ aud: 'somebody-else' }),
      nonsense: 'not a token',
      empty: '..',
    };
    for (const [kind, token] of Object.entries(refused)) {
      const response = await get(`Bearer ${token}`);
      expect(response.status, kind).toBe(401);
      expect(String(response.headers['www-authenticate']), kind).toContain('error="invalid_token"');
    }
    expect(api.events.length).toBe(calls);
  });

  it('refuses a token without the route’s scope', async () => {
    const response = await get(`Bearer ${accessToken}`, '/scoped');
    expect(response.status).toBe(403);
    expect(response.body.toString()).toBe('{"message":"Forbidden"}');
  });

  it('costs under a millisecond a request, as an average over a thousand', async () => {
    const began = performance.now();
    for (let count = 0; count < 1000; count += 1) await get(`Bearer ${idToken}`);
    expect((performance.now() - began) / 1000).toBeLessThan(1);
  });
});
