import Box from '@cloudscape-design/components/box';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { useIdentity } from '#shared/frontend/identity.ts';
import type { Column } from '#shared/frontend/resource-table.tsx';
import { Timestamp } from '#shared/frontend/timestamp.tsx';
import { AlertState } from '../indicators.tsx';
import type { Alert, AlertSilence } from '../types.ts';
import { actorText } from '../words.ts';

/** That an alert is silenced, until when, by whom and why. */
export function SilenceMarker({ silence, brief = false }: { silence: AlertSilence; brief?: boolean }) {
  const { subject } = useIdentity();
  return (
    <>
      <StatusIndicator type="stopped">
        Silenced until <Timestamp value={silence.until} />
      </StatusIndicator>
      {brief ? null : (
        <Box variant="small" display="block">
          By {actorText(silence.silencedBy, subject)}: {silence.reason}
        </Box>
      )}
    </>
  );
}

/** Where an episode stands, and below it whether its alert is silenced. */
export function StateAndSilence({ alert }: { alert: Alert }) {
  if (!alert.silence || alert.status === 'resolved') return <AlertState alert={alert} />;
  return (
    <SpaceBetween size="xxs">
      <AlertState alert={alert} />
      <SilenceMarker silence={alert.silence} />
    </SpaceBetween>
  );
}

/** The column with its cells shaded where the alert is silenced. */
export function shadedWhenSilenced(column: Column<Alert>): Column<Alert> {
  return {
    ...column,
    cell: (alert) =>
      alert.silence ? <Box color="text-status-inactive">{column.cell(alert)}</Box> : column.cell(alert),
  };
}
