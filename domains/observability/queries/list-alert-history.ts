import { query } from '#shared/definition/query.ts';
import { text } from '#shared/messages/schema.ts';
import { alertHistory } from '../read-models/alert-history.ts';
import { readers } from '../roles.ts';
import { pageParameters } from './parameters.ts';

export const listAlertHistory = query({
  route: 'GET /alerts/{alertId}/history',
  roles: readers,
  input: { ...pageParameters, alertId: text(100) },
  readModels: { alertHistory },
  answer: ({ alertId, ...page }, { rows }) => rows.alertHistory.list(alertId, page),
});
