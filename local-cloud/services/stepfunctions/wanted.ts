import type { Wanted } from '../../core/access.ts';

/** What an operation of Step Functions has to be allowed to do: with a state machine, or with an execution. */
export function wantedOfStates(operation: string, input: Record<string, unknown>): readonly Wanted[] {
  const resource = input['executionArn'] ?? input['stateMachineArn'] ?? '*';
  return [{ action: `states:${operation}`, resource: String(resource) }];
}
