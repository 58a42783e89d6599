import { reactor } from '#shared/definition/reactor.ts';
import { alert, closeForDeletedRule } from '../alert/alert.ts';
import { alertRule } from '../alert-rule/alert-rule.ts';

/** Resolves the open episode of a rule that was deleted: its alarm is gone and would never say OK. */
export const closeAlertOfDeletedRule = reactor({
  follows: alertRule,
  react: async ({ tenant, id, state }, { execute }) => {
    if (state.status === 'deleted') await execute(alert, tenant, id, closeForDeletedRule, {});
  },
});
