import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { decodeJwt } from 'jose';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { administrator } from '../../core/access.ts';
import type { Attributes } from '../../core/service.ts';
import { testResource } from '../../core/testing.ts';
import { createTestPool, type TestPool, testPassword } from './fixture.ts';
import { createCognito } from './index.ts';

const email = 'ada@example.com';
let pool: TestPool;

beforeEach(async () => {
  pool = await createTestPool();
});
afterEach(() => pool.cloud.remove());

const admin = (operation: string, input: Attributes = {}) =>
  pool.call(operation, { UserPoolId: pool.poolId, Username: email, ...input });

async function signIn(password = testPassword, username = email): Promise<Attributes> {
  const answer = await pool.call('InitiateAuth', {
    ClientId: pool.clientId,
    AuthFlow: 'USER_PASSWORD_AUTH',
    AuthParameters: { USERNAME: username, PASSWORD: password },
  });
  return (answer['AuthenticationResult'] ?? answer) as Attributes;
}

const refresh = (token: unknown) =>
  pool.call('InitiateAuth', {
    ClientId: pool.clientId,
    AuthFlow: 'REFRESH_TOKEN_AUTH',
    AuthParameters: { REFRESH_TOKEN: token },
  });

describe('signing in by password', () => {
  it('answers tokens with the claims of AWS', async () => {
    const username = await pool.addUser(email, testPassword, ['operator']);
    const tokens = await signIn();
    const shared = {
      sub: username,
      iss: pool.issuer,
      'cognito:groups': ['operator'],
      origin_jti: expect.any(String),
      event_id: expect.any(String),
      jti: expect.any(String),
      auth_time: expect.any(Number),
    };
    expect(decodeJwt(String(tokens['IdToken']))).toMatchObject({
      ...shared,
      token_use: 'id',
      aud: pool.clientId,
      email,
      'custom:tenant': 'acme',
      'cognito:username': username,
    });
    expect(decodeJwt(String(tokens['AccessToken']))).toMatchObject({
      ...shared,
      token_use: 'access',
      client_id: pool.clientId,
      username,
      scope: 'aws.cognito.signin.user.admin',
    });
    expect(tokens).toMatchObject({ ExpiresIn: 3600, TokenType: 'Bearer' });
  });

  it('finds people by their address in any case', async () => {
    await pool.addUser(email, testPassword);
    expect(await signIn(testPassword, 'ADA@Example.com')).toHaveProperty('IdToken');
  });

  it('refuses a wrong password, and locks after five of them', async () => {
    await pool.addUser(email, testPassword);
    for (let attempt = 0; attempt < 5; attempt += 1) {
      await expect(signIn('Wrong-Horse-999')).rejects.toMatchObject({
        code: 'NotAuthorizedException',
        message: 'Incorrect username or password.',
      });
    }
    await expect(signIn()).rejects.toMatchObject({ message: 'Password attempts exceeded' });
  });

  it('tells who is unknown only where the client does not hide it', async () => {
    await expect(signIn()).rejects.toMatchObject({ code: 'UserNotFoundException' });
    const hiding = await createTestPool({ client: { prevent_user_existence_errors: 'ENABLED' } });
    const parameters = { USERNAME: 'nobody@example.com', PASSWORD: testPassword, SRP_A: 'abcdef' };
    const initiate = (AuthFlow: string) =>
      hiding.call('InitiateAuth', { ClientId: hiding.clientId, AuthFlow, AuthParameters: parameters });
    await expect(initiate('USER_PASSWORD_AUTH')).rejects.toMatchObject({ code: 'NotAuthorizedException' });
    const [first, second] = [await initiate('USER_SRP_AUTH'), await initiate('USER_SRP_AUTH')];
    const saltOf = (answer: Attributes) => (answer['ChallengeParameters'] as Attributes)['SALT'];
    expect(saltOf(first)).toBe(saltOf(second));
    hiding.cloud.remove();
  });

  it('refuses a flow the client did not enable', async () => {
    const srpOnly = await createTestPool({ client: { explicit_auth_flows: ['ALLOW_USER_SRP_AUTH'] } });
    const AuthParameters = { USERNAME: email, PASSWORD: testPassword };
    await expect(
      srpOnly.call('InitiateAuth', {
        ClientId: srpOnly.clientId,
        AuthFlow: 'USER_PASSWORD_AUTH',
        AuthParameters,
      }),
    ).rejects.toMatchObject({ message: 'USER_PASSWORD_AUTH flow not enabled for this client' });
    srpOnly.cloud.remove();
  });

  it('demands a new password where the present one is temporary', async () => {
    await admin('AdminCreateUser', { TemporaryPassword: 'Temporary-Horse-1' });
    const challenge = await signIn('Temporary-Horse-1');
    expect(challenge).toMatchObject({ ChallengeName: 'NEW_PASSWORD_REQUIRED' });
    const answer = (NEW_PASSWORD: string) =>
      pool.call('RespondToAuthChallenge', {
        ClientId: pool.clientId,
        ChallengeName: 'NEW_PASSWORD_REQUIRED',
        Session: challenge['Session'],
        ChallengeResponses: { USERNAME: email, NEW_PASSWORD },
      });
    await expect(answer('weak')).rejects.toMatchObject({ code: 'InvalidPasswordException' });
    expect(await answer(testPassword)).toHaveProperty('AuthenticationResult');
    await expect(answer(testPassword)).rejects.toMatchObject({ code: 'NotAuthorizedException' });
    expect(await signIn()).toHaveProperty('IdToken');
  });
});

describe('what ends a sign-in', () => {
  beforeEach(() => pool.addUser(email, testPassword));

  it('revoking its refresh token, the access tokens with it', async () => {
    const tokens = await signIn();
    expect(await refresh(tokens['RefreshToken'])).toMatchObject({
      AuthenticationResult: { TokenType: 'Bearer' },
    });
    await pool.call('RevokeToken', { ClientId: pool.clientId, Token: tokens['RefreshToken'] });
    await expect(refresh(tokens['RefreshToken'])).rejects.toMatchObject({ message: 'Invalid Refresh Token' });
    await expect(pool.call('GetUser', { AccessToken: tokens['AccessToken'] })).rejects.toMatchObject({
      message: 'Access Token has been revoked',
    });
  });

  it.each(['AdminUserGlobalSignOut', 'AdminDisableUser', 'AdminDeleteUser'])('%s', async (operation) => {
    const tokens = await signIn();
    expect(await pool.call('GetUser', { AccessToken: tokens['AccessToken'] })).toHaveProperty('Username');
    await admin(operation);
    await expect(refresh(tokens['RefreshToken'])).rejects.toMatchObject({ code: 'NotAuthorizedException' });
    await expect(pool.call('GetUser', { AccessToken: tokens['AccessToken'] })).rejects.toThrow();
  });

  it('being disabled, until enabled again', async () => {
    await admin('AdminDisableUser');
    await expect(signIn()).rejects.toMatchObject({ message: 'User is disabled.' });
    await admin('AdminEnableUser');
    expect(await signIn()).toHaveProperty('IdToken');
  });

  it('nothing else: a forged access token does not even get so far', async () => {
    const [header, payload] = String((await signIn())['AccessToken']).split('.');
    await expect(pool.call('GetUser', { AccessToken: `${header}.${payload}.AAAA` })).rejects.toMatchObject({
      message: 'Invalid Access Token',
    });
  });
});

describe('administering users', () => {
  it('enforces the password policy, naming the rule', async () => {
    const create = (TemporaryPassword: string) => admin('AdminCreateUser', { TemporaryPassword });
    await expect(create('Short-1')).rejects.toThrow('Password not long enough');
    await expect(create('NO-LOWER-CASE-1')).rejects.toThrow('Password must have lowercase characters');
    await expect(create('No-Number-Here')).rejects.toThrow('Password must have numeric characters');
    await expect(create('NoSymbolHere123')).rejects.toThrow('Password must have symbol characters');
  });

  it('never changes what is immutable, nor takes what the schema does not know', async () => {
    await pool.addUser(email, testPassword);
    const update = (Name: string, Value: string) =>
      admin('AdminUpdateUserAttributes', { UserAttributes: [{ Name, Value }] });
    await expect(update('custom:tenant', 'other')).rejects.toThrow('Attribute cannot be updated.');
    await expect(update('custom:colour', 'red')).rejects.toThrow('Attribute does not exist in the schema.');
    await update('name', 'Ada');
    expect(await admin('AdminGetUser')).toMatchObject({
      Enabled: true,
      UserStatus: 'CONFIRMED',
      UserAttributes: expect.arrayContaining([
        { Name: 'name', Value: 'Ada' },
        { Name: 'custom:tenant', Value: 'acme' },
      ]),
    });
  });

  it('gives an address to one user only, also when asked twice at once', async () => {
    const results = await Promise.allSettled([admin('AdminCreateUser'), admin('AdminCreateUser')]);
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    await expect(admin('AdminCreateUser', { Username: 'ADA@example.com' })).rejects.toMatchObject({
      code: 'UsernameExistsException',
    });
  });

  it('lists by filter and page by page', async () => {
    for (const name of ['a', 'b', 'c']) await pool.addUser(`${name}@example.com`, testPassword);
    const list = (input: Attributes) => pool.call('ListUsers', { UserPoolId: pool.poolId, ...input });
    const found = await list({ Filter: 'email = "B@example.com"' });
    expect(found['Users']).toHaveLength(1);
    expect((await list({ Filter: 'email ^= "a"' }))['Users']).toHaveLength(1);
    await expect(list({ Filter: 'custom:tenant = "acme"' })).rejects.toMatchObject({
      code: 'InvalidParameterException',
    });
    const first = await list({ Limit: 2 });
    const second = await list({ Limit: 2, PaginationToken: first['PaginationToken'] });
    expect([first['Users'], second['Users']].map((users) => (users as unknown[]).length)).toEqual([2, 1]);
    expect(second).not.toHaveProperty('PaginationToken');
  });

  it('keeps groups, both ways', async () => {
    const username = await pool.addUser(email, testPassword, ['operator']);
    expect(await admin('AdminListGroupsForUser')).toMatchObject({ Groups: [{ GroupName: 'operator' }] });
    expect(await admin('ListUsersInGroup', { GroupName: 'operator' })).toMatchObject({
      Users: [{ Username: username }],
    });
    await admin('AdminRemoveUserFromGroup', { GroupName: 'operator' });
    expect(await admin('AdminListGroupsForUser')).toEqual({ Groups: [] });
    await expect(admin('AdminAddUserToGroup', { GroupName: 'nobody' })).rejects.toThrow('Group not found.');
  });

  it('shows everybody on the page, and no secret', async () => {
    const username = await pool.addUser(email, testPassword, ['operator']);
    await admin('AdminDisableUser');
    const view = pool.service.views?.find(({ id }) => id === 'users');
    const blocks = (await view?.show(new URLSearchParams({ pool: 'users' }))) ?? [];
    const disabled = { text: 'disabled', tone: 'bad' };
    expect(blocks.at(-1)).toMatchObject({ rows: [['users', username, email, disabled, '', 'operator']] });
    expect(JSON.stringify(blocks)).not.toContain('verifier');
  });

  it('is the only way to an account where the pool says so', async () => {
    await expect(
      pool.call('SignUp', { ClientId: pool.clientId, Username: email, Password: testPassword }),
    ).rejects.toMatchObject({ code: 'NotAuthorizedException' });
  });
});

describe('an installation', () => {
  it('finds users, sign-ins and keys again after a restart, and never keeps a password', async () => {
    await pool.addUser(email, testPassword);
    const tokens = await signIn();
    const restarted = await createCognito(pool.cloud);
    const apply = (type: string, desired: Attributes, id: string) =>
      restarted.resources[type]?.apply(testResource(type, 'x', desired), { ...desired, id });
    await apply('aws_cognito_user_pool', { name: 'users', username_attributes: ['email'] }, pool.poolId);
    const client = { name: 'c', user_pool_id: pool.poolId };
    await apply('aws_cognito_user_pool_client', client, pool.clientId);
    const request = {
      method: 'POST',
      path: '/',
      query: new URLSearchParams(),
      headers: {},
      body: Buffer.alloc(0),
      region: '',
      caller: administrator,
    };
    const input = { ClientId: pool.clientId, RefreshToken: tokens['RefreshToken'] };
    expect(await restarted.operations?.['GetTokensFromRefreshToken']?.(input, request)).toHaveProperty(
      'AuthenticationResult',
    );
    const kept = JSON.stringify(await pool.cloud.state.namespace('cognito').list());
    expect(kept).toContain(email);
    expect(kept).not.toContain(testPassword);
    expect(kept).not.toContain(String(tokens['RefreshToken']));
  });

  it('guards its keys, and publishes their public halves', async () => {
    const path = join(pool.cloud.dataDirectory, 'cognito', 'keys.json');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const response = await pool.service.handle?.({
      method: 'GET',
      path: `/${pool.poolId}/.well-known/jwks.json`,
      query: new URLSearchParams(),
      headers: {},
      body: Buffer.alloc(0),
      region: 'us-east-1',
      caller: administrator,
    });
    const { keys } = JSON.parse(String(response?.body)) as { keys: Attributes[] };
    expect(keys.map((key) => Object.keys(key).sort())).toEqual([
      ['alg', 'e', 'kid', 'kty', 'n', 'use'],
      ['alg', 'e', 'kid', 'kty', 'n', 'use'],
    ]);
    expect(readFileSync(path, 'utf8')).toContain('PRIVATE KEY');
  });

  it.each([
    ['mfa_configuration "ON" by SMS', { mfa_configuration: 'ON' }],
    ['lambda_config.custom_email_sender', { lambda_config: { custom_email_sender: { lambda_arn: 'arn' } } }],
    ['device_configuration', { device_configuration: { challenge_required_on_new_device: true } }],
    ['CONFIRM_WITH_LINK', { verification_message_template: { default_email_option: 'CONFIRM_WITH_LINK' } }],
  ])('refuses %s by name when it is applied', async (name, settings) => {
    await expect(createTestPool({ cloud: pool.cloud, pool: settings })).rejects.toThrow(name);
  });
});

describe('triggers', () => {
  const withTrigger = async (lambda_config: Attributes, answer: (event: Attributes) => unknown) => {
    const triggered = await createTestPool({ pool: { lambda_config } });
    triggered.cloud.ports.functions = {
      invoke: async (_arn, event) => {
        const payload = answer(event as Attributes);
        const failed = payload instanceof Error;
        return {
          payload: failed ? { errorMessage: payload.message } : payload,
          ...(failed && { functionError: 'Unhandled' as const }),
          requestId: 'r',
        };
      },
      enqueue: async () => undefined,
    };
    await triggered.addUser(email, testPassword, ['operator']);
    const AuthParameters = { USERNAME: email, PASSWORD: testPassword };
    const enter = () =>
      triggered.call('InitiateAuth', {
        ClientId: triggered.clientId,
        AuthFlow: 'USER_PASSWORD_AUTH',
        AuthParameters,
      });
    return { triggered, enter };
  };

  it('may refuse a sign-in', async () => {
    const { triggered, enter } = await withTrigger(
      { pre_authentication: 'arn' },
      () => new Error('not today'),
    );
    await expect(enter()).rejects.toMatchObject({
      code: 'UserLambdaValidationException',
      message: 'PreAuthentication failed with error not today.',
    });
    triggered.cloud.remove();
  });

  it('may change claims, but none by which a token is verified', async () => {
    const { triggered, enter } = await withTrigger({ pre_token_generation: 'arn' }, (event) => ({
      ...event,
      response: {
        claimsOverrideDetails: {
          claimsToAddOrOverride: { plan: 'gold', iss: 'https://evil.example' },
          claimsToSuppress: ['email'],
          groupOverrideDetails: { groupsToOverride: ['viewer'] },
        },
      },
    }));
    const { AuthenticationResult } = await enter();
    const claims = decodeJwt(String((AuthenticationResult as Attributes)['IdToken']));
    expect(claims).toMatchObject({ plan: 'gold', iss: triggered.issuer, 'cognito:groups': ['viewer'] });
    expect(claims).not.toHaveProperty('email');
    triggered.cloud.remove();
  });
});
