import Button from '@cloudscape-design/components/button';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import { useMay } from '#shared/frontend/identity.ts';
import { operators } from '#shared/frontend/roles.ts';
import { DecideModal } from './decide-modal.tsx';
import type { Decision } from './failure-api.ts';
import { RedriveModal } from './redrive-modal.tsx';
import type { Failure } from './types.ts';

export const onlyOperators = 'Only operators and administrators answer failures.';

/** What can be done with a failure. */
export function FailureButtons({ failure }: { failure: Failure }) {
  const may = useMay(operators);
  const [asking, setAsking] = useState<Decision | 'redrive'>();
  const guard = { disabled: !may, disabledReason: onlyOperators };
  const { status, affected } = failure;
  const close = (): void => setAsking(undefined);
  return (
    <>
      <SpaceBetween direction="horizontal" size="xs">
        {status === 'open' ? null : (
          <Button {...guard} onClick={() => setAsking('reopen')}>
            Open again
          </Button>
        )}
        {status === 'ignored' ? null : (
          <Button {...guard} onClick={() => setAsking('ignore')}>
            Ignore
          </Button>
        )}
        {status === 'resolved' ? null : (
          <Button {...guard} onClick={() => setAsking('resolve')}>
            Resolve
          </Button>
        )}
        <Button
          variant="primary"
          disabled={!may || affected === 0}
          disabledReason={may ? 'No stream waits behind this failure.' : onlyOperators}
          onClick={() => setAsking('redrive')}
        >
          Redrive
        </Button>
      </SpaceBetween>
      {asking === 'redrive' ? <RedriveModal failure={failure} onClose={close} /> : null}
      {asking && asking !== 'redrive' ? (
        <DecideModal failure={failure} decision={asking} onClose={close} />
      ) : null}
    </>
  );
}
