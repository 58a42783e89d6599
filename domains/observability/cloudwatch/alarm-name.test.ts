import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { alarmName, alarmPrefix, ruleOfAlarm } from './alarm-name.ts';

const alertRuleId = '01990000-0000-7000-8000-000000000001';
const rule = { environment: 'prod', tenant: 'skafu', alertRuleId };

describe('the name of a rule’s alarm', () => {
  test('leads back to the rule, whatever the tenant is called', () => {
    const tenants = fc.stringMatching(/^[A-Za-z0-9_-]{1,64}$/);
    fc.assert(
      fc.property(tenants, fc.uuid(), (tenant, id) => {
        const named = { environment: 'prod', tenant, alertRuleId: id };
        expect(ruleOfAlarm(alarmName(named), 'prod')).toEqual(named);
      }),
    );
  });

  test('is made of environment, tenant and rule', () => {
    expect(alarmName(rule)).toBe(`skafu-prod-alert-skafu-${alertRuleId}`);
    expect(alarmName(rule).startsWith(alarmPrefix('prod'))).toBe(true);
  });

  test.each([
    'orders',
    'skafu-prod-alert-',
    'skafu-prod-alert-skafu-no-id',
    `skafu-prod-alert-${alertRuleId}`,
    `skafu-prod-alert-a#b-${alertRuleId}`,
    `skafu-staging-alert-skafu-${alertRuleId}`,
    `skafu-prod-alert-skafu-${alertRuleId}-more`,
  ])('is not "%s"', (name) => {
    expect(ruleOfAlarm(name, 'prod')).toBeUndefined();
  });
});
