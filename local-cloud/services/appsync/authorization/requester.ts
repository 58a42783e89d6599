import type { Caller } from '../../../core/access.ts';
import type { UserPool } from '../model.ts';

/** Who asks an API, as the authorization of fields and the context of resolvers know them. */
export type Requester =
  | { readonly type: 'AWS_IAM'; readonly caller: Caller; readonly identity: object }
  | {
      readonly type: 'AMAZON_COGNITO_USER_POOLS';
      readonly pool: UserPool;
      readonly groups: readonly string[];
      /** Epoch milliseconds of the end of the token. */
      readonly expiresAt: number;
      readonly identity: object;
    }
  | { readonly type: 'API_KEY'; readonly expiresAt: number; readonly identity: null };

/** Until when the proof of who asks holds, in epoch milliseconds. */
export function expiryOf(requester: Requester): number {
  return requester.type === 'AWS_IAM' ? Number.POSITIVE_INFINITY : requester.expiresAt;
}

/** `ctx.identity` of a token, https://docs.aws.amazon.com/appsync/latest/devguide/resolver-context-reference-js.html */
export function tokenIdentity(claims: Record<string, unknown>, pool: UserPool, sourceIp: string): object {
  const groups = claims['cognito:groups'];
  return {
    claims,
    defaultAuthStrategy: pool.defaultAction,
    groups: Array.isArray(groups) ? groups : null,
    issuer: pool.issuer,
    sourceIp: [sourceIp],
    sub: claims['sub'],
    username: claims['cognito:username'] ?? claims['username'],
  };
}

/** `ctx.identity` of a signature. */
export function callerIdentity(caller: Caller, accountId: string, sourceIp: string): object {
  const role = caller.type === 'role' ? caller : undefined;
  const roleName = role?.roleArn.slice(role.roleArn.lastIndexOf('/') + 1);
  return {
    accountId,
    cognitoIdentityAuthProvider: null,
    cognitoIdentityAuthType: null,
    cognitoIdentityId: null,
    cognitoIdentityPoolId: null,
    sourceIp: [sourceIp],
    userArn: role
      ? `arn:aws:sts::${accountId}:assumed-role/${roleName}/${role.session}`
      : `arn:aws:iam::${accountId}:root`,
    username: role ? `${roleName}:${role.session}` : accountId,
  };
}
