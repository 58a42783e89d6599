import { query } from '#shared/definition/query.ts';
import { alertRules } from '../read-models/alert-rules.ts';
import { readers } from '../roles.ts';
import { pageParameters } from './parameters.ts';

export const listAlertRules = query({
  route: 'GET /alert-rules',
  roles: readers,
  input: pageParameters,
  readModels: { alertRules },
  answer: (page, { rows }) => rows.alertRules.list('all', { ...page, ascending: true }),
});
