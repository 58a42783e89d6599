import { scheduledReactor } from '#shared/definition/reactor.ts';
import { openNotifications } from '../read-models/open-notifications.ts';
import { attendNotification } from './attend-notification.ts';
import { everyRow } from './every-row.ts';

/** As many as surely end before the function's time does, with receivers that let each of them wait. */
const perRun = 100;
const atOnce = 25;

/** Sends what waits for its next attempt or for the end of a silence, and what was lost on its way. */
export const sweepNotifications = scheduledReactor({
  every: '1 minute',
  readModels: { openNotifications },
  uses: ['keys'],
  react: async (_, context) => {
    // Alerts are raised on the installation's own metrics, so nobody else has any.
    const tenant = context.installationTenant;
    const now = new Date().toISOString();
    const rows = await context.rows(openNotifications, tenant);
    const due = (await everyRow(rows, 'pending', ({ nextAt = '' }) => nextAt > now)).slice(0, perRun);
    const failures: unknown[] = [];
    for (let first = 0; first < due.length; first += atOnce) {
      const batch = due.slice(first, first + atOnce);
      const results = await Promise.allSettled(
        batch.map(({ alertNotificationId }) => attendNotification(tenant, alertNotificationId, context)),
      );
      // One that cannot be attended must not keep the others waiting.
      for (const result of results) if (result.status === 'rejected') failures.push(result.reason);
    }
    if (failures.length > 0) throw failures[0];
  },
});
