import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import type { Session } from '../session.ts';
import type { Settings } from '../settings.ts';
import { NewPasswordForm } from './new-password-form.tsx';
import { SignInForm } from './sign-in-form.tsx';

export interface SignInProps {
  settings: Settings;
  session: Pick<Session, 'signIn' | 'setNewPassword'>;
  /** Why the person is here, when they did not come by themselves. */
  message?: string | undefined;
  onSignedIn: () => void;
}

/** Signs a person in, with a new password on the way when the user pool asks for one. */
export function SignInPage({ settings, session, message, onSignedIn }: SignInProps) {
  const [step, setStep] = useState<'sign-in' | 'new-password'>('sign-in');
  return (
    <main className="skafu-sign-in">
      <SpaceBetween size="l">
        <div>
          <Box variant="h1">Skafu</Box>
          <Box color="text-body-secondary">
            Environment {settings.environment}, {settings.region}
          </Box>
        </div>
        {message ? <Alert type="info">{message}</Alert> : null}
        {step === 'sign-in' ? (
          <SignInForm
            onSubmit={async (email, password) => {
              if ((await session.signIn(email, password)) === 'done') onSignedIn();
              else setStep('new-password');
            }}
          />
        ) : (
          <NewPasswordForm
            onSubmit={async (password) => {
              if ((await session.setNewPassword(password)) === 'done') onSignedIn();
            }}
          />
        )}
      </SpaceBetween>
    </main>
  );
}
