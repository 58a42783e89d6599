import { randomUUID, sign, verify } from 'node:crypto';
import { attributesOf } from './attributes.ts';
import type { Cognito } from './context.ts';
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
  /** `ClientMetadata` of the request, for the trigger. */
  metadata?: Record<string, string> | undefined;
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
  scope: string;
}

/** Signs the ID and the access token of one sign-in, after the pool's pre token generation trigger had its say. */
export async function issueTokens(
  request: TokenRequest,
  { keys, callTrigger, cloud }: Pick<Cognito, 'keys' | 'callTrigger' | 'cloud'>,
): Promise<{ idToken: string; accessToken: string }> {
  const { pool, client, user } = request;
  const now = Math.floor(cloud.clock.now() / 1000);
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
    changes.groups && { 'cognito:groups': changes.groups['cognito:groups'] },
  );
  return { idToken: signed(idClaims, keys.idToken), accessToken: signed(accessClaims, keys.accessToken) };
}

/** Verifies an access token of this installation at a time, in epoch milliseconds. Throws `NotAuthorizedException` as Cognito does. */
export function readAccessToken(token: string, keys: Keys, now: number): AccessClaims {
  const [header, payload, signature, ...more] = token.split('.');
  const invalid = () => notAuthorized('Invalid Access Token');
  if (!header || !payload || !signature || more.length > 0) throw invalid();
  const text = Buffer.from(`${header}.${payload}`);
  if (!verify('sha256', text, keys.accessToken.publicKey, Buffer.from(signature, 'base64url')))
    throw invalid();
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as AccessClaims;
  if (claims.exp * 1000 <= now) throw notAuthorized('Access Token has expired');
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
    source: `TokenGeneration_${reason}`,
    pool,
    client,
    user,
    ...(secondVersion && { version: '2' }),
    request: {
      groupConfiguration: {
        groupsToOverride: groupNames,
        iamRolesToOverride: rolesOf(groups),
        preferredRole: preferredRoleOf(groups) ?? null,
      },
      clientMetadata: request.metadata ?? {},
      ...(secondVersion && { scopes: [defaultScope] }),
    },
    response: secondVersion ? { claimsAndScopeOverrideDetails: null } : { claimsOverrideDetails: null },
  });
  const details = record(reply?.[secondVersion ? 'claimsAndScopeOverrideDetails' : 'claimsOverrideDetails']);
  const groupsChanged = groupOverride(record(details['groupOverrideDetails']));
  if (!secondVersion) return { idToken: override(details), accessToken: untouched, groups: groupsChanged };
  return {
    idToken: override(record(details['idTokenGeneration'])),
    accessToken: override(record(details['accessTokenGeneration'])),
    groups: groupsChanged,
  };
}

/** Claims of groups in place of the user's own: what the trigger leaves out is not in the token. */
function groupOverride(details: Record<string, unknown>): Claims | undefined {
  const list = (name: string) => (Array.isArray(details[name]) ? details[name].map(String) : undefined);
  const groups = list('groupsToOverride');
  if (!groups) return undefined;
  const roles = list('iamRolesToOverride');
  const preferred = details['preferredRole'];
  return {
    'cognito:groups': groups,
    ...(roles && { 'cognito:roles': roles }),
    ...(typeof preferred === 'string' && { 'cognito:preferred_role': preferred }),
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

const groupClaims = ['cognito:groups', 'cognito:roles', 'cognito:preferred_role'];

function changedClaims(claims: Claims, { add, suppress }: Override, groups: Claims | undefined): Claims {
  const kept = Object.entries(claims).filter(([name]) => !groups || !groupClaims.includes(name));
  const result: Claims = { ...Object.fromEntries(kept), ...groups };
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

/** That of the group of highest precedence; none where two of the same precedence disagree. */
function preferredRoleOf(groups: Group[]): string | undefined {
  const [first] = groups.filter(({ roleArn }) => roleArn !== undefined);
  const rivals = groups.filter(({ roleArn, precedence }) => roleArn && precedence === first?.precedence);
  return rivals.every(({ roleArn }) => roleArn === first?.roleArn) ? first?.roleArn : undefined;
}

function roleClaims(groups: Group[]): Claims {
  const roles = rolesOf(groups);
  const preferred = preferredRoleOf(groups);
  return {
    ...(roles.length > 0 && { 'cognito:roles': roles }),
    ...(preferred && { 'cognito:preferred_role': preferred }),
  };
}

function signed(claims: Claims, key: SigningKey): string {
  const part = (content: object) => Buffer.from(JSON.stringify(content)).toString('base64url');
  const text = `${part({ kid: key.id, alg: 'RS256' })}.${part(claims)}`;
  return `${text}.${sign('sha256', Buffer.from(text), key.privateKey).toString('base64url')}`;
}

function record(value: unknown): Record<string, unknown> {
  return isReply(value) ? value : {};
}
