import type { ChallengeSession } from '../challenge-sessions.ts';
import type { Cognito } from '../context.ts';
import { notAuthorized } from '../errors.ts';
import { requiredParameter } from '../input.ts';
import type { User } from '../model.ts';
import { completeSignIn, type SignInAnswer, type SignInRequest } from '../sign-in.ts';
import type { TokenReason } from '../tokens.ts';
import { takeCode } from './software-token.ts';

/** A sign-in whose password was right. */
interface SecondFactor extends ChallengeSession {
  reason: TokenReason;
}

/** A sign-in during which an authenticator app is enrolled. */
export interface MfaSetup extends SecondFactor {
  proved: boolean;
}

/** Asks for a code where the user or the pool wants one; otherwise the user is signed in. */
export async function afterFirstFactor(
  cognito: Cognito,
  request: SignInRequest,
  user: User,
  reason: TokenReason,
): Promise<SignInAnswer> {
  const { pool, client } = request;
  const token = user.softwareToken;
  const common = { clientId: client.id, username: user.username, reason };
  if (pool.mfa !== 'OFF' && token?.secret && (token.enabled || pool.mfa === 'ON')) {
    const challenge = 'SOFTWARE_TOKEN_MFA';
    return {
      ChallengeName: challenge,
      Session: cognito.challengeSessions.begin<SecondFactor>({ ...common, challenge }),
      ChallengeParameters: { USER_ID_FOR_SRP: user.username },
    };
  }
  if (pool.mfa !== 'ON') return completeSignIn(cognito, request, user, reason);
  const challenge = 'MFA_SETUP';
  return {
    ChallengeName: challenge,
    Session: cognito.challengeSessions.begin<MfaSetup>({ ...common, challenge, proved: false }),
    ChallengeParameters: {
      USER_ID_FOR_SRP: user.username,
      MFAS_CAN_SETUP: JSON.stringify(['SOFTWARE_TOKEN_MFA']),
    },
  };
}

/** The answer to SOFTWARE_TOKEN_MFA. A wrong code may be followed by another of the same session. */
export async function answerSoftwareToken(
  cognito: Cognito,
  request: SignInRequest,
  sealed: string,
  responses: Record<string, string>,
): Promise<SignInAnswer> {
  const { client, pool } = request;
  const session = cognito.challengeSessions.open<SecondFactor>(client, 'SOFTWARE_TOKEN_MFA', sealed);
  const code = requiredParameter(responses, 'SOFTWARE_TOKEN_MFA_CODE');
  const user = await takeCode(cognito, pool, session.username, code).catch(async (error: unknown) => {
    await cognito.authEvents.record(pool, session.username, {
      type: 'SignIn',
      response: 'Fail',
      challenges: [{ name: 'Mfa', succeeded: false }],
    });
    throw error;
  });
  cognito.challengeSessions.close(client, session);
  return completeSignIn(cognito, request, user, session.reason);
}

/** The answer to MFA_SETUP, once the app has been proved: from now on it is asked for. */
export async function answerMfaSetup(
  cognito: Cognito,
  request: SignInRequest,
  sealed: string,
): Promise<SignInAnswer> {
  const { client, pool } = request;
  const session = cognito.challengeSessions.open<MfaSetup>(client, 'MFA_SETUP', sealed);
  if (!session.proved) throw notAuthorized('Software token MFA has not been verified for this session.');
  cognito.challengeSessions.close(client, session);
  const user = await cognito.directory.change(pool, session.username, (newest) => ({
    ...newest,
    ...(newest.softwareToken && { softwareToken: { ...newest.softwareToken, enabled: true } }),
  }));
  return completeSignIn(cognito, request, user, session.reason);
}
