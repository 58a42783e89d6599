/** A sign-in that did not succeed; the message is for the person. */
export class SignInRefused extends Error {
  override readonly name = 'SignInRefused';
}

const sentences: Record<string, string> = {
  NotAuthorizedException: 'Email or password is wrong.',
  // The same words as for a wrong password, so that nobody learns who has an account.
  UserNotFoundException: 'Email or password is wrong.',
  PasswordResetRequiredException: 'Your password must be reset. Ask an administrator.',
  UserNotConfirmedException: 'This account is not confirmed yet. Ask an administrator.',
  TooManyRequestsException: 'Too many attempts. Wait a minute, then try again.',
  LimitExceededException: 'Too many attempts. Wait a while, then try again.',
  NetworkError: 'The sign-in service cannot be reached. Check the network connection, then try again.',
};

/** What to tell a person about an error of Amplify or Cognito. */
export function sentenceOf(error: unknown): string {
  if (!(error instanceof Error)) return 'Signing in failed. Try again.';
  if (error.name === 'NotAuthorizedException' && /disabled/i.test(error.message))
    return 'This account is disabled.';
  if (error.name === 'InvalidPasswordException') return error.message;
  return sentences[error.name] ?? `Signing in failed: ${error.message}`;
}
