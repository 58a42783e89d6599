import { readModel, remove } from '#shared/definition/read-model.ts';
import type { Actor } from '#shared/messages/envelope.ts';
import { alertRule, type Rule } from '../alert-rule/alert-rule.ts';

/** One row per rule that stands. */
export type AlertRuleRow = Rule & {
  readonly alertRuleId: string;
  readonly enabled: boolean;
  readonly version: number;
  readonly definedAt: string;
  readonly definedBy: Actor;
  readonly changedAt: string;
};

export const alertRules = readModel({
  follows: alertRule,
  listed: (row: AlertRuleRow) => ({ list: 'all', order: `${row.name.toLowerCase()}#${row.alertRuleId}` }),
  project: {
    AlertRuleDefined: (_, { stream, data, version, time, actor }) => ({
      ...data,
      alertRuleId: stream.id,
      enabled: true,
      version,
      definedAt: time,
      definedBy: actor,
      changedAt: time,
    }),
    AlertRuleChanged: (row, { data, version, time }) =>
      row && { ...without(row), ...data, version, changedAt: time },
    AlertRuleDisabled: (row, { version, time }) =>
      row && { ...row, enabled: false, version, changedAt: time },
    AlertRuleEnabled: (row, { version, time }) => row && { ...row, enabled: true, version, changedAt: time },
    AlertRuleDeleted: () => remove,
  },
});

/** A change says everything about the rule: a description it does not name is gone. */
function without({ description: _, ...row }: AlertRuleRow): Omit<AlertRuleRow, 'description'> {
  return row;
}
