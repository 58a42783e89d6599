import type { Wanted } from '../../core/access.ts';
import { passRole } from '../../core/pass-role.ts';

/** These name no resource that a policy could choose by. */
const withoutResource = [
  'ListStateMachines',
  'ListActivities',
  'SendTaskSuccess',
  'SendTaskFailure',
  'SendTaskHeartbeat',
  'ValidateStateMachineDefinition',
];

const named = [
  'executionArn',
  'stateMachineArn',
  'stateMachineAliasArn',
  'stateMachineVersionArn',
  'activityArn',
  'resourceArn',
];

/** What an operation of Step Functions has to be allowed to do: with a machine, an execution, or an activity. */
export function wantedOfStates(
  operation: string,
  input: Record<string, unknown>,
  scope = 'arn:aws:states:us-east-1:000000000000',
): readonly Wanted[] {
  const action = `states:${operation}`;
  if (withoutResource.includes(operation)) return [{ action, resource: '*' }];
  if (operation === 'CreateStateMachine' || operation === 'CreateActivity') {
    const kind = operation === 'CreateActivity' ? 'activity' : 'stateMachine';
    const resource = `${scope}:${kind}:${String(input['name'])}`;
    return [{ action, resource }, ...passRole('states.amazonaws.com', input['roleArn'])];
  }
  const resource = named.map((name) => input[name]).find((each) => each !== undefined);
  const passed = operation === 'UpdateStateMachine' ? [input['roleArn']] : [];
  return [{ action, resource: String(resource ?? '*') }, ...passRole('states.amazonaws.com', ...passed)];
}
