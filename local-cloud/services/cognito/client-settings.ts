import { block } from '../../core/blocks.ts';
import type { Attributes } from '../../core/service.ts';
import { invalidParameter } from './errors.ts';
import type { PoolClient } from './model.ts';
import { numberOr, textList } from './settings.ts';

type ClientIdentity = Pick<PoolClient, 'id' | 'poolId' | 'createdAt' | 'secret'>;

const defaultFlows = ['ALLOW_CUSTOM_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH', 'ALLOW_USER_SRP_AUTH'];

/** The shortest and the longest that AWS lets a token be good, in seconds. */
const validityRange = {
  id_token: [300, 86_400],
  access_token: [300, 86_400],
  refresh_token: [3600, 3650 * 86_400],
} as const;

/** Reads `aws_cognito_user_pool_client`. Throws an `AwsError` naming what the local cloud does not support. */
export function readPoolClient(desired: Attributes, identity: ClientIdentity): PoolClient {
  const rotation = block(desired['refresh_token_rotation']);
  const flows = textList(desired['explicit_auth_flows']) ?? defaultFlows;
  const units = block(desired['token_validity_units']) ?? {};
  const validity = (token: keyof typeof validityRange, fallbackUnit: string, fallback: number) => {
    const unit = secondsPer(String(units[token] ?? fallbackUnit));
    const seconds = numberOr(desired[`${token}_validity`], fallback) * unit;
    const [least, most] = validityRange[token];
    if (seconds >= least && seconds <= most) return seconds;
    throw invalidParameter(`Invalid range for token validity: ${token}_validity.`);
  };
  return {
    ...identity,
    name: String(desired['name']),
    authFlows: flows,
    challengeLifetime: numberOr(desired['auth_session_validity'], 3) * 60_000,
    rotationGrace:
      rotation?.['feature'] === 'ENABLED' ? Number(rotation['retry_grace_period_seconds'] ?? 0) : undefined,
    validity: {
      idToken: validity('id_token', 'hours', 1),
      accessToken: validity('access_token', 'hours', 1),
      refreshToken: validity('refresh_token', 'days', 30),
    },
    readAttributes: textList(desired['read_attributes']),
    writeAttributes: textList(desired['write_attributes']),
    hidesUnknownUsers: desired['prevent_user_existence_errors'] === 'ENABLED',
    tokenRevocation: desired['enable_token_revocation'] !== false,
    tokenValidityUnits: Object.fromEntries(Object.entries(units).map(([key, unit]) => [key, String(unit)])),
    given: desired,
  };
}

function secondsPer(unit: string): number {
  const seconds = { seconds: 1, minutes: 60, hours: 3600, days: 86_400 }[unit];
  if (!seconds) throw invalidParameter(`Unknown token validity unit "${unit}".`);
  return seconds;
}
