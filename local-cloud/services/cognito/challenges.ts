import { createHmac, randomBytes } from 'node:crypto';
import { checkChangedAttributes, checkWritable, missingAttributes } from './attributes.ts';
import type { Cognito } from './context.ts';
import { invalidParameter, notAuthorized, userNotFound, wrongPassword } from './errors.ts';
import { type Input, requiredText, textMap } from './input.ts';
import type { PoolClient, User, UserPool } from './model.ts';
import { checkPassword } from './passwords.ts';
import { completeSignIn, failSignIn, findForSignIn, type SignInAnswer } from './sign-in.ts';
import { beginExchange, createVerifier, expectedSignature, isPublicValue, type Verifier } from './srp.ts';

const challengeLifetime = 3 * 60_000;

interface SecretBlock {
  clientId: string;
  username: string;
  clientPublicValue: string;
  secret: string;
  publicValue: string;
}

interface Session {
  clientId: string;
  username: string;
}

/** USER_SRP_AUTH: answers the PASSWORD_VERIFIER challenge; what the server must remember travels sealed in it. */
export function beginPasswordVerifier(
  cognito: Cognito,
  pool: UserPool,
  client: PoolClient,
  parameters: Record<string, string>,
) {
  const name = requiredParameter(parameters, 'USERNAME');
  const clientPublicValue = requiredParameter(parameters, 'SRP_A');
  if (!isPublicValue(clientPublicValue)) throw invalidParameter('SRP_A is not a valid value.');
  const user = findForSignIn(cognito, pool, client, name);
  cognito.attempts.check(pool.id, user?.username ?? name);
  const username = user?.username ?? name;
  const kept = user?.password ?? unknowable(cognito, pool, name);
  const exchange = beginExchange(kept);
  const content: SecretBlock = { clientId: client.id, username, clientPublicValue, ...exchange };
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

/** RespondToAuthChallenge. Throws what Cognito throws for wrong, late or forged answers. */
export async function respondToChallenge(cognito: Cognito, input: Input): Promise<SignInAnswer> {
  const client = cognito.registry.client(requiredText(input, 'ClientId'));
  const pool = cognito.registry.poolOfClient(client);
  const challenge = requiredText(input, 'ChallengeName');
  const responses = textMap(input, 'ChallengeResponses');
  if (challenge === 'PASSWORD_VERIFIER') return verifyPassword(cognito, pool, client, responses);
  if (challenge === 'NEW_PASSWORD_REQUIRED') {
    return setNewPassword(cognito, pool, client, requiredText(input, 'Session'), responses);
  }
  throw invalidParameter(`The local cloud does not support the challenge ${challenge}.`);
}

async function verifyPassword(
  cognito: Cognito,
  pool: UserPool,
  client: PoolClient,
  responses: Record<string, string>,
): Promise<SignInAnswer> {
  const sealed = requiredParameter(responses, 'PASSWORD_CLAIM_SECRET_BLOCK');
  const timestamp = requiredParameter(responses, 'TIMESTAMP');
  const signature = requiredParameter(responses, 'PASSWORD_CLAIM_SIGNATURE');
  const block = cognito.sealing.open<SecretBlock>(sealed, challengeLifetime);
  if (!block || block.clientId !== client.id) throw wrongPassword();
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
  return afterPassword(cognito, pool, client, user);
}

/** `Sat Nov 21 07:57:57 UTC 2026`, at most five minutes from now; a captured answer is worthless later. */
function isRecent(timestamp: string): boolean {
  const match = /^\w{3} (\w{3} \d{1,2}) (\d{2}:\d{2}:\d{2}) UTC (\d{4})$/.exec(timestamp);
  if (!match) return false;
  const time = Date.parse(`${match[1]} ${match[3]} ${match[2]} UTC`);
  return Math.abs(Date.now() - time) < 5 * 60_000;
}

/** The password was right: a temporary one must be replaced first, otherwise the user is signed in. */
export async function afterPassword(
  cognito: Cognito,
  pool: UserPool,
  client: PoolClient,
  user: User,
): Promise<SignInAnswer> {
  cognito.attempts.succeeded(pool.id, user.username);
  if (user.status !== 'FORCE_CHANGE_PASSWORD') {
    return completeSignIn(cognito, pool, client, user, 'Authentication');
  }
  if (user.temporaryUntil !== undefined && user.temporaryUntil < Date.now()) {
    throw notAuthorized('Temporary password has expired and must be reset by an administrator.');
  }
  await cognito.authEvents.record(pool, user.username, {
    type: 'SignIn',
    response: 'InProgress',
    challenges: [{ name: 'Password', succeeded: true }],
  });
  const session: Session = { clientId: client.id, username: user.username };
  return {
    ChallengeName: 'NEW_PASSWORD_REQUIRED',
    Session: cognito.sealing.seal(session),
    ChallengeParameters: {
      USER_ID_FOR_SRP: user.username,
      requiredAttributes: JSON.stringify(missingAttributes(pool, user)),
      userAttributes: JSON.stringify(user.attributes),
    },
  };
}

async function setNewPassword(
  cognito: Cognito,
  pool: UserPool,
  client: PoolClient,
  sealed: string,
  responses: Record<string, string>,
): Promise<SignInAnswer> {
  const session = cognito.sealing.open<Session>(sealed, challengeLifetime);
  if (!session || session.clientId !== client.id) {
    throw notAuthorized('Invalid session for the user, session is expired.');
  }
  const password = requiredParameter(responses, 'NEW_PASSWORD');
  checkPassword(pool.passwordPolicy, password);
  const attributes = Object.fromEntries(
    Object.entries(responses)
      .filter(([name]) => name.startsWith('userAttributes.'))
      .map(([name, value]) => [name.slice('userAttributes.'.length), value]),
  );
  checkWritable(client, Object.keys(attributes));
  const changed = await cognito.directory.change(pool, session.username, (user) => {
    if (user.status !== 'FORCE_CHANGE_PASSWORD') {
      throw notAuthorized('Invalid session for the user, session can only be used once.');
    }
    checkChangedAttributes(pool, user, attributes);
    const { temporaryUntil: _, ...rest } = user;
    const complete: User = {
      ...rest,
      attributes: { ...user.attributes, ...attributes },
      password: createVerifier(pool.id, user.username, password),
      status: 'CONFIRMED',
    };
    const missing = missingAttributes(pool, complete);
    if (missing.length > 0) throw invalidParameter(`Invalid attributes given, ${missing[0]} is missing`);
    return complete;
  });
  return completeSignIn(cognito, pool, client, changed, 'NewPasswordChallenge');
}

/** Throws `UserNotFoundException`, or its disguise where the client hides who exists. */
export function unknownUser(client: PoolClient): Error {
  return client.hidesUnknownUsers ? wrongPassword() : userNotFound();
}

export function requiredParameter(parameters: Record<string, string>, name: string): string {
  const value = parameters[name];
  if (!value) throw invalidParameter(`Missing required parameter ${name}`);
  return value;
}
