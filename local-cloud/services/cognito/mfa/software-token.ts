import { AwsError } from '../../../core/errors.ts';
import type { Cognito } from '../context.ts';
import type { SoftwareToken, User, UserPool } from '../model.ts';
import { newSecret, stepOf } from './totp.ts';

const none: SoftwareToken = { enabled: false, preferred: false, lastStep: -1 };

/** Gives a user a secret for an authenticator app; it counts once a code of it came back. */
export async function associate(cognito: Cognito, pool: UserPool, username: string): Promise<string> {
  if (!pool.softwareTokenMfa) {
    throw new AwsError(
      'SoftwareTokenMFANotFoundException',
      'Software Token MFA has not been enabled by the userPool.',
    );
  }
  const secret = newSecret();
  const pendingSecret = cognito.sealing.seal({ secret });
  await cognito.directory.change(pool, username, (user) => ({
    ...user,
    softwareToken: { ...none, ...user.softwareToken, pendingSecret },
  }));
  return secret;
}

/** Takes the first code of a new app, which replaces an earlier one. Throws `EnableSoftwareTokenMFAException`. */
export async function prove(cognito: Cognito, pool: UserPool, username: string, code: string): Promise<void> {
  cognito.attempts.check(pool.id, attemptsOf(username));
  await cognito.directory.change(pool, username, (user) => {
    const token = user.softwareToken;
    const secret = opened(cognito, token?.pendingSecret);
    const step = secret && stepOf(secret, code, Date.now());
    if (!token || step === undefined || step === '') {
      cognito.attempts.failed(pool.id, attemptsOf(username));
      throw new AwsError('EnableSoftwareTokenMFAException', 'Code mismatch');
    }
    const { pendingSecret, ...kept } = token;
    return { ...user, softwareToken: { ...kept, secret: pendingSecret ?? '', lastStep: step } };
  });
  cognito.attempts.succeeded(pool.id, attemptsOf(username));
}

/** Takes a code at sign-in, each one once. Throws `CodeMismatchException` or `ExpiredCodeException`. */
export async function takeCode(
  cognito: Cognito,
  pool: UserPool,
  username: string,
  code: string,
): Promise<User> {
  cognito.attempts.check(pool.id, attemptsOf(username));
  const changed = await cognito.directory.change(pool, username, (user) => {
    const token = user.softwareToken;
    const secret = opened(cognito, token?.secret);
    const step = secret && stepOf(secret, code, Date.now());
    if (!token || step === undefined || step === '') {
      cognito.attempts.failed(pool.id, attemptsOf(username));
      throw new AwsError('CodeMismatchException', 'Invalid code received for user');
    }
    if (step <= token.lastStep) {
      throw new AwsError('ExpiredCodeException', 'Your software token has already been used once.');
    }
    return { ...user, softwareToken: { ...token, lastStep: step } };
  });
  cognito.attempts.succeeded(pool.id, attemptsOf(username));
  return changed;
}

/** How a user wants to be asked, as GetUser and AdminGetUser tell it. */
export function mfaSettings({ softwareToken }: User) {
  return {
    ...(softwareToken?.enabled && { UserMFASettingList: ['SOFTWARE_TOKEN_MFA'] }),
    ...(softwareToken?.enabled && softwareToken.preferred && { PreferredMfaSetting: 'SOFTWARE_TOKEN_MFA' }),
  };
}

/** Codes are counted apart from passwords, which would forgive them. */
function attemptsOf(username: string): string {
  return `${username}/software-token`;
}

function opened(cognito: Cognito, sealed: string | undefined): string | undefined {
  return sealed === undefined
    ? undefined
    : cognito.sealing.open<{ secret: string }>(sealed, Number.POSITIVE_INFINITY)?.secret;
}
