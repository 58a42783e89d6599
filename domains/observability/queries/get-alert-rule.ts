import { query } from '#shared/definition/query.ts';
import { notFound } from '#shared/messages/problem.ts';
import { text } from '#shared/messages/schema.ts';
import { alertRules } from '../read-models/alert-rules.ts';
import { readers } from '../roles.ts';

export const getAlertRule = query({
  route: 'GET /alert-rules/{alertRuleId}',
  roles: readers,
  input: { alertRuleId: text(100) },
  readModels: { alertRules },
  answer: async ({ alertRuleId }, { rows }) => {
    const row = await rows.alertRules.get(alertRuleId);
    if (row) return row;
    throw notFound(`There is no alert rule ${alertRuleId}.`);
  },
});
