import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Attributes } from '../../../core/service.ts';
import { createTestPool, type TestPool, testPassword } from '../fixture.ts';
import { codeAt, stepAt } from './totp.ts';

const email = 'ada@example.com';
const halfMinute = 30_000;
let pool: TestPool;

const withMfa = (mfa_configuration: string) =>
  createTestPool({
    pool: { mfa_configuration, software_token_mfa_configuration: { enabled: true } },
  });

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] });
});
afterEach(() => {
  vi.useRealTimers();
  pool.cloud.remove();
});

const signIn = () =>
  pool.call('InitiateAuth', {
    ClientId: pool.clientId,
    AuthFlow: 'USER_PASSWORD_AUTH',
    AuthParameters: { USERNAME: email, PASSWORD: testPassword },
  });
const respond = (ChallengeName: string, Session: unknown, responses: Attributes = {}) =>
  pool.call('RespondToAuthChallenge', {
    ClientId: pool.clientId,
    ChallengeName,
    Session,
    ChallengeResponses: { USERNAME: email, ...responses },
  });
const codeNow = (secret: unknown) => codeAt(String(secret), stepAt(Date.now()));
const tokenOf = (answer: Attributes) => (answer['AuthenticationResult'] as Attributes)['AccessToken'];

describe('where an authenticator app is optional', () => {
  let AccessToken: unknown;
  let secret: unknown;

  beforeEach(async () => {
    pool = await withMfa('OPTIONAL');
    await pool.addUser(email, testPassword);
    AccessToken = tokenOf(await signIn());
    secret = (await pool.call('AssociateSoftwareToken', { AccessToken }))['SecretCode'];
  });

  const preferIt = () =>
    pool.call('SetUserMFAPreference', {
      AccessToken,
      SoftwareTokenMfaSettings: { Enabled: true, PreferredMfa: true },
    });
  const enrol = async () => {
    await pool.call('VerifySoftwareToken', { AccessToken, UserCode: codeNow(secret) });
    await preferIt();
    vi.setSystemTime(Date.now() + halfMinute);
  };

  it('has to be proved before it can be asked for', async () => {
    await expect(preferIt()).rejects.toThrow('User has not verified software token mfa');
    const verify = (UserCode: string) => pool.call('VerifySoftwareToken', { AccessToken, UserCode });
    await expect(verify('abcdef')).rejects.toMatchObject({ code: 'EnableSoftwareTokenMFAException' });
    expect(await verify(codeNow(secret))).toEqual({ Status: 'SUCCESS' });
    expect(await signIn()).toHaveProperty('AuthenticationResult');
    await preferIt();
    expect(await pool.call('GetUser', { AccessToken })).toMatchObject({
      UserMFASettingList: ['SOFTWARE_TOKEN_MFA'],
      PreferredMfaSetting: 'SOFTWARE_TOKEN_MFA',
    });
  });

  it('is asked for after the password, and takes each code once', async () => {
    await enrol();
    const { ChallengeName, Session } = await signIn();
    expect(ChallengeName).toBe('SOFTWARE_TOKEN_MFA');
    const code = codeNow(secret);
    const answer = (session: unknown, SOFTWARE_TOKEN_MFA_CODE: string) =>
      respond('SOFTWARE_TOKEN_MFA', session, { SOFTWARE_TOKEN_MFA_CODE });
    await expect(answer(Session, code === '000000' ? '000001' : '000000')).rejects.toMatchObject({
      code: 'CodeMismatchException',
    });
    expect(await answer(Session, code)).toHaveProperty('AuthenticationResult');
    await expect(answer(Session, code)).rejects.toThrow('session can only be used once');
    await expect(answer((await signIn())['Session'], code)).rejects.toMatchObject({
      code: 'ExpiredCodeException',
      message: 'Your software token has already been used once.',
    });
  });

  it('lets one in of two who come with the same code at once', async () => {
    await enrol();
    const code = codeNow(secret);
    const enter = async () =>
      respond('SOFTWARE_TOKEN_MFA', (await signIn())['Session'], { SOFTWARE_TOKEN_MFA_CODE: code });
    const results = await Promise.allSettled([enter(), enter()]);
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  it('cannot be guessed: wrong codes lock as wrong passwords do, and a right password does not unlock', async () => {
    await enrol();
    const guess = async () =>
      respond('SOFTWARE_TOKEN_MFA', (await signIn())['Session'], { SOFTWARE_TOKEN_MFA_CODE: 'guess!' });
    for (let time = 0; time < 5; time++) {
      await expect(guess()).rejects.toMatchObject({ code: 'CodeMismatchException' });
    }
    await expect(guess()).rejects.toThrow('attempts exceeded');
  });

  it('can be taken away by an administrator', async () => {
    await enrol();
    await pool.call('AdminSetUserMFAPreference', {
      UserPoolId: pool.poolId,
      Username: email,
      SoftwareTokenMfaSettings: { Enabled: false },
    });
    expect(await signIn()).toHaveProperty('AuthenticationResult');
  });

  it('leaves no secret on disk that makes codes', async () => {
    await enrol();
    const kept = JSON.stringify(await pool.cloud.state.namespace('cognito').list());
    expect(kept).not.toContain(String(secret));
  });

  it('has no sisters here: text messages and passkeys are refused by name', async () => {
    const wish = pool.call('SetUserMFAPreference', { AccessToken, SMSMfaSettings: { Enabled: true } });
    await expect(wish).rejects.toMatchObject({ code: 'NotImplemented', message: /SMSMfaSettings/ });
    await expect(respond('SMS_MFA', 'x')).rejects.toMatchObject({ code: 'NotImplemented' });
  });
});

describe('where an authenticator app is required', () => {
  it('is enrolled during the first sign-in, and asked for from then on', async () => {
    pool = await withMfa('ON');
    await pool.addUser(email, testPassword);
    const { ChallengeName, ChallengeParameters, Session } = await signIn();
    expect(ChallengeName).toBe('MFA_SETUP');
    expect((ChallengeParameters as Attributes)['MFAS_CAN_SETUP']).toBe('["SOFTWARE_TOKEN_MFA"]');
    await expect(respond('MFA_SETUP', Session)).rejects.toMatchObject({ code: 'NotAuthorizedException' });
    const associated = await pool.call('AssociateSoftwareToken', { Session });
    const verified = await pool.call('VerifySoftwareToken', {
      Session: associated['Session'],
      UserCode: codeNow(associated['SecretCode']),
    });
    expect(verified).toMatchObject({ Status: 'SUCCESS' });
    expect(await respond('MFA_SETUP', verified['Session'])).toHaveProperty('AuthenticationResult');
    expect(await signIn()).toMatchObject({ ChallengeName: 'SOFTWARE_TOKEN_MFA' });
  });

  it('can be made so, and told, through the API', async () => {
    pool = await createTestPool();
    const config = (more: Attributes = {}, operation = 'SetUserPoolMfaConfig') =>
      pool.call(operation, { UserPoolId: pool.poolId, ...more });
    await expect(config({ MfaConfiguration: 'ON' })).rejects.toMatchObject({
      code: 'InvalidParameterException',
    });
    const SoftwareTokenMfaConfiguration = { Enabled: true };
    await config({ MfaConfiguration: 'ON', SoftwareTokenMfaConfiguration });
    expect(await config({}, 'GetUserPoolMfaConfig')).toEqual({
      MfaConfiguration: 'ON',
      SoftwareTokenMfaConfiguration,
    });
  });
});
