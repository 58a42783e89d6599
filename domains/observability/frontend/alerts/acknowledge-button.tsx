import Button from '@cloudscape-design/components/button';
import { useState } from 'react';
import { useMay } from '#shared/frontend/identity.ts';
import { operators } from '#shared/frontend/roles.ts';
import type { Alert } from '../types.ts';
import { AcknowledgeModal } from './acknowledge-modal.tsx';

/** Opens the acknowledgement of an open alert; says why where it is not possible. */
export function AcknowledgeButton({
  alert,
  variant = 'normal',
}: {
  alert: Alert;
  variant?: 'primary' | 'normal' | 'inline-link';
}) {
  const [asking, setAsking] = useState(false);
  const may = useMay(operators);
  if (alert.status !== 'open' || alert.acknowledgedAt) return null;
  return (
    <>
      <Button
        variant={variant}
        disabled={!may}
        disabledReason="Only operators and administrators acknowledge alerts."
        ariaLabel={`Acknowledge ${alert.ruleName}`}
        onClick={() => setAsking(true)}
      >
        Acknowledge
      </Button>
      {asking ? <AcknowledgeModal alert={alert} onClose={() => setAsking(false)} /> : null}
    </>
  );
}
