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
import { createTestPool, serveOperations, type TestPool, testPassword } from './fixture.ts';
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
