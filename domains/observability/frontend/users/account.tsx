import StatusIndicator, { type StatusIndicatorProps } from '@cloudscape-design/components/status-indicator';
import type { User, UserStatus } from './api.ts';

export const userStatuses: Record<UserStatus, { text: string; type: StatusIndicatorProps.Type }> = {
  CONFIRMED: { text: 'Confirmed', type: 'success' },
  UNCONFIRMED: { text: 'Not confirmed', type: 'pending' },
  FORCE_CHANGE_PASSWORD: { text: 'Must set a password', type: 'pending' },
  RESET_REQUIRED: { text: 'Must reset the password', type: 'warning' },
  EXTERNAL_PROVIDER: { text: 'Signs in elsewhere', type: 'info' },
};

/** What the account waits for; a disabled one can do nothing, whatever its status. */
export function AccountStatus({ user }: { user: Pick<User, 'enabled' | 'status'> }) {
  if (!user.enabled) return <StatusIndicator type="stopped">Disabled</StatusIndicator>;
  const { text, type } = userStatuses[user.status] ?? { text: user.status, type: 'info' };
  return <StatusIndicator type={type}>{text}</StatusIndicator>;
}
