import type { Wanted } from '../../core/access.ts';

const ofAccount = ['ListUserPools', 'CreateUserPool'];

/**
 * What an operation of Cognito has to be allowed to do with a pool. What names an app client or a token in place of the
 * pool is for the users themselves, who have no keys of AWS.
 */
export function wantedOfUserPools(
  operation: string,
  input: Record<string, unknown>,
  prefix: string,
): readonly Wanted[] {
  const action = `cognito-idp:${operation}`;
  if (ofAccount.includes(operation)) return [{ action, resource: '*' }];
  const pool = input['UserPoolId'];
  return pool === undefined ? [] : [{ action, resource: `${prefix}${pool}` }];
}
