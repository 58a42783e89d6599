import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Attributes } from '../../core/service.ts';
import { createTestPool, type TestPool, testPassword } from './fixture.ts';

const email = 'ada@example.com';
const open = { admin_create_user_config: {}, auto_verified_attributes: ['email'], schema: [] };
let pool: TestPool;

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  pool = await createTestPool({ pool: open });
});
afterEach(() => {
  vi.useRealTimers();
  pool.cloud.remove();
});

const asClient = (operation: string, input: Attributes = {}, to = pool) =>
  to.call(operation, { ClientId: to.clientId, Username: email, ...input });
const asAdmin = (operation: string, input: Attributes = {}) =>
  pool.call(operation, { UserPoolId: pool.poolId, Username: email, ...input });

const signUp = (input: Attributes = {}, to = pool) =>
  asClient('SignUp', { Password: testPassword, ...input }, to);

async function signIn(password = testPassword, to = pool): Promise<Attributes> {
  const answer = await to.call('InitiateAuth', {
    ClientId: to.clientId,
    AuthFlow: 'USER_PASSWORD_AUTH',
    AuthParameters: { USERNAME: email, PASSWORD: password },
  });
  return (answer['AuthenticationResult'] ?? answer) as Attributes;
}

async function confirmed(to = pool): Promise<string> {
  await signUp({}, to);
  await asClient('ConfirmSignUp', { ConfirmationCode: await to.codeSentTo(email) }, to);
  return String((await signIn(testPassword, to))['AccessToken']);
}

const attribute = async (name: string) => {
  const { UserAttributes } = await asAdmin('AdminGetUser');
  return (UserAttributes as Attributes[]).find(({ Name }) => Name === name)?.['Value'];
};
const wrong = (code: string) => (code === '000000' ? '000001' : '000000');

describe('signing up', () => {
  it('sends a code, tells where to without telling the address, and confirms with it', async () => {
    expect(await signUp()).toMatchObject({
      UserConfirmed: false,
      CodeDeliveryDetails: {
        AttributeName: 'email',
        DeliveryMedium: 'EMAIL',
        Destination: 'a***@e***',
      },
    });
    await expect(signIn()).rejects.toMatchObject({ code: 'UserNotConfirmedException' });
    await expect(signIn('Wrong-Horse-9')).rejects.toMatchObject({ code: 'NotAuthorizedException' });
    const [mail] = await pool.mailTo(email);
    expect(mail).toMatchObject({ subject: 'Your verification code' });
    const code = await pool.codeSentTo(email);
    await expect(asClient('ConfirmSignUp', { ConfirmationCode: wrong(code) })).rejects.toMatchObject({
      code: 'CodeMismatchException',
    });
    await asClient('ConfirmSignUp', { ConfirmationCode: code });
    expect(await attribute('email_verified')).toBe('true');
    expect(await signIn()).toHaveProperty('IdToken');
    await expect(asClient('ConfirmSignUp', { ConfirmationCode: code })).rejects.toMatchObject({
      message: 'User cannot be confirmed. Current status is CONFIRMED',
    });
  });

  it('takes the newest code alone, and none after a day', async () => {
    await signUp();
    const first = await pool.codeSentTo(email);
    await asClient('ResendConfirmationCode');
    const second = await pool.codeSentTo(email);
    const confirm = (ConfirmationCode: string) => asClient('ConfirmSignUp', { ConfirmationCode });
    if (first !== second) await expect(confirm(first)).rejects.toThrow('Invalid verification code');
    vi.setSystemTime(Date.now() + 25 * 3_600_000);
    await expect(confirm(second)).rejects.toMatchObject({ code: 'ExpiredCodeException' });
  });

  it('finds code and message again after a restart', async () => {
    await signUp();
    const code = await pool.codeSentTo(email);
    const restarted = await createTestPool({ cloud: pool.cloud, pool: open, after: pool });
    expect(await restarted.codeSentTo(email)).toBe(code);
    const confirm = (ConfirmationCode: string) => asClient('ConfirmSignUp', { ConfirmationCode }, restarted);
    await expect(confirm(wrong(code))).rejects.toMatchObject({ code: 'CodeMismatchException' });
    expect(await confirm(code)).toEqual({});
  });

  it('sends five codes an hour at most, and takes fifteen tries', async () => {
    await signUp();
    const code = await pool.codeSentTo(email);
    for (let time = 0; time < 5; time++) await asClient('ResendConfirmationCode');
    await expect(asClient('ResendConfirmationCode')).rejects.toMatchObject({
      code: 'LimitExceededException',
    });
    const confirm = () => asClient('ConfirmSignUp', { ConfirmationCode: wrong(code) });
    const codes = new Set<string>();
    for (let time = 0; time < 16; time++) await confirm().catch(({ code }) => codes.add(code));
    expect([...codes]).toContain('LimitExceededException');
  });

  it('needs what the pool requires, writes what the client may, and never vouches for itself', async () => {
    const strict = await createTestPool({
      cloud: pool.cloud,
      pool: {
        ...open,
        schema: [{ name: 'family_name', attribute_data_type: 'String', required: true, mutable: true }],
      },
      client: { write_attributes: ['email', 'family_name'] },
    });
    const up = (UserAttributes: Attributes[]) => signUp({ UserAttributes }, strict);
    await expect(up([])).rejects.toThrow('The attribute family_name is required');
    const family = { Name: 'family_name', Value: 'Lovelace' };
    await expect(up([family, { Name: 'name', Value: 'Ada' }])).rejects.toThrow('unauthorized attribute');
    await expect(up([family, { Name: 'email_verified', Value: 'true' }])).rejects.toThrow('unauthorized');
    expect(await up([family])).toHaveProperty('UserSub');
  });

  it('gives a verified alias to one account alone, unless it is forced', async () => {
    const aliased = await createTestPool({
      cloud: pool.cloud,
      pool: { ...open, username_attributes: undefined, alias_attributes: ['email'] },
    });
    const UserAttributes = [{ Name: 'email', Value: email }];
    const confirm = async (Username: string, more: Attributes = {}) => {
      await signUp({ Username, UserAttributes }, aliased);
      const ConfirmationCode = await aliased.codeSentTo(email);
      return asClient('ConfirmSignUp', { Username, ConfirmationCode, ...more }, aliased);
    };
    await confirm('ada');
    await expect(confirm('ada2')).rejects.toMatchObject({ code: 'AliasExistsException' });
    await confirm('ada3', { ForceAliasCreation: true });
    const { Username } = await aliased.call('AdminGetUser', { UserPoolId: aliased.poolId, Username: email });
    expect(Username).toBe('ada3');
  });

  it('writes in the words of the pool, by text message to whom has a phone', async () => {
    const worded = await createTestPool({
      cloud: pool.cloud,
      pool: {
        ...open,
        auto_verified_attributes: ['email', 'phone_number'],
        email_verification_message: 'Code {####}, dear.',
        verification_message_template: { email_subject: 'Prove it', sms_message: 'SMS {####}' },
        email_configuration: { from_email_address: 'us@example.com' },
      },
    });
    await signUp({}, worded);
    const [mail] = await worded.mailTo(email);
    expect(mail?.subject).toBe('Prove it');
    expect(mail?.text).toMatch(/^Code \d{6}, dear\.$/);
    const phone = '+41790001234';
    const UserAttributes = [{ Name: 'phone_number', Value: phone }];
    expect(await signUp({ Username: 'bob@example.com', UserAttributes }, worded)).toMatchObject({
      CodeDeliveryDetails: { DeliveryMedium: 'SMS', Destination: '+*******1234' },
    });
    expect((await worded.mailTo(phone))[0]?.text).toMatch(/^SMS \d{6}$/);
  });
});

describe('a forgotten password', () => {
  it('is replaced with a code that is good for an hour and once', async () => {
    await confirmed();
    expect(await asClient('ForgotPassword')).toMatchObject({
      CodeDeliveryDetails: { Destination: 'a***@e***' },
    });
    const ConfirmationCode = await pool.codeSentTo(email);
    const reset = (Password: string) => asClient('ConfirmForgotPassword', { ConfirmationCode, Password });
    await expect(reset('weak')).rejects.toMatchObject({ code: 'InvalidPasswordException' });
    await reset('Another-Horse-9');
    await expect(reset('A-Third-Horse-9')).rejects.toMatchObject({ code: 'ExpiredCodeException' });
    expect(await signIn('Another-Horse-9')).toHaveProperty('IdToken');
    await expect(signIn()).rejects.toMatchObject({ code: 'NotAuthorizedException' });
  });

  it('is replaced by one of two who come with the same code at once', async () => {
    await confirmed();
    await asClient('ForgotPassword');
    const ConfirmationCode = await pool.codeSentTo(email);
    const reset = (Password: string) => asClient('ConfirmForgotPassword', { ConfirmationCode, Password });
    const results = await Promise.allSettled([reset('First-Horse-99'), reset('Second-Horse-9')]);
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  it('needs an address that is verified, and says so', async () => {
    await signUp();
    await expect(asClient('ForgotPassword')).rejects.toThrow('no registered/verified email');
    await expect(asClient('ForgotPassword', { Username: 'x@example.com' })).rejects.toMatchObject({
      code: 'UserNotFoundException',
    });
  });

  it('tells nobody who is known where the client hides it', async () => {
    const hiding = await createTestPool({
      cloud: pool.cloud,
      pool: open,
      client: { prevent_user_existence_errors: 'ENABLED' },
    });
    const nobody = { Username: 'nobody@example.com' };
    const simulated = { CodeDeliveryDetails: { DeliveryMedium: 'EMAIL', Destination: 'n***@e***' } };
    expect(await asClient('ForgotPassword', nobody, hiding)).toMatchObject(simulated);
    expect(await asClient('ResendConfirmationCode', nobody, hiding)).toMatchObject(simulated);
    expect(await hiding.mailTo('nobody@example.com')).toEqual([]);
    const guess = { ...nobody, ConfirmationCode: '123456', Password: testPassword };
    await expect(asClient('ConfirmForgotPassword', guess, hiding)).rejects.toMatchObject({
      code: 'CodeMismatchException',
    });
  });

  it('is for administrators alone where the pool says so, and they can force it', async () => {
    const locked = await createTestPool({
      cloud: pool.cloud,
      pool: {
        ...open,
        account_recovery_setting: { recovery_mechanism: { name: 'admin_only', priority: 1 } },
      },
    });
    await confirmed(locked);
    await expect(asClient('ForgotPassword', {}, locked)).rejects.toThrow('Contact administrator');
    await locked.call('AdminResetUserPassword', { UserPoolId: locked.poolId, Username: email });
    await expect(signIn(testPassword, locked)).rejects.toMatchObject({
      code: 'PasswordResetRequiredException',
    });
    const ConfirmationCode = await locked.codeSentTo(email);
    await asClient('ConfirmForgotPassword', { ConfirmationCode, Password: 'Another-Horse-9' }, locked);
    expect(await signIn('Another-Horse-9', locked)).toHaveProperty('IdToken');
  });

  it('is none of the last ones where the pool remembers them', async () => {
    const remembering = await createTestPool({
      cloud: pool.cloud,
      pool: { ...open, password_policy: { minimum_length: 8, password_history_size: 2 } },
    });
    const AccessToken = await confirmed(remembering);
    const change = (PreviousPassword: string, ProposedPassword: string) =>
      remembering.call('ChangePassword', { AccessToken, PreviousPassword, ProposedPassword });
    await change(testPassword, 'Second-Horse');
    await expect(change('Second-Horse', testPassword)).rejects.toMatchObject({
      code: 'PasswordHistoryPolicyViolationException',
    });
    await change('Second-Horse', 'Third-Horse');
    await change('Third-Horse', testPassword);
  });
});

describe('attributes of one’s own', () => {
  it('are proved by a code that was sent to the new address', async () => {
    const AccessToken = await confirmed();
    const next = 'ada@sample.org';
    const UserAttributes = [{ Name: 'email', Value: next }];
    expect(await pool.call('UpdateUserAttributes', { AccessToken, UserAttributes })).toMatchObject({
      CodeDeliveryDetailsList: [{ AttributeName: 'email', Destination: 'a***@s***' }],
    });
    const verify = (Code: string) =>
      pool.call('VerifyUserAttribute', { AccessToken, AttributeName: 'email', Code });
    const read = async () => pool.call('GetUser', { AccessToken });
    expect((await read())['UserAttributes']).toContainEqual({ Name: 'email_verified', Value: 'false' });
    await expect(verify(wrong(await pool.codeSentTo(next)))).rejects.toThrow('Invalid verification code');
    await verify(await pool.codeSentTo(next));
    expect((await read())['UserAttributes']).toContainEqual({ Name: 'email_verified', Value: 'true' });
    await pool.call('GetUserAttributeVerificationCode', { AccessToken, AttributeName: 'email' });
    expect(await pool.mailTo(next)).toHaveLength(2);
  });

  it('keep their old value until then where the pool says so', async () => {
    const careful = await createTestPool({
      cloud: pool.cloud,
      pool: {
        ...open,
        user_attribute_update_settings: { attributes_require_verification_before_update: ['email'] },
      },
    });
    const AccessToken = await confirmed(careful);
    const next = 'ada@sample.org';
    const UserAttributes = [{ Name: 'email', Value: next }];
    await careful.call('UpdateUserAttributes', { AccessToken, UserAttributes });
    const read = async () => (await careful.call('GetUser', { AccessToken }))['UserAttributes'];
    expect(await read()).toContainEqual({ Name: 'email', Value: email });
    const Code = await careful.codeSentTo(next);
    await careful.call('VerifyUserAttribute', { AccessToken, AttributeName: 'email', Code });
    expect(await read()).toContainEqual({ Name: 'email', Value: next });
  });

  it('go when they are deleted, and the account with everything', async () => {
    const AccessToken = await confirmed();
    await pool.call('UpdateUserAttributes', {
      AccessToken,
      UserAttributes: [{ Name: 'name', Value: 'Ada' }],
    });
    await pool.call('DeleteUserAttributes', { AccessToken, UserAttributeNames: ['name'] });
    expect(await attribute('name')).toBeUndefined();
    await pool.call('DeleteUser', { AccessToken });
    await expect(pool.call('GetUser', { AccessToken })).rejects.toMatchObject({
      code: 'UserNotFoundException',
    });
    expect(await signUp()).toHaveProperty('UserSub');
  });
});

describe('an invitation', () => {
  it('tells name and temporary password, and can be sent again', async () => {
    const invite = (more: Attributes = {}) => asAdmin('AdminCreateUser', more);
    await invite();
    const passwordIn = async () => {
      const text = (await pool.mailTo(email))[0]?.text ?? '';
      return /^Your username is ada@example\.com and temporary password is (.+)\.$/.exec(text)?.[1] ?? '';
    };
    const first = await passwordIn();
    expect(await signIn(first)).toMatchObject({ ChallengeName: 'NEW_PASSWORD_REQUIRED' });
    await invite({ MessageAction: 'RESEND' });
    expect(await signIn(await passwordIn())).toMatchObject({ ChallengeName: 'NEW_PASSWORD_REQUIRED' });
    await expect(signIn(first)).rejects.toMatchObject({ code: 'NotAuthorizedException' });
    await asAdmin('AdminSetUserPassword', { Password: testPassword, Permanent: true });
    await expect(invite({ MessageAction: 'RESEND' })).rejects.toMatchObject({
      code: 'UnsupportedUserStateException',
    });
  });

  it('goes the way that was asked for', async () => {
    const UserAttributes = [{ Name: 'phone_number', Value: '+41790001234' }];
    const invite = (DesiredDeliveryMediums: string[], Username = email) =>
      asAdmin('AdminCreateUser', { Username, UserAttributes, DesiredDeliveryMediums });
    await expect(invite(['PIGEON'])).rejects.toMatchObject({ code: 'InvalidParameterException' });
    await invite(['EMAIL']);
    await invite([], 'bob@example.com');
    expect([await pool.mailTo(email), await pool.mailTo('bob@example.com')]).toMatchObject([[{}], []]);
    expect((await pool.mailTo('+41790001234'))[0]?.text).toContain('Your username is bob@example.com');
  });

  it('is not sent where it is suppressed, and runs out', async () => {
    await asAdmin('AdminCreateUser', {
      MessageAction: 'SUPPRESS',
      TemporaryPassword: 'Temporary-Horse-1',
    });
    expect(await pool.mailTo(email)).toEqual([]);
    vi.setSystemTime(Date.now() + 8 * 86_400_000);
    await expect(signIn('Temporary-Horse-1')).rejects.toThrow('Temporary password has expired');
  });
});
