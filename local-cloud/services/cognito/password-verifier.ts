import { createHmac, randomBytes } from 'node:crypto';
import type { AuthProgress } from './auth-progress.ts';
import type { Cognito } from './context.ts';
import { invalidParameter, wrongPassword } from './errors.ts';
import { requiredParameter } from './input.ts';
import type { User, UserPool } from './model.ts';
import { failSignIn, type SignInAnswer, type SignInRequest } from './sign-in.ts';
import { beginExchange, createVerifier, expectedSignature, isPublicValue, type Verifier } from './srp.ts';

interface SecretBlock {
  clientId: string;
  username: string;
  clientPublicValue: string;
  secret: string;
  publicValue: string;
  /** The custom authentication that this password is one challenge of. */
  progress?: AuthProgress;
}

/** USER_SRP_AUTH: answers the PASSWORD_VERIFIER challenge; what the server must remember travels sealed in it. */
export function beginPasswordVerifier(
  cognito: Cognito,
  { pool, client }: SignInRequest,
  name: string,
  user: User | undefined,
  clientPublicValue: string,
  progress?: AuthProgress,
): SignInAnswer {
  if (!isPublicValue(clientPublicValue)) throw invalidParameter('SRP_A is not a valid value.');
  const username = user?.username ?? name;
  cognito.attempts.check(pool.id, username);
  const kept = user?.password ?? unknowable(cognito, pool, name);
  const exchange = beginExchange(kept);
  const content: SecretBlock = {
    clientId: client.id,
    username,
    clientPublicValue,
    ...exchange,
    ...(progress && { progress }),
  };
  return {
    ChallengeName: 'PASSWORD_VERIFIER',
    ChallengeParameters: {
      SALT: kept.salt,
      SECRET_BLOCK: cognito.sealing.seal(content),
      SRP_B: exchange.publicValue,
      USERNAME: username,
      USER_ID_FOR_SRP: username,
    },
  };
}

/** A verifier nobody knows the password of, with the same salt at each try, so that unknown users look known. */
function unknowable(cognito: Cognito, pool: UserPool, name: string): Verifier {
  const salt = createHmac('sha256', cognito.keys.sealing)
    .update(`${pool.id}/${name}`)
    .digest('hex')
    .slice(0, 32);
  return createVerifier(pool.id, name, randomBytes(32).toString('hex'), salt);
}

/** The answer to PASSWORD_VERIFIER: who knows the password, and the custom authentication that it belongs to. */
export async function verifyPassword(
  cognito: Cognito,
  request: SignInRequest,
  responses: Record<string, string>,
): Promise<{ user: User; progress: AuthProgress | undefined }> {
  const { pool, client } = request;
  const sealed = requiredParameter(responses, 'PASSWORD_CLAIM_SECRET_BLOCK');
  const timestamp = requiredParameter(responses, 'TIMESTAMP');
  const signature = requiredParameter(responses, 'PASSWORD_CLAIM_SIGNATURE');
  const block = cognito.sealing.open<SecretBlock>(sealed, client.challengeLifetime);
  if (!block || block.clientId !== client.id || !block.clientPublicValue) throw wrongPassword();
  const user = cognito.directory.find(pool, block.username);
  cognito.attempts.check(pool.id, block.username);
  const expected =
    user?.password &&
    expectedSignature({
      poolId: pool.id,
      username: user.username,
      kept: user.password,
      exchange: block,
      clientPublicValue: block.clientPublicValue,
      secretBlock: Buffer.from(sealed, 'base64'),
      timestamp,
    });
  if (!user || signature !== expected || !isRecent(timestamp)) {
    return failSignIn(cognito, pool, block.username);
  }
  const { progress } = block;
  if (!progress) return { user, progress };
  const passed = { challengeName: 'PASSWORD_VERIFIER', challengeResult: true };
  return { user, progress: { ...progress, results: [...progress.results, passed] } };
}

/** `Sat Nov 21 07:57:57 UTC 2026`, at most five minutes from now; a captured answer is worthless later. */
function isRecent(timestamp: string): boolean {
  const match = /^\w{3} (\w{3} \d{1,2}) (\d{2}:\d{2}:\d{2}) UTC (\d{4})$/.exec(timestamp);
  if (!match) return false;
  const time = Date.parse(`${match[1]} ${match[3]} ${match[2]} UTC`);
  return Math.abs(Date.now() - time) < 5 * 60_000;
}
