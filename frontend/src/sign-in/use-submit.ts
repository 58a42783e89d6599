import { type FormEvent, useState } from 'react';
import { sentenceOf } from '../sign-in-refused.ts';

/** Runs a form's action once at a time; says that it runs, and why it failed. */
export function useSubmit(action: () => Promise<void>) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState('');
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    setError('');
    try {
      await action();
    } catch (cause) {
      setError(cause instanceof Error && cause.name === 'SignInRefused' ? cause.message : sentenceOf(cause));
    } finally {
      setBusy(false);
    }
  };
  return { busy, error, onSubmit: (event: FormEvent) => void submit(event) };
}
