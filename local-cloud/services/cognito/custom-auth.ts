import type { AuthProgress, ChallengeResult } from './auth-progress.ts';
import type { ChallengeSession } from './challenge-sessions.ts';
import type { Cognito } from './context.ts';
import { wrongPassword } from './errors.ts';
import { requiredParameter } from './input.ts';
import type { User } from './model.ts';
import { beginPasswordVerifier } from './password-verifier.ts';
import { completeSignIn, findForSignIn, type SignInAnswer, type SignInRequest } from './sign-in.ts';
import { invalidReply, isReply } from './triggers.ts';

interface CustomSession extends ChallengeSession {
  progress: AuthProgress;
  privateParameters: unknown;
  metadata: string | null;
}

const challenge = 'CUSTOM_CHALLENGE';

/** CUSTOM_AUTH: the DefineAuthChallenge trigger says what comes first. */
export async function beginCustomAuth(
  cognito: Cognito,
  request: SignInRequest,
  parameters: Record<string, string>,
): Promise<SignInAnswer> {
  const name = requiredParameter(parameters, 'USERNAME');
  const bySrp = parameters['CHALLENGE_NAME'] === 'SRP_A';
  const user = await findForSignIn(cognito, request, name);
  return continueCustomAuth(cognito, request, {
    username: user?.username ?? name,
    results: bySrp ? [{ challengeName: 'SRP_A', challengeResult: true }] : [],
    ...(bySrp && { clientPublicValue: requiredParameter(parameters, 'SRP_A') }),
  });
}

/** Asks the trigger what is next: tokens, a refusal, the password, or a challenge of the pool's own. */
export async function continueCustomAuth(
  cognito: Cognito,
  request: SignInRequest,
  progress: AuthProgress,
): Promise<SignInAnswer> {
  const user = cognito.directory.find(request.pool, progress.username);
  const reply = await call(cognito, request, 'DefineAuthChallenge', progress, user, {
    request: { session: progress.results },
    response: { challengeName: null, issueTokens: null, failAuthentication: null },
  });
  if (reply['failAuthentication'] === true) throw wrongPassword();
  if (reply['issueTokens'] === true) {
    if (!user) throw wrongPassword();
    return completeSignIn(cognito, request, user, 'Authentication');
  }
  const next = reply['challengeName'];
  if (next === 'PASSWORD_VERIFIER' && progress.clientPublicValue) {
    const { clientPublicValue, username } = progress;
    return beginPasswordVerifier(cognito, request, username, user, clientPublicValue, progress);
  }
  if (next !== challenge) throw invalidReply(`Invalid challengeName ${String(next)}`);
  return createChallenge(cognito, request, progress, user);
}

async function createChallenge(
  cognito: Cognito,
  request: SignInRequest,
  progress: AuthProgress,
  user: User | undefined,
): Promise<SignInAnswer> {
  const reply = await call(cognito, request, 'CreateAuthChallenge', progress, user, {
    request: { challengeName: challenge, session: progress.results },
    response: { publicChallengeParameters: null, privateChallengeParameters: null, challengeMetadata: null },
  });
  const shown = isReply(reply['publicChallengeParameters']) ? reply['publicChallengeParameters'] : {};
  const metadata = reply['challengeMetadata'];
  return {
    ChallengeName: challenge,
    Session: cognito.challengeSessions.begin<CustomSession>({
      challenge,
      clientId: request.client.id,
      username: progress.username,
      progress,
      privateParameters: reply['privateChallengeParameters'] ?? {},
      metadata: typeof metadata === 'string' ? metadata : null,
    }),
    ChallengeParameters: {
      ...Object.fromEntries(Object.entries(shown).map(([name, value]) => [name, String(value)])),
      USERNAME: progress.username,
    },
  };
}

/** The answer to CUSTOM_CHALLENGE: the VerifyAuthChallengeResponse trigger says whether it is right. */
export async function answerCustomChallenge(
  cognito: Cognito,
  request: SignInRequest,
  sealed: string,
  responses: Record<string, string>,
): Promise<SignInAnswer> {
  const session = cognito.challengeSessions.open<CustomSession>(request.client, challenge, sealed);
  const answer = requiredParameter(responses, 'ANSWER');
  // A wrong answer uses the session up as well: how many there may be is for the trigger to say.
  cognito.challengeSessions.close(request.client, session);
  const { progress } = session;
  const user = cognito.directory.find(request.pool, session.username);
  const reply = await call(cognito, request, 'VerifyAuthChallengeResponse', progress, user, {
    request: { privateChallengeParameters: session.privateParameters, challengeAnswer: answer },
    response: { answerCorrect: null },
  });
  const result: ChallengeResult = {
    challengeName: challenge,
    challengeResult: reply['answerCorrect'] === true,
    challengeMetadata: session.metadata,
  };
  return continueCustomAuth(cognito, request, { ...progress, results: [...progress.results, result] });
}

type ChallengeTrigger = 'DefineAuthChallenge' | 'CreateAuthChallenge' | 'VerifyAuthChallengeResponse';

async function call(
  cognito: Cognito,
  { pool, client, metadata }: SignInRequest,
  trigger: ChallengeTrigger,
  { username }: AuthProgress,
  user: User | undefined,
  event: { request: Record<string, unknown>; response: Record<string, unknown> },
): Promise<Record<string, unknown>> {
  const reply = await cognito.callTrigger({
    trigger,
    source: `${trigger}_Authentication`,
    pool,
    client,
    user: user ?? { username, attributes: {} },
    request: {
      ...event.request,
      clientMetadata: metadata ?? {},
      ...(client.hidesUnknownUsers && { userNotFound: !user }),
    },
    response: event.response,
  });
  if (!reply) throw invalidReply(`Custom auth lambda trigger is not configured for the user pool.`);
  return reply;
}
