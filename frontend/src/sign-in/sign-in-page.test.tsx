import '#shared/frontend/testing/browser.ts';
import { cleanup, render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, test } from 'vitest';
import type { SignInStep } from '../session.ts';
import { SignInRefused, sentenceOf } from '../sign-in-refused.ts';
import { SignInPage } from './sign-in-page.tsx';

afterEach(cleanup);

const settings = { environment: 'local', region: 'us-east-1', userPoolId: 'p', userPoolClientId: 'c' };

function show(answers: { signIn: () => Promise<SignInStep>; setNewPassword?: () => Promise<SignInStep> }) {
  const calls: string[][] = [];
  let signedIn = 0;
  const session = {
    signIn: (...given: string[]) => {
      calls.push(given);
      return answers.signIn();
    },
    setNewPassword: (...given: string[]) => {
      calls.push(given);
      return answers.setNewPassword?.() ?? Promise.reject(new Error('unexpected'));
    },
  };
  render(<SignInPage settings={settings} session={session} onSignedIn={() => signedIn++} />);
  return { calls, signedIn: () => signedIn };
}

async function enter(email: string, password: string): Promise<void> {
  if (email) await userEvent.type(screen.getByLabelText('Email'), email);
  if (password) await userEvent.type(screen.getByLabelText('Password'), password);
  await userEvent.click(screen.getByRole('button', { name: 'Sign in' }));
}

test('a person signs in with email and password', async () => {
  const shown = show({ signIn: async () => 'done' });
  await enter(' me@example.test ', 'secret');
  await waitFor(() => expect(shown.signedIn()).toBe(1));
  expect(shown.calls).toEqual([['me@example.test', 'secret']]);
});

test('nothing is sent before both are entered', async () => {
  const shown = show({ signIn: async () => 'done' });
  await enter('me@example.test', '');
  expect(await screen.findByText('Enter your password.')).toBeTruthy();
  expect(shown.calls).toEqual([]);
});

test('a refusal is told in words', async () => {
  show({ signIn: () => Promise.reject(new SignInRefused('Email or password is wrong.')) });
  await enter('me@example.test', 'wrong');
  expect(await screen.findByText('Email or password is wrong.')).toBeTruthy();
});

test('a person who was given a password chooses one of their own', async () => {
  const shown = show({ signIn: async () => 'new-password', setNewPassword: async () => 'done' });
  await enter('me@example.test', 'given');
  await userEvent.type(await screen.findByLabelText('New password'), 'mine');
  await userEvent.type(screen.getByLabelText('New password again'), 'mime');
  await userEvent.click(screen.getByRole('button', { name: 'Set password and sign in' }));
  expect(await screen.findByText('Enter the same password twice.')).toBeTruthy();
  await userEvent.clear(screen.getByLabelText('New password again'));
  await userEvent.type(screen.getByLabelText('New password again'), 'mine');
  await userEvent.click(screen.getByRole('button', { name: 'Set password and sign in' }));
  await waitFor(() => expect(shown.signedIn()).toBe(1));
  expect(shown.calls.at(-1)).toEqual(['mine']);
});

test('an unknown user reads the same as a wrong password', () => {
  const named = (name: string) => sentenceOf(Object.assign(new Error('m'), { name }));
  expect(named('UserNotFoundException')).toBe(named('NotAuthorizedException'));
});
