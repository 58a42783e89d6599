import { query } from '#shared/definition/query.ts';
import { text } from '#shared/messages/schema.ts';
import { alertNotifications } from '../read-models/alert-notifications.ts';
import { readers } from '../roles.ts';
import { pageParameters } from './parameters.ts';

/** The messages about an alert, newest first. */
export const listAlertNotifications = query({
  route: 'GET /alerts/{alertId}/notifications',
  roles: readers,
  input: { ...pageParameters, alertId: text(100) },
  readModels: { alertNotifications },
  answer: ({ alertId, ...page }, { rows }) => rows.alertNotifications.list(alertId, page),
});
