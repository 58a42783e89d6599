import { checkSecretHash } from './client-secret.ts';
import type { Cognito } from './context.ts';
import { answerCustomChallenge, continueCustomAuth } from './custom-auth.ts';
import { invalidParameter } from './errors.ts';
import { afterPassword, setNewPassword } from './first-factor.ts';
import { clientMetadata, type Input, requiredText, textMap } from './input.ts';
import { answerMfaSetup, answerSoftwareToken } from './mfa/challenges.ts';
import { verifyPassword } from './password-verifier.ts';
import { unsupported } from './settings.ts';
import type { SignInAnswer } from './sign-in.ts';

/** Challenges of AWS for factors that the local cloud does not have. */
const otherChallenges = [
  'SMS_MFA',
  'EMAIL_OTP',
  'SMS_OTP',
  'SELECT_MFA_TYPE',
  'SELECT_CHALLENGE',
  'PASSWORD',
  'PASSWORD_SRP',
  'WEB_AUTHN',
  'DEVICE_SRP_AUTH',
  'DEVICE_PASSWORD_VERIFIER',
  'ADMIN_NO_SRP_AUTH',
];

/** RespondToAuthChallenge. Throws what Cognito throws for wrong, late or forged answers. */
export async function respondToChallenge(cognito: Cognito, input: Input): Promise<SignInAnswer> {
  const client = cognito.registry.client(requiredText(input, 'ClientId'));
  const pool = cognito.registry.poolOfClient(client);
  const challenge = requiredText(input, 'ChallengeName');
  const responses = textMap(input, 'ChallengeResponses');
  checkSecretHash(client, [responses['USERNAME'] ?? ''], responses['SECRET_HASH']);
  const request = { pool, client, metadata: clientMetadata(input) };
  if (challenge === 'PASSWORD_VERIFIER') {
    const { user, progress } = await verifyPassword(cognito, request, responses);
    if (!progress) return afterPassword(cognito, request, user);
    cognito.attempts.succeeded(pool.id, user.username);
    return continueCustomAuth(cognito, request, progress);
  }
  if (otherChallenges.includes(challenge)) throw unsupported(`challenge ${challenge}`);
  const session = () => requiredText(input, 'Session');
  switch (challenge) {
    case 'NEW_PASSWORD_REQUIRED':
      return setNewPassword(cognito, request, session(), responses);
    case 'SOFTWARE_TOKEN_MFA':
      return answerSoftwareToken(cognito, request, session(), responses);
    case 'MFA_SETUP':
      return answerMfaSetup(cognito, request, session());
    case 'CUSTOM_CHALLENGE':
      return answerCustomChallenge(cognito, request, session(), responses);
    default:
      throw invalidParameter(
        `1 validation error detected: Value '${challenge}' at 'challengeName' failed to satisfy constraint: Member must satisfy enum value set`,
      );
  }
}
