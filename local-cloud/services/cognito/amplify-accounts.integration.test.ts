import type { Server } from 'node:http';
import { Amplify } from 'aws-amplify';
import {
  confirmResetPassword,
  confirmSignIn,
  confirmSignUp,
  confirmUserAttribute,
  deleteUser,
  fetchMFAPreference,
  resendSignUpCode,
  resetPassword,
  setUpTOTP,
  signIn,
  signOut,
  signUp,
  updateMFAPreference,
  updatePassword,
  updateUserAttributes,
  verifyTOTPSetup,
} from 'aws-amplify/auth';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Attributes } from '../../core/service.ts';
import { answerTriggers, createTestPool, serveOperations, type TestPool, testPassword } from './fixture.ts';
import { codeAt, stepAt } from './mfa/totp.ts';

const username = 'ada@example.com';
const newPassword = 'Another-Horse-9';

/** In order: each does what a person does next. */
describe('aws-amplify, for somebody new', () => {
  let pool: TestPool;
  let server: Server;
  let secret = '';

  beforeAll(async () => {
    pool = await createTestPool({
      pool: {
        admin_create_user_config: {},
        auto_verified_attributes: ['email'],
        schema: [],
        mfa_configuration: 'OPTIONAL',
        software_token_mfa_configuration: { enabled: true },
      },
    });
    const served = await serveOperations(pool.service);
    server = served.server;
    Amplify.configure({
      Auth: {
        Cognito: {
          userPoolId: pool.poolId,
          userPoolClientId: pool.clientId,
          userPoolEndpoint: served.url,
          mfa: { status: 'optional', totpEnabled: true },
        },
      },
    });
  });

  afterAll(async () => {
    vi.useRealTimers();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    pool.cloud.remove();
  });

  it('signs up, and confirms with the code in the mailbox', async () => {
    const { nextStep } = await signUp({ username, password: testPassword });
    expect(nextStep).toMatchObject({
      signUpStep: 'CONFIRM_SIGN_UP',
      codeDeliveryDetails: { deliveryMedium: 'EMAIL', destination: 'a***@e***' },
    });
    const early = await signIn({ username, password: testPassword });
    expect(early.nextStep.signInStep).toBe('CONFIRM_SIGN_UP');
    await resendSignUpCode({ username });
    const confirmationCode = await pool.codeSentTo(username);
    expect(await confirmSignUp({ username, confirmationCode })).toMatchObject({ isSignUpComplete: true });
  });

  it('enrols an authenticator app', async () => {
    await signIn({ username, password: testPassword });
    const { sharedSecret, getSetupUri } = await setUpTOTP();
    secret = sharedSecret;
    expect(getSetupUri('Skafu').toString()).toContain(`secret=${secret}`);
    await expect(verifyTOTPSetup({ code: '000' })).rejects.toMatchObject({
      name: 'EnableSoftwareTokenMFAException',
    });
    await verifyTOTPSetup({ code: codeAt(secret, stepAt(Date.now())) });
    await updateMFAPreference({ totp: 'PREFERRED' });
    expect(await fetchMFAPreference()).toEqual({ enabled: ['TOTP'], preferred: 'TOTP' });
    await signOut();
  });

  it('resets a forgotten password with the code in the mailbox', async () => {
    const { nextStep } = await resetPassword({ username });
    expect(nextStep.resetPasswordStep).toBe('CONFIRM_RESET_PASSWORD_WITH_CODE');
    const confirmationCode = await pool.codeSentTo(username);
    await confirmResetPassword({ username, confirmationCode, newPassword });
    await expect(signIn({ username, password: testPassword })).rejects.toMatchObject({
      name: 'NotAuthorizedException',
    });
  });

  it('signs in with password and app', async () => {
    // The code of the enrolment was the one of this half minute, and each is good once.
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 30_000 });
    const { nextStep } = await signIn({ username, password: newPassword });
    expect(nextStep.signInStep).toBe('CONFIRM_SIGN_IN_WITH_TOTP_CODE');
    const challengeResponse = codeAt(secret, stepAt(Date.now()));
    expect(await confirmSignIn({ challengeResponse })).toMatchObject({ isSignedIn: true });
  });

  it('changes address and password, and leaves', async () => {
    const next = 'ada@sample.org';
    const { email } = await updateUserAttributes({ userAttributes: { email: next } });
    expect(email?.nextStep.updateAttributeStep).toBe('CONFIRM_ATTRIBUTE_WITH_CODE');
    await confirmUserAttribute({
      userAttributeKey: 'email',
      confirmationCode: await pool.codeSentTo(next),
    });
    await updatePassword({ oldPassword: newPassword, newPassword: testPassword });
    await deleteUser();
    await expect(signIn({ username: next, password: testPassword })).rejects.toMatchObject({
      name: 'UserNotFoundException',
    });
  });
});

describe('aws-amplify, where more than a password is asked for', () => {
  const pools: TestPool[] = [];
  const servers: Server[] = [];

  async function configure(options: { pool?: Attributes; client?: Attributes }): Promise<TestPool> {
    const pool = await createTestPool(options);
    const { server, url } = await serveOperations(pool.service);
    pools.push(pool);
    servers.push(server);
    Amplify.configure({
      Auth: {
        Cognito: { userPoolId: pool.poolId, userPoolClientId: pool.clientId, userPoolEndpoint: url },
      },
    });
    await pool.addUser(username, testPassword);
    return pool;
  }

  afterAll(async () => {
    for (const server of servers) {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
    for (const pool of pools) pool.cloud.remove();
  });

  it('enrols the authenticator app that the pool requires while it signs in', async () => {
    await configure({
      pool: { mfa_configuration: 'ON', software_token_mfa_configuration: { enabled: true } },
    });
    const { nextStep } = await signIn({ username, password: testPassword });
    if (nextStep.signInStep !== 'CONTINUE_SIGN_IN_WITH_TOTP_SETUP') throw new Error(nextStep.signInStep);
    const { sharedSecret } = nextStep.totpSetupDetails;
    const challengeResponse = codeAt(sharedSecret, stepAt(Date.now()));
    expect(await confirmSignIn({ challengeResponse })).toMatchObject({ isSignedIn: true });
    await signOut();
  });

  it('answers a challenge of the pool’s own after the password', async () => {
    const pool = await configure({
      pool: {
        lambda_config: {
          define_auth_challenge: 'define',
          create_auth_challenge: 'create',
          verify_auth_challenge_response: 'verify',
        },
      },
      client: { explicit_auth_flows: ['ALLOW_CUSTOM_AUTH'] },
    });
    const order = ['SRP_A', 'PASSWORD_VERIFIER', 'CUSTOM_CHALLENGE'];
    const events = answerTriggers(pool, ({ triggerSource, request }) => {
      const session = (request['session'] ?? []) as { challengeName: string; challengeResult: boolean }[];
      const failed = session.some(({ challengeResult }) => !challengeResult);
      if (triggerSource.startsWith('Define')) {
        return {
          challengeName: order[session.length] ?? null,
          issueTokens: session.length === order.length && !failed,
          failAuthentication: failed,
        };
      }
      if (triggerSource.startsWith('Create')) {
        return { publicChallengeParameters: { hint: 'four' }, privateChallengeParameters: { is: '4' } };
      }
      const { is } = request['privateChallengeParameters'] as Attributes;
      return { answerCorrect: request['challengeAnswer'] === is };
    });
    const options = { authFlowType: 'CUSTOM_WITH_SRP' } as const;
    await expect(signIn({ username, password: 'Wrong-Horse-9', options })).rejects.toThrow('Incorrect');
    const { nextStep } = await signIn({ username, password: testPassword, options });
    expect(nextStep).toMatchObject({
      signInStep: 'CONFIRM_SIGN_IN_WITH_CUSTOM_CHALLENGE',
      additionalInfo: { hint: 'four' },
    });
    expect(await confirmSignIn({ challengeResponse: '4' })).toMatchObject({ isSignedIn: true });
    const asked = order.map((challengeName) => ({ challengeName, challengeResult: true }));
    expect(events.at(-1)?.request['session']).toMatchObject(asked);
    await signOut();
  });
});
