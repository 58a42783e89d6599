import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { Timestamp } from '#shared/frontend/timestamp.tsx';
import type { ChannelTest, NotificationChannel } from './types.ts';

/** How the messages of late went. */
export function DeliveryState({ channel }: { channel: NotificationChannel }) {
  const { recentlyFailed, lastDeliveredAt } = channel;
  if (recentlyFailed > 0)
    return <StatusIndicator type="error">{recentlyFailed} of the latest 25 failed</StatusIndicator>;
  return lastDeliveredAt ? (
    <StatusIndicator type="success">None failed</StatusIndicator>
  ) : (
    <StatusIndicator type="pending">Nothing sent yet</StatusIndicator>
  );
}

/** What became of the last test. */
export function TestState({ test }: { test: ChannelTest | undefined }) {
  if (!test) return 'Never tested';
  if (!test.outcome || !test.at) return <StatusIndicator type="in-progress">Test on its way</StatusIndicator>;
  const delivered = test.outcome === 'delivered';
  return (
    <>
      <StatusIndicator type={delivered ? 'success' : 'error'}>
        {delivered ? `Answered ${test.status} in ${test.milliseconds} ms` : (test.reason ?? 'Failed')}
      </StatusIndicator>
      <br />
      <Timestamp value={test.at} />
    </>
  );
}
