import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Attributes } from '../../core/service.ts';
import { ActiveUsers } from './active-users.ts';
import { createTestPool, type TestPool, testPassword } from './fixture.ts';
import type { UserPool } from './model.ts';

const email = 'ada@example.com';
const audited = {
  user_pool_tier: 'PLUS',
  user_pool_add_ons: [{ advanced_security_mode: 'AUDIT' }],
};
let pool: TestPool | undefined;

beforeEach(() => {
  pool = undefined;
});
afterEach(() => pool?.cloud.remove());

async function signIn({ call, clientId }: TestPool, password: string): Promise<Attributes> {
  return call('InitiateAuth', {
    ClientId: clientId,
    AuthFlow: 'USER_PASSWORD_AUTH',
    AuthParameters: { USERNAME: email, PASSWORD: password },
  });
}

const events = ({ call, poolId }: TestPool, input: Attributes = {}) =>
  call('AdminListUserAuthEvents', { UserPoolId: poolId, Username: email, ...input });

describe('the events of a user', () => {
  it('are those of sign-ins and failures, newest first', async () => {
    pool = await createTestPool({ pool: audited });
    await pool.addUser(email, testPassword);
    await expect(signIn(pool, 'Wrong-Horse-99')).rejects.toThrow('Incorrect username or password.');
    await signIn(pool, testPassword);
    const { AuthEvents } = await events(pool);
    expect(AuthEvents).toMatchObject([
      {
        EventType: 'SignIn',
        EventResponse: 'Pass',
        ChallengeResponses: [{ ChallengeName: 'Password', ChallengeResponse: 'Success' }],
        EventRisk: { RiskDecision: 'NoRisk', CompromisedCredentialsDetected: false },
        EventContextData: { IpAddress: '127.0.0.1' },
      },
      {
        EventType: 'SignIn',
        EventResponse: 'Fail',
        ChallengeResponses: [{ ChallengeName: 'Password', ChallengeResponse: 'Failure' }],
      },
    ]);
    for (const { CreationDate } of AuthEvents as { CreationDate: number }[]) {
      expect(Math.abs(Date.now() / 1000 - CreationDate)).toBeLessThan(60);
    }
  });

  it('are in progress while a temporary password must be replaced', async () => {
    pool = await createTestPool({ pool: audited });
    await pool.call('AdminCreateUser', {
      UserPoolId: pool.poolId,
      Username: email,
      TemporaryPassword: testPassword,
      UserAttributes: [{ Name: 'custom:tenant', Value: 'acme' }],
    });
    await signIn(pool, testPassword);
    expect((await events(pool))['AuthEvents']).toMatchObject([{ EventResponse: 'InProgress' }]);
  });

  it('come in pages, and go with the user', async () => {
    pool = await createTestPool({ pool: audited });
    await pool.addUser(email, testPassword);
    for (let each = 0; each < 3; each += 1) await signIn(pool, testPassword);
    const first = await events(pool, { MaxResults: 2 });
    const second = await events(pool, { MaxResults: 2, NextToken: first['NextToken'] });
    expect([first, second].map(({ AuthEvents }) => (AuthEvents as unknown[]).length)).toEqual([2, 1]);
    expect(second).not.toHaveProperty('NextToken');
    await pool.call('AdminDeleteUser', { UserPoolId: pool.poolId, Username: email });
    await pool.addUser(email, testPassword);
    expect(await events(pool)).toEqual({ AuthEvents: [] });
  });

  it('are refused where the pool does not record them, as on AWS', async () => {
    pool = await createTestPool();
    await pool.addUser(email, testPassword);
    await expect(events(pool)).rejects.toMatchObject({ code: 'UserPoolAddOnNotEnabledException' });
  });

  it('are told by the pool’s description', async () => {
    pool = await createTestPool({ pool: audited });
    expect(await pool.call('DescribeUserPool', { UserPoolId: pool.poolId })).toMatchObject({
      UserPool: { UserPoolTier: 'PLUS', UserPoolAddOns: { AdvancedSecurityMode: 'AUDIT' } },
    });
  });
});

describe('an active user', () => {
  it('is counted once a month, by the tier of the pool', async () => {
    pool = await createTestPool({ pool: audited });
    await pool.addUser(email, testPassword);
    const tokens = (await signIn(pool, testPassword))['AuthenticationResult'] as Attributes;
    await signIn(pool, testPassword);
    await pool.call('InitiateAuth', {
      ClientId: pool.clientId,
      AuthFlow: 'REFRESH_TOKEN_AUTH',
      AuthParameters: { REFRESH_TOKEN: tokens['RefreshToken'] },
    });
    expect(pool.cloud.recorded.usage).toMatchObject([
      { service: 'Amazon Cognito', usageType: 'USE1-CognitoPlusMAU', quantity: 1 },
    ]);
  });

  it('is not counted again after a restart, but in the next month', async () => {
    pool = await createTestPool();
    const { cloud } = pool;
    const users = { id: 'us-east-1_a', arn: 'arn:users', tier: 'LITE' } as UserPool;
    const state = cloud.state.namespace('cognito');
    const seen = async (time: string) => {
      const active = new ActiveUsers(cloud, state, () => Date.parse(time));
      await active.load();
      await active.seen(users, 'ada');
    };
    await seen('2026-01-10T00:00:00Z');
    await seen('2026-01-31T23:59:59Z');
    expect(cloud.recorded.usage).toMatchObject([{ usageType: 'USE1-CognitoUserPoolsMAU' }]);
    await seen('2026-02-01T00:00:00Z');
    expect(cloud.recorded.usage).toHaveLength(2);
    expect(await state.list('active/')).toHaveLength(1);
  });
});
