import { randomUUID, sign, verify } from 'node:crypto';
import { attributesOf } from './attributes.ts';
import { notAuthorized } from './errors.ts';
import type { Keys, SigningKey } from './keys.ts';
import type { Group, PoolClient, User, UserPool } from './model.ts';
import { type CallTrigger, isReply } from './triggers.ts';

type Claims = Record<string, unknown>;

/** Why tokens are issued, as the pre token generation trigger is told. */
export type TokenReason = 'Authentication' | 'NewPasswordChallenge' | 'RefreshTokens';

export interface TokenRequest {
  pool: UserPool;
  client: PoolClient;
  user: User;
  /** Those of the user, in order of precedence. */
  groups: Group[];
  /** Epoch seconds of the sign-in the tokens go back to. */
  authTime: number;
  originJti: string;
  reason: TokenReason;
}

/** Claims of a verified access token, those that operations need. */
export interface AccessClaims {
  sub: string;
  username: string;
  client_id: string;
  iss: string;
  iat: number;
  exp: number;
  origin_jti: string;
}

/** Signs the ID and the access token of one sign-in, after the pool's pre token generation trigger had its say. */
export async function issueTokens(
  request: TokenRequest,
  keys: Keys,
  callTrigger: CallTrigger,
): Promise<{ idToken: string; accessToken: string }> {
  const { pool, client, user } = request;
  const now = Math.floor(Date.now() / 1000);
  const groupNames = request.groups.map((group) => group.name);
  const common = {
    sub: user.sub,
    ...(groupNames.length > 0 && { 'cognito:groups': groupNames }),
    iss: pool.issuer,
    origin_jti: request.originJti,
    event_id: randomUUID(),
    auth_time: request.authTime,
    iat: now,
  };
  const changes = await requestedChanges(request, groupNames, callTrigger);
  const idClaims = changedClaims(
    {
      ...common,
      ...readableClaims(user, client),
      'cognito:username': user.username,
      ...roleClaims(request.groups),
      aud: client.id,
      token_use: 'id',
      exp: now + client.validity.idToken,
      jti: randomUUID(),
    },
    changes.idToken,
    changes.groups,
  );
  const accessClaims = changedClaims(
    {
      ...common,
      client_id: client.id,
      token_use: 'access',
      scope: scopes(changes.accessToken),
      username: user.username,
      exp: now + client.validity.accessToken,
      jti: randomUUID(),
    },
    changes.accessToken,
    changes.groups,
  );
  return { idToken: signed(idClaims, keys.idToken), accessToken: signed(accessClaims, keys.accessToken) };
}

/** Verifies an access token of this installation. Throws `NotAuthorizedException` as Cognito does. */
export function readAccessToken(token: string, keys: Keys): AccessClaims {
  const [header, payload, signature, ...more] = token.split('.');
  const invalid = () => notAuthorized('Invalid Access Token');
  if (!header || !payload || !signature || more.length > 0) throw invalid();
  const text = Buffer.from(`${header}.${payload}`);
  if (!verify('sha256', text, keys.accessToken.publicKey, Buffer.from(signature, 'base64url')))
    throw invalid();
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as AccessClaims;
  if (claims.exp * 1000 <= Date.now()) throw notAuthorized('Access Token has expired');
  return claims;
}

interface Override {
  add: Claims;
  suppress: string[];
  addScopes?: string[];
  suppressScopes?: string[];
}

const untouched: Override = { add: {}, suppress: [] };

async function requestedChanges(request: TokenRequest, groupNames: string[], callTrigger: CallTrigger) {
  const { pool, client, user, groups, reason } = request;
  const secondVersion = pool.tokenTriggerVersion === 'V2_0';
  const reply = await callTrigger({
    trigger: 'PreTokenGeneration',
    source: reason,
    pool,
    client,
    user,
    ...(secondVersion && { version: '2' }),
    request: {
      groupConfiguration: {
        groupsToOverride: groupNames,
        iamRolesToOverride: rolesOf(groups),
        preferredRole: rolesOf(groups)[0] ?? null,
      },
      ...(secondVersion && { scopes: [defaultScope] }),
    },
    response: secondVersion ? { claimsAndScopeOverrideDetails: null } : { claimsOverrideDetails: null },
  });
  const details = record(reply?.[secondVersion ? 'claimsAndScopeOverrideDetails' : 'claimsOverrideDetails']);
  const groupOverride = record(details['groupOverrideDetails'])['groupsToOverride'];
  const groupsChanged = Array.isArray(groupOverride) ? groupOverride.map(String) : undefined;
  if (!secondVersion) return { idToken: override(details), accessToken: untouched, groups: groupsChanged };
  return {
    idToken: override(record(details['idTokenGeneration'])),
    accessToken: override(record(details['accessTokenGeneration'])),
    groups: groupsChanged,
  };
}

function override(details: Record<string, unknown>): Override {
  const list = (name: string) =>
    Array.isArray(details[name]) ? (details[name] as unknown[]).map(String) : [];
  return {
    add: record(details['claimsToAddOrOverride']),
    suppress: list('claimsToSuppress'),
    addScopes: list('scopesToAdd'),
    suppressScopes: list('scopesToSuppress'),
  };
}

// What a trigger may not touch, because verifying a token depends on it.
const reserved = new Set([
  'acr',
  'amr',
  'at_hash',
  'auth_time',
  'azp',
  'exp',
  'iat',
  'iss',
  'jti',
  'nbf',
  'nonce',
  'origin_jti',
  'sub',
  'token_use',
  'event_id',
  'aud',
  'client_id',
  'username',
  'cognito:username',
  'scope',
]);

function changedClaims(claims: Claims, { add, suppress }: Override, groups: string[] | undefined): Claims {
  const result: Claims = { ...claims, ...(groups && { 'cognito:groups': groups }) };
  for (const name of suppress) if (!reserved.has(name)) delete result[name];
  for (const [name, value] of Object.entries(add)) if (!reserved.has(name)) result[name] = value;
  return result;
}

const defaultScope = 'aws.cognito.signin.user.admin';

function scopes({ addScopes = [], suppressScopes = [] }: Override): string {
  return [defaultScope, ...addScopes].filter((scope) => !suppressScopes.includes(scope)).join(' ');
}

function readableClaims(user: User, client: PoolClient): Claims {
  const claims: Claims = {};
  for (const { Name, Value } of attributesOf(user, client)) {
    claims[Name] = Name.endsWith('_verified') && !Name.startsWith('custom:') ? Value === 'true' : Value;
  }
  return claims;
}

function rolesOf(groups: Group[]): string[] {
  return groups.flatMap((group) => (group.roleArn ? [group.roleArn] : []));
}

function roleClaims(groups: Group[]): Claims {
  const roles = rolesOf(groups);
  return roles.length > 0 ? { 'cognito:roles': roles, 'cognito:preferred_role': roles[0] } : {};
}

function signed(claims: Claims, key: SigningKey): string {
  const part = (content: object) => Buffer.from(JSON.stringify(content)).toString('base64url');
  const text = `${part({ kid: key.id, alg: 'RS256' })}.${part(claims)}`;
  return `${text}.${sign('sha256', Buffer.from(text), key.privateKey).toString('base64url')}`;
}

function record(value: unknown): Record<string, unknown> {
  return isReply(value) ? value : {};
}
