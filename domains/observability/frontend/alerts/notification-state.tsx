import StatusIndicator, { type StatusIndicatorProps } from '@cloudscape-design/components/status-indicator';
import { Timestamp } from '#shared/frontend/timestamp.tsx';
import type { Alert, AlertNotification } from '../types.ts';

const states: Record<AlertNotification['status'], { words: string; type: StatusIndicatorProps.Type }> = {
  due: { words: 'On its way', type: 'in-progress' },
  withheld: { words: 'Withheld', type: 'stopped' },
  retrying: { words: 'Failed, will retry', type: 'warning' },
  delivered: { words: 'Delivered', type: 'success' },
  failed: { words: 'Failed, given up', type: 'error' },
  dropped: { words: 'Not sent', type: 'stopped' },
};

const dropReasons: Readonly<Record<string, string>> = {
  'moment-passed': 'It was no longer true when it was to be sent.',
  'channel-disabled': 'The channel was disabled.',
  'channel-deleted': 'The channel was deleted.',
};

export function NotificationState({ notification }: { notification: AlertNotification }) {
  const { words, type } = states[notification.status];
  return <StatusIndicator type={type}>{words}</StatusIndicator>;
}

/** What came of it so far, in words. */
export function NotificationDetail({ notification }: { notification: AlertNotification }) {
  const { status, answer, reason = '', milliseconds, nextAt } = notification;
  if (status === 'delivered') return `Answered ${answer ?? 'well'} in ${milliseconds ?? 0} ms.`;
  if (status === 'dropped') return dropReasons[reason] ?? reason;
  if (status === 'withheld' && nextAt)
    return (
      <>
        Silenced until <Timestamp value={nextAt} />.
      </>
    );
  if (status === 'retrying' && nextAt)
    return (
      <>
        {reason} Next attempt <Timestamp value={nextAt} />.
      </>
    );
  return reason || '–';
}

const worst = ['failed', 'retrying', 'withheld', 'due'] as const;

/** The worst of what was not sent about an episode. */
export function UnsentState({ unsent }: { unsent: Alert['unsent'] | undefined }) {
  const found = worst.find((status) => unsent?.[status]);
  if (!found) return 'None unsent';
  const { words, type } = states[found];
  return (
    <StatusIndicator type={type}>
      {words} ({unsent?.[found]})
    </StatusIndicator>
  );
}
