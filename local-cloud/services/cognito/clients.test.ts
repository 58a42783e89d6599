import { createHmac } from 'node:crypto';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Attributes } from '../../core/service.ts';
import { createTestPool, type TestPool, testPassword } from './fixture.ts';
import { createCognito } from './index.ts';

const email = 'ada@example.com';
let pool: TestPool;

afterEach(() => {
  vi.useRealTimers();
  pool.cloud.remove();
});

const signIn = (more: Attributes = {}) =>
  pool.call('InitiateAuth', {
    ClientId: pool.clientId,
    AuthFlow: 'USER_PASSWORD_AUTH',
    AuthParameters: { USERNAME: email, PASSWORD: testPassword, ...more },
  });
const resultOf = (answer: Attributes) => answer['AuthenticationResult'] as Attributes;

describe('a client with a secret', () => {
  it('has to prove it with every name, and for every refresh', async () => {
    pool = await createTestPool({ client: { generate_secret: true } });
    const username = await pool.addUser(email, testPassword);
    const { UserPoolClient } = await pool.call('DescribeUserPoolClient', {
      UserPoolId: pool.poolId,
      ClientId: pool.clientId,
    });
    const secret = String((UserPoolClient as Attributes)['ClientSecret']);
    expect(secret).toMatch(/^[a-z0-9]{51}$/);
    const hash = (name: string) =>
      createHmac('sha256', secret)
        .update(name + pool.clientId)
        .digest('base64');
    await expect(signIn()).rejects.toThrow('SECRET_HASH was not received');
    await expect(signIn({ SECRET_HASH: hash('bob') })).rejects.toThrow('Unable to verify secret hash');
    const { RefreshToken } = resultOf(await signIn({ SECRET_HASH: hash(email) }));
    const refresh = (SECRET_HASH: string) =>
      pool.call('InitiateAuth', {
        ClientId: pool.clientId,
        AuthFlow: 'REFRESH_TOKEN_AUTH',
        AuthParameters: { REFRESH_TOKEN: RefreshToken, SECRET_HASH },
      });
    await expect(refresh(hash('bob'))).rejects.toMatchObject({ code: 'NotAuthorizedException' });
    expect(resultOf(await refresh(hash(username)))).toHaveProperty('IdToken');
    await expect(
      pool.call('RevokeToken', { ClientId: pool.clientId, Token: RefreshToken }),
    ).rejects.toMatchObject({ code: 'NotAuthorizedException' });
  });
});

describe('a client that exchanges refresh tokens', () => {
  it('gets a new one each time; the old one is good for its grace, and then noticed', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    pool = await createTestPool({
      client: { refresh_token_rotation: { feature: 'ENABLED', retry_grace_period_seconds: 10 } },
    });
    await pool.addUser(email, testPassword);
    const { RefreshToken: first } = resultOf(await signIn());
    const exchange = async (RefreshToken: unknown) =>
      resultOf(await pool.call('GetTokensFromRefreshToken', { ClientId: pool.clientId, RefreshToken }));
    const { RefreshToken: second } = await exchange(first);
    expect(second).not.toBe(first);
    await exchange(first);
    vi.setSystemTime(Date.now() + 11_000);
    await expect(exchange(first)).rejects.toMatchObject({ code: 'RefreshTokenReuseException' });
    const { RefreshToken: third } = await exchange(second);
    await pool.call('RevokeToken', { ClientId: pool.clientId, Token: third });
    await expect(exchange(second)).rejects.toMatchObject({ code: 'NotAuthorizedException' });
  });
});

describe('what the API made', () => {
  it('is there again after a restart: pool, client, groups and people', async () => {
    pool = await createTestPool();
    const { UserPool } = await pool.call('CreateUserPool', {
      PoolName: 'made',
      Policies: { PasswordPolicy: { MinimumLength: 8, RequireSymbols: false } },
      Schema: [
        {
          Name: 'age',
          AttributeDataType: 'Number',
          NumberAttributeConstraints: { MinValue: '18', MaxValue: '99' },
        },
      ],
    });
    const UserPoolId = (UserPool as Attributes)['Id'];
    await pool.call('CreateUserPoolClient', {
      UserPoolId,
      ClientName: 'app',
      ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH'],
      AccessTokenValidity: 5,
      TokenValidityUnits: { AccessToken: 'minutes' },
    });
    const brief = { UserPoolId, ClientName: 'brief', IdTokenValidity: 1 };
    await expect(
      pool.call('CreateUserPoolClient', { ...brief, TokenValidityUnits: { IdToken: 'minutes' } }),
    ).rejects.toThrow('Invalid range for token validity');
    await pool.call('CreateGroup', { UserPoolId, GroupName: 'staff', Precedence: 3 });
    const age = (Value: string) => [{ Name: 'custom:age', Value }];
    const create = (Username: string, UserAttributes: Attributes[]) =>
      pool.call('AdminCreateUser', { UserPoolId, Username, UserAttributes });
    await expect(create('bob', age('17'))).rejects.toThrow('out of range');
    await create('ada', age('36'));
    const restarted = await createCognito(pool.cloud);
    const asked = { UserPoolId, GroupName: 'staff', Username: 'ada' };
    const call = async (operation: string) => restarted.operations?.[operation]?.(asked, {} as never);
    expect(await call('ListUserPoolClients')).toMatchObject({ UserPoolClients: [{ ClientName: 'app' }] });
    expect(await call('GetGroup')).toMatchObject({ Group: { Precedence: 3 } });
    expect(await call('AdminGetUser')).toMatchObject({ Username: 'ada' });
    await call('DeleteUserPool');
    await expect(call('DescribeUserPool')).rejects.toMatchObject({ code: 'ResourceNotFoundException' });
    const kept = JSON.stringify(await pool.cloud.state.namespace('cognito').list());
    expect(kept).not.toContain(String(UserPoolId));
  });

  it('groups can be changed and removed, and their members with them', async () => {
    pool = await createTestPool();
    await pool.addUser(email, testPassword, ['operator']);
    const asked = { UserPoolId: pool.poolId, GroupName: 'operator', Username: email };
    await expect(pool.call('CreateGroup', asked)).rejects.toMatchObject({ code: 'GroupExistsException' });
    await pool.call('UpdateGroup', { ...asked, Precedence: 7 });
    expect(await pool.call('GetGroup', asked)).toMatchObject({ Group: { Precedence: 7 } });
    await pool.call('DeleteGroup', asked);
    await pool.call('CreateGroup', asked);
    expect(await pool.call('AdminListGroupsForUser', asked)).toEqual({ Groups: [] });
  });
});
