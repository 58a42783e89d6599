import { Amplify } from 'aws-amplify';
import { confirmSignIn, fetchAuthSession, type SignInOutput, signIn, signOut } from 'aws-amplify/auth';
import type { Identity } from '#shared/frontend/identity.ts';
import { identityOf } from './identity-of.ts';
import type { Settings } from './settings.ts';
import { SignInRefused, sentenceOf } from './sign-in-refused.ts';

/** What the user pool wants next from a person who signs in. */
export type SignInStep = 'done' | 'new-password';

export interface Session {
  /** Who is signed in, if anybody. Throws when tokens must be renewed and Cognito cannot be reached. */
  identity(): Promise<Identity | undefined>;
  /** A valid ID token, renewed when it is about to end or when `refresh` asks for it. */
  token(options?: { refresh: boolean }): Promise<string | undefined>;
  /** Throws `SignInRefused`. */
  signIn(email: string, password: string): Promise<SignInStep>;
  /** Answers the user pool's wish for a new password. Throws `SignInRefused`. */
  setNewPassword(password: string): Promise<SignInStep>;
  signOut(): Promise<void>;
}

/** The session with Cognito that this browser holds. */
export function openSession(settings: Settings): Session {
  const { userPoolId, userPoolClientId, userPoolEndpoint } = settings;
  Amplify.configure({
    Auth: { Cognito: { userPoolId, userPoolClientId, ...(userPoolEndpoint ? { userPoolEndpoint } : {}) } },
  });
  return {
    identity: async () => {
      const { tokens } = await fetchAuthSession();
      return tokens?.idToken && identityOf(tokens.idToken.payload);
    },
    token: async ({ refresh } = { refresh: false }) => {
      const { tokens } = await fetchAuthSession({ forceRefresh: refresh });
      return tokens?.idToken?.toString();
    },
    signIn: async (email, password) => {
      // Left over from a session that the API no longer accepts; Amplify would refuse to sign in over it.
      await signOut();
      return attempt(() => signIn({ username: email, password }));
    },
    setNewPassword: (password) => attempt(() => confirmSignIn({ challengeResponse: password })),
    signOut: () => signOut(),
  };
}

async function attempt(step: () => Promise<SignInOutput>): Promise<SignInStep> {
  try {
    return stepOf(await step());
  } catch (error) {
    if (error instanceof SignInRefused) throw error;
    throw new SignInRefused(sentenceOf(error), { cause: error });
  }
}

function stepOf(output: SignInOutput): SignInStep {
  const step = output.nextStep.signInStep;
  if (step === 'DONE') return 'done';
  if (step === 'CONFIRM_SIGN_IN_WITH_NEW_PASSWORD_REQUIRED') return 'new-password';
  throw new SignInRefused(
    `This account needs a step that the console does not offer (${step}). Ask an administrator.`,
  );
}
