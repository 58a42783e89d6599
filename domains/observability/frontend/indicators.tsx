import Badge, { type BadgeProps } from '@cloudscape-design/components/badge';
import StatusIndicator, { type StatusIndicatorProps } from '@cloudscape-design/components/status-indicator';
import type { AlarmState, Alert, Severity } from './types.ts';
import { alarmStates, severities } from './words.ts';

const severityColors: Record<Severity, BadgeProps['color']> = {
  critical: 'severity-critical',
  warning: 'severity-medium',
  info: 'blue',
};

export function SeverityBadge({ severity }: { severity: Severity }) {
  return <Badge color={severityColors[severity] ?? 'grey'}>{severities[severity]}</Badge>;
}

/** Where an episode stands: open, in someone's hands, or over. */
export function AlertState({ alert }: { alert: Pick<Alert, 'status' | 'acknowledgedAt' | 'resolution'> }) {
  if (alert.status === 'resolved') {
    return (
      // A wrapped indicator breaks inside its words.
      <StatusIndicator type="success" wrapText={false}>
        {alert.resolution === 'rule-deleted' ? 'Resolved: rule deleted' : 'Resolved: recovered'}
      </StatusIndicator>
    );
  }
  return alert.acknowledgedAt ? (
    <StatusIndicator type="in-progress">Open, acknowledged</StatusIndicator>
  ) : (
    <StatusIndicator type="error">Open</StatusIndicator>
  );
}

const alarmTypes: Record<AlarmState, StatusIndicatorProps.Type> = {
  ALARM: 'error',
  OK: 'success',
  INSUFFICIENT_DATA: 'pending',
};

export function AlarmStateIndicator({ state }: { state: AlarmState }) {
  return <StatusIndicator type={alarmTypes[state]}>{alarmStates[state]}</StatusIndicator>;
}

export function EnabledIndicator({ enabled }: { enabled: boolean }) {
  return enabled ? (
    <StatusIndicator type="success">Enabled</StatusIndicator>
  ) : (
    <StatusIndicator type="stopped">Disabled</StatusIndicator>
  );
}
