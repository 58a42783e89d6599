import type { Message } from '../alert-notification/alert-notification.ts';

/** What a receiver gets: `type` says what happened, `data` to what. Fields may be added, never changed. */
export interface WebhookBody {
  readonly type: string;
  /** When it happened; RFC 3339, UTC. */
  readonly timestamp: string;
  readonly data: object;
}

/** The body of a message about an alert. */
export function bodyOf(message: Message, consoleUrl: string | undefined): WebhookBody {
  const { alertId, episode, moment, at, facts } = message;
  const { ruleName, severity, metric, statistic, comparison, threshold, reason, ...times } = facts;
  return {
    type: `alert.${moment}`,
    timestamp: at,
    data: {
      alertId,
      episode,
      rule: { id: alertId, name: ruleName },
      severity,
      metric: { ...metric, statistic },
      condition: { comparison, threshold },
      reason,
      ...times,
      ...(consoleUrl ? { link: linkTo(consoleUrl, alertId, episode) } : {}),
    },
  };
}

/** The body of a test. */
export function testBody(channelName: string, at: string): WebhookBody {
  return { type: 'channel.test', timestamp: at, data: { channel: channelName, text: 'A test from Skafu.' } };
}

function linkTo(consoleUrl: string, alertId: string, episode: number): string {
  const path = `/observability/alerts/${encodeURIComponent(alertId)}?episode=${episode}`;
  return `${consoleUrl.replace(/\/+$/, '')}${path}`;
}
