/** The alarm of a rule: its name leads back to the rule when the alarm changes its state. */
export interface RuleOfAlarm {
  readonly environment: string;
  readonly tenant: string;
  readonly alertRuleId: string;
}

/** `skafu-{environment}-alert-{tenant}-{alertRuleId}` */
export function alarmName({ environment, tenant, alertRuleId }: RuleOfAlarm): string {
  return `${alarmPrefix(environment)}${tenant}-${alertRuleId}`;
}

export const alarmPrefix = (environment: string) => `skafu-${environment}-alert-`;

/** Reads an alarm's name; undefined for one that belongs to no rule of this environment. */
export function ruleOfAlarm(name: string, environment: string): RuleOfAlarm | undefined {
  const prefix = alarmPrefix(environment);
  if (!name.startsWith(prefix)) return undefined;
  const [, tenant, alertRuleId] =
    /^([\w-]{1,64})-([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/.exec(name.slice(prefix.length)) ?? [];
  return tenant && alertRuleId ? { environment, tenant, alertRuleId } : undefined;
}
