import type { Telemetry } from '../../core/telemetry.ts';

interface OfRule {
  ruleName: string;
  busName: string;
}

function count(telemetry: Telemetry, name: string, dimensions: Record<string, string>): void {
  telemetry.metric({ namespace: 'AWS/Events', name, dimensions, unit: 'Count', value: 1, time: Date.now() });
}

/** Rules of the default bus are found by `RuleName` alone, others by `EventBusName` and `RuleName`, as on AWS. */
function ruleDimensions({ ruleName, busName }: OfRule): Record<string, string> {
  return busName === 'default' ? { RuleName: ruleName } : { EventBusName: busName, RuleName: ruleName };
}

export function recordMatch(telemetry: Telemetry, rule: OfRule): void {
  count(telemetry, 'MatchedEvents', ruleDimensions(rule));
}

export function recordTrigger(telemetry: Telemetry, rule: OfRule): void {
  count(telemetry, 'TriggeredRules', ruleDimensions(rule));
}

export function recordDelivery(
  telemetry: Telemetry,
  delivery: OfRule,
  name:
    | 'Invocations'
    | 'FailedInvocations'
    | 'InvocationAttempts'
    | 'SuccessfulInvocationAttempts'
    | 'RetryInvocationAttempts'
    | 'InvocationsSentToDlq'
    | 'InvocationsFailedToBeSentToDlq',
): void {
  count(telemetry, name, ruleDimensions(delivery));
}
