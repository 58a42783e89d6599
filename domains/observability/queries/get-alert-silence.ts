import { query } from '#shared/definition/query.ts';
import { text } from '#shared/messages/schema.ts';
import { alertSilences } from '../read-models/alert-silences.ts';
import { readers } from '../roles.ts';

/** The silence of an alert while it lasts, whether or not the alert was ever raised. */
export const getAlertSilence = query({
  route: 'GET /alerts/{alertId}/silence',
  roles: readers,
  input: { alertId: text(100) },
  readModels: { alertSilences },
  answer: async ({ alertId }, { rows }) => {
    const silence = await rows.alertSilences.get(alertId);
    return silence && silence.until > new Date().toISOString() ? { silence } : {};
  },
});
