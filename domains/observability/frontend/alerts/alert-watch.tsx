import { useEffect, useRef } from 'react';
import { useDispatch } from 'react-redux';
import { type Notification, notified } from '#shared/frontend/notifications.ts';
import { alertPolling, useAlertsInfiniteQuery } from '../api.ts';
import { paths } from '../paths.ts';
import type { Alert } from '../types.ts';
import { severities } from '../words.ts';

/** Announces alerts that are raised while the console is open, on whatever page the person is. */
export default function AlertWatch() {
  const { data } = useAlertsInfiniteQuery('open', alertPolling);
  const dispatch = useDispatch();
  const known = useRef<ReadonlySet<string>>(null);
  useEffect(() => {
    if (!data) return;
    const open = data.pages.flatMap((page) => page.items);
    // Alerts that were open before the console was are no news.
    if (known.current) {
      for (const alert of open)
        if (!known.current.has(keyOf(alert))) dispatch(notified(announcementOf(alert)));
    }
    known.current = new Set([...(known.current ?? []), ...open.map(keyOf)]);
  }, [data, dispatch]);
  return null;
}

function keyOf(alert: Alert): string {
  return `${alert.alertId}:${alert.episode}`;
}

function announcementOf(alert: Alert): Notification {
  return {
    id: `raised-${keyOf(alert)}`,
    type: alert.severity === 'critical' ? 'error' : alert.severity === 'warning' ? 'warning' : 'info',
    header: `${severities[alert.severity]} alert raised: ${alert.ruleName}`,
    content: alert.reason,
    link: { text: 'Open alert', href: paths.alert(alert.alertId, alert.episode) },
  };
}
