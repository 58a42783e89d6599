import StatusIndicator from '@cloudscape-design/components/status-indicator';
import type { FailureStatus, FailureStream, Occurrence } from './types.ts';

export const statusWords: Record<FailureStatus, string> = {
  open: 'Open',
  ignored: 'Ignored',
  resolved: 'Resolved',
};

/** Whether somebody should look at it. */
export function FailureState({ status }: { status: FailureStatus }) {
  const types = { open: 'error', ignored: 'stopped', resolved: 'success' } as const;
  return <StatusIndicator type={types[status]}>{statusWords[status]}</StatusIndicator>;
}

/** How a stream stands with what failed on it. */
export function HeldState({ stream }: { stream: FailureStream }) {
  switch (stream.state) {
    case 'held':
      return <StatusIndicator type="error">{stream.redrivenAt ? 'Held again' : 'Held'}</StatusIndicator>;
    case 'failed':
      return <StatusIndicator type="error">{stream.redrivenAt ? 'Failed again' : 'Failed'}</StatusIndicator>;
    case 'redriven':
      return (
        <StatusIndicator type={stream.kind === 'function' ? 'success' : 'in-progress'}>
          Redriven
        </StatusIndicator>
      );
    case 'released':
      return <StatusIndicator type="success">Released</StatusIndicator>;
  }
}

/** What an entry in the history tells. */
export const occurrenceWords: Record<Occurrence['type'], string> = {
  FailureOccurred: 'Failed',
  FailureReopened: 'Opened again',
  FailureIgnored: 'Ignored',
  FailureResolved: 'Resolved',
  StreamRedriven: 'Stream redriven',
  StreamReleased: 'Stream released',
};
