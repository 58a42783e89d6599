import Button from '@cloudscape-design/components/button';
import { lazy, Suspense, useState } from 'react';
import { useDispatch } from 'react-redux';
import { useMay } from '#shared/frontend/identity.ts';
import { notified } from '#shared/frontend/notifications.ts';
import { describe, isProblem } from '#shared/frontend/problem.ts';
import { operators } from '#shared/frontend/roles.ts';
import type { AlertSilence } from '../types.ts';
import { useUnsilenceAlertMutation } from './response-api.ts';

const onlyOperators = 'Only operators and administrators silence alerts.';

interface Props {
  alertId: string;
  /** What the alert is called. */
  name: string;
  silence?: AlertSilence | undefined;
}

/** Its calendar is loaded only when somebody silences an alert. */
const SilenceModal = lazy(async () => ({ default: (await import('./silence-modal.tsx')).SilenceModal }));

/** Silences an alert, or changes how long it is silenced. */
export function SilenceButton({ alertId, name, silence }: Props) {
  const [asking, setAsking] = useState(false);
  const may = useMay(operators);
  return (
    <>
      <Button
        disabled={!may}
        disabledReason={onlyOperators}
        ariaLabel={`${silence ? 'Change the silence of' : 'Silence'} ${name}`}
        onClick={() => setAsking(true)}
      >
        {silence ? 'Change silence' : 'Silence'}
      </Button>
      {asking ? (
        <Suspense fallback={null}>
          <SilenceModal alertId={alertId} name={name} silence={silence} onClose={() => setAsking(false)} />
        </Suspense>
      ) : null}
    </>
  );
}

/** Ends a silence early; what was withheld and still matters is sent at once. */
export function UnsilenceButton({ alertId, name, silence }: Props) {
  const may = useMay(operators);
  const [unsilence, { isLoading }] = useUnsilenceAlertMutation();
  const dispatch = useDispatch();
  if (!silence) return null;
  const act = async (): Promise<void> => {
    const { error } = await unsilence({ alertId });
    const content = error
      ? isProblem(error)
        ? describe(error)
        : 'The console failed. Try again.'
      : 'What was withheld and is still true is sent now.';
    dispatch(
      notified({
        id: `silenced-${alertId}`,
        type: error ? 'error' : 'success',
        header: error ? `Could not end the silence of ${name}` : `Silence ended: ${name}`,
        content,
      }),
    );
  };
  return (
    <Button
      disabled={!may}
      disabledReason={onlyOperators}
      loading={isLoading}
      ariaLabel={`End the silence of ${name}`}
      onClick={() => void act()}
    >
      End silence
    </Button>
  );
}
