import { decodeJwt } from 'jose';
import { describe, expect, it, onTestFinished } from 'vitest';
import { AwsError } from '../../core/errors.ts';
import type { Attributes } from '../../core/service.ts';
import { answerTriggers, createTestPool, type TestPool, type TriggerEvent, testPassword } from './fixture.ts';

const email = 'ada@example.com';
const ClientMetadata = { from: 'test' };

async function poolWith(
  lambda_config: Attributes,
  answer: (event: TriggerEvent) => Attributes = ({ response }) => response,
  more: { pool?: Attributes; client?: Attributes } = {},
) {
  const pool = await createTestPool({
    pool: {
      admin_create_user_config: {},
      auto_verified_attributes: ['email'],
      schema: [],
      lambda_config,
      ...more.pool,
    },
    ...(more.client && { client: more.client }),
  });
  onTestFinished(() => pool.cloud.remove());
  return { pool, events: answerTriggers(pool, answer) };
}

const asClient = (pool: TestPool, operation: string, input: Attributes = {}) =>
  pool.call(operation, { ClientId: pool.clientId, Username: email, ClientMetadata, ...input });
const signUp = (pool: TestPool) => asClient(pool, 'SignUp', { Password: testPassword });
const signIn = (pool: TestPool, PASSWORD = testPassword) =>
  pool.call('InitiateAuth', {
    ClientId: pool.clientId,
    AuthFlow: 'USER_PASSWORD_AUTH',
    AuthParameters: { USERNAME: email, PASSWORD },
    ClientMetadata,
  });
const claimsOf = (answer: Attributes, token = 'IdToken') =>
  decodeJwt(String((answer['AuthenticationResult'] as Attributes)[token]));

describe('triggers around an account', () => {
  it('are told in AWS’s form what happens, in its order', async () => {
    const { pool, events } = await poolWith({
      pre_sign_up: 'a',
      custom_message: 'a',
      post_confirmation: 'a',
      pre_authentication: 'a',
      post_authentication: 'a',
      pre_token_generation: 'a',
    });
    const { UserSub } = await signUp(pool);
    await asClient(pool, 'ConfirmSignUp', { ConfirmationCode: await pool.codeSentTo(email) });
    await signIn(pool);
    expect(events.map(({ triggerSource }) => triggerSource)).toEqual([
      'PreSignUp_SignUp',
      'CustomMessage_SignUp',
      'PostConfirmation_ConfirmSignUp',
      'PreAuthentication_Authentication',
      'PostAuthentication_Authentication',
      'TokenGeneration_Authentication',
    ]);
    expect(events[0]).toMatchObject({
      version: '1',
      region: 'us-east-1',
      userPoolId: pool.poolId,
      userName: UserSub,
      callerContext: { awsSdkVersion: 'aws-sdk-unknown-unknown', clientId: pool.clientId },
      request: { userAttributes: { email }, validationData: null, clientMetadata: ClientMetadata },
      response: { autoConfirmUser: false, autoVerifyEmail: false, autoVerifyPhone: false },
    });
    expect(events[0]?.request['userAttributes']).not.toHaveProperty('sub');
    expect(events[1]?.request).toMatchObject({ codeParameter: '{####}', usernameParameter: null });
    expect(events[2]?.request['userAttributes']).toMatchObject({
      sub: UserSub,
      email_verified: 'true',
      'cognito:user_status': 'CONFIRMED',
    });
    expect(events[3]?.request).toMatchObject({ validationData: ClientMetadata });
    expect(events[4]?.request).toMatchObject({ newDeviceUsed: false, clientMetadata: ClientMetadata });
  });

  it('confirm and verify who signs up, or refuse', async () => {
    const { pool } = await poolWith({ pre_sign_up: 'a' }, () => ({
      autoConfirmUser: true,
      autoVerifyEmail: true,
    }));
    expect(await signUp(pool)).toMatchObject({ UserConfirmed: true });
    expect(claimsOf(await signIn(pool))).toMatchObject({ email_verified: true });
    expect(await pool.mailTo(email)).toEqual([]);
    const { pool: closed } = await poolWith({ pre_sign_up: 'a' }, () => {
      throw new Error('members only');
    });
    await expect(signUp(closed)).rejects.toMatchObject({
      code: 'UserLambdaValidationException',
      message: 'PreSignUp failed with error members only.',
    });
  });

  it('are told apart from a function that cannot be called', async () => {
    const { pool } = await poolWith({ pre_sign_up: 'a' });
    pool.cloud.ports.functions.invoke = async () => {
      throw new AwsError('ResourceNotFoundException', 'Function not found', 404);
    };
    await expect(signUp(pool)).rejects.toMatchObject({
      code: 'UnexpectedLambdaException',
      message: 'PreSignUp invocation failed due to error ResourceNotFoundException.',
    });
  });

  it('write the messages', async () => {
    const { pool } = await poolWith({ custom_message: 'a' }, ({ triggerSource, request }) => ({
      emailSubject: triggerSource,
      emailMessage: `<b>${String(request['codeParameter'])}</b> for ${String(request['usernameParameter'])}`,
    }));
    await signUp(pool);
    expect(await pool.mailTo(email)).toMatchObject([
      { subject: 'CustomMessage_SignUp', text: expect.stringMatching(/^<b>\d{6}<\/b>/) },
    ]);
    const Username = 'bob@example.com';
    await pool.call('AdminCreateUser', {
      UserPoolId: pool.poolId,
      Username,
      TemporaryPassword: 'Temporary-Horse-$&1',
    });
    expect(await pool.mailTo(Username)).toMatchObject([
      { subject: 'CustomMessage_AdminCreateUser', text: `<b>Temporary-Horse-$&1</b> for ${Username}` },
    ]);
  });

  it('bring people over from elsewhere, at sign-in and when they forgot their password', async () => {
    const { pool, events } = await poolWith(
      { user_migration: 'a' },
      ({ request, triggerSource, userName }) => {
        const known = request['password'] === testPassword || triggerSource.endsWith('ForgotPassword');
        if (!known) throw new Error('unknown there as well');
        return {
          userAttributes: { email: userName, email_verified: 'true' },
          finalUserStatus: 'CONFIRMED',
          messageAction: 'SUPPRESS',
        };
      },
    );
    await expect(signIn(pool, 'Wrong-Horse-99')).rejects.toMatchObject({ code: 'UserNotFoundException' });
    expect(claimsOf(await signIn(pool))).toMatchObject({ email, email_verified: true });
    expect(events.at(-1)).toMatchObject({
      triggerSource: 'UserMigration_Authentication',
      userName: email,
      request: { password: testPassword, validationData: ClientMetadata },
    });
    const calls = events.length;
    await signIn(pool);
    expect(events).toHaveLength(calls);
    await asClient(pool, 'ForgotPassword', { Username: 'bob@example.com' });
    expect(events.at(-1)?.triggerSource).toBe('UserMigration_ForgotPassword');
    expect(await pool.mailTo('bob@example.com')).toHaveLength(1);
  });
});

describe('the trigger before tokens', () => {
  it('changes groups and roles, and is told the roles that the groups give', async () => {
    const { pool, events } = await poolWith({ pre_sign_up: 'a', pre_token_generation: 'a' }, (event) =>
      event.triggerSource.startsWith('PreSignUp')
        ? { autoConfirmUser: true }
        : {
            claimsOverrideDetails: {
              groupOverrideDetails: {
                groupsToOverride: ['x'],
                iamRolesToOverride: ['r'],
                preferredRole: 'r',
              },
            },
          },
    );
    await signUp(pool);
    const UserPoolId = pool.poolId;
    const group = async (GroupName: string, Precedence: number) => {
      const RoleArn = `arn:aws:iam::000000000000:role/${GroupName}`;
      await pool.call('CreateGroup', { UserPoolId, GroupName, Precedence, RoleArn });
      await pool.call('AdminAddUserToGroup', { UserPoolId, GroupName, Username: email });
    };
    await group('second', 2);
    await group('first', 1);
    const claims = claimsOf(await signIn(pool));
    expect(events.at(-1)?.request['groupConfiguration']).toEqual({
      groupsToOverride: ['first', 'second'],
      iamRolesToOverride: ['arn:aws:iam::000000000000:role/first', 'arn:aws:iam::000000000000:role/second'],
      preferredRole: 'arn:aws:iam::000000000000:role/first',
    });
    expect(claims).toMatchObject({
      'cognito:groups': ['x'],
      'cognito:roles': ['r'],
      'cognito:preferred_role': 'r',
    });
  });

  it('changes the access token in its second version', async () => {
    const { pool, events } = await poolWith(
      {
        pre_sign_up: 'a',
        pre_token_generation_config: { lambda_version: 'V2_0', lambda_arn: 'a' },
      },
      (event) =>
        event.triggerSource.startsWith('PreSignUp')
          ? { autoConfirmUser: true }
          : {
              claimsAndScopeOverrideDetails: {
                accessTokenGeneration: {
                  claimsToAddOrOverride: { plan: { tier: 'gold' } },
                  scopesToAdd: ['orders/read'],
                },
              },
            },
    );
    await signUp(pool);
    const claims = claimsOf(await signIn(pool), 'AccessToken');
    expect(claims).toMatchObject({
      plan: { tier: 'gold' },
      scope: 'aws.cognito.signin.user.admin orders/read',
    });
    expect(events.at(-1)).toMatchObject({
      version: '2',
      request: { scopes: ['aws.cognito.signin.user.admin'] },
    });
  });
});
