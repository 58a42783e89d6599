import ProgressBar from '@cloudscape-design/components/progress-bar';
import StatusIndicator, { type StatusIndicatorProps } from '@cloudscape-design/components/status-indicator';
import { formatValue } from '#shared/frontend/format.ts';
import { Timestamp } from '#shared/frontend/timestamp.tsx';
import type { ReadModel, Rebuild, RebuildStatus } from './types.ts';

const words: Record<RebuildStatus, { type: StatusIndicatorProps.Type; text: string }> = {
  planning: { type: 'pending', text: 'Planning' },
  emptying: { type: 'in-progress', text: 'Emptying the idle table' },
  copying: { type: 'in-progress', text: 'Copying' },
  switching: { type: 'in-progress', text: 'Switching readers' },
  switched: { type: 'success', text: 'Rebuilt' },
  cancelled: { type: 'stopped', text: 'Cancelled' },
  failed: { type: 'error', text: 'Failed' },
};

export function isRunning({ status }: Rebuild): boolean {
  return status === 'planning' || status === 'emptying' || status === 'copying' || status === 'switching';
}

/** Everything is copied from here on, and readers turn: too late to cancel. */
export function mayBeCancelled(rebuild: Rebuild): boolean {
  return isRunning(rebuild) && rebuild.status !== 'switching';
}

/** How the rebuild that runs is doing, or how the last one went. */
export function RebuildState({ model: { model, rebuild } }: { model: ReadModel }) {
  if (!rebuild) return <StatusIndicator type="info">Never rebuilt</StatusIndicator>;
  const { type, text } = words[rebuild.status];
  if (rebuild.status === 'copying') {
    return (
      <ProgressBar
        ariaLabel={`Rebuild of ${model}`}
        value={Math.floor((rebuild.share ?? 0) * 100)}
        description={text}
        additionalInfo={speedText(rebuild)}
      />
    );
  }
  return (
    <>
      <StatusIndicator type={type}>{text}</StatusIndicator>{' '}
      {isRunning(rebuild) ? null : <Timestamp value={rebuild.lastAt} />}
      {rebuild.reason ? <div>{rebuild.reason}</div> : null}
      {rebuild.status === 'switched' ? <div>{speedText(rebuild)}</div> : null}
    </>
  );
}

function speedText({ progress, secondsLeft }: Rebuild): string {
  if (!progress) return 'No rows yet';
  const rows = `${formatValue(progress.rows, 'count')} rows, ${formatValue(progress.rowsPerSecond, 'count')} rows/s`;
  return secondsLeft === undefined ? rows : `${rows}, about ${formatValue(secondsLeft, 'seconds')} left`;
}
