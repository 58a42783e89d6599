import type { Caller } from '../../../core/access.ts';
import type { Cloud } from '../../../core/cloud.ts';
import { RequestError, unauthorized } from '../errors.ts';
import type { AuthenticationType, GraphqlApi } from '../model.ts';
import type { Registry } from '../registry.ts';
import { callerIdentity, type Requester, tokenIdentity } from './requester.ts';
import type { Tokens } from './tokens.ts';

const sourceIp = '127.0.0.1';

/** What is needed to know who asks. */
export interface Authentication {
  readonly cloud: Cloud;
  readonly registry: Registry;
  readonly tokens: Tokens;
}

/**
 * Who asks, by the headers of a request (names in lower case) or of a message on a WebSocket. `callerOf` answers whose
 * signature it bears. Throws `RequestError` for who cannot prove it in a way that the API takes.
 */
export async function authenticate(
  { cloud, registry, tokens }: Authentication,
  api: GraphqlApi,
  headers: Readonly<Record<string, string>>,
  callerOf: () => Caller,
): Promise<Requester> {
  const authorization = headers['authorization'];
  if (authorization?.startsWith('AWS4-HMAC-SHA256')) {
    requireType(api, 'AWS_IAM');
    const caller = callerOf();
    return { type: 'AWS_IAM', caller, identity: callerIdentity(caller, cloud.accountId, sourceIp) };
  }
  if (authorization !== undefined && authorization !== '') {
    requireType(api, 'AMAZON_COGNITO_USER_POOLS');
    const { pool, claims, expiresAt } = await tokens.verify(authorization, api.userPools);
    const groups = Array.isArray(claims['cognito:groups']) ? claims['cognito:groups'].map(String) : [];
    const identity = tokenIdentity(claims, pool, sourceIp);
    return { type: 'AMAZON_COGNITO_USER_POOLS', pool, groups, expiresAt, identity };
  }
  const key = headers['x-api-key'];
  if (key === undefined) throw unauthorized('Valid authorization header not provided.');
  requireType(api, 'API_KEY');
  const known = registry.apiKeys.get(key);
  if (known?.apiId !== api.id || known.expiresAt <= Date.now())
    throw unauthorized('You are not authorized to make this call.');
  return { type: 'API_KEY', expiresAt: known.expiresAt, identity: null };
}

function requireType(api: GraphqlApi, type: AuthenticationType): void {
  if (api.authenticationType === type || api.additionalTypes.includes(type)) return;
  if (type === 'AWS_IAM')
    throw new RequestError(403, 'AccessDeniedException', `The API ${api.name} does not take signatures.`);
  throw unauthorized('You are not authorized to make this call.');
}
