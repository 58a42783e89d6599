import { randomInt } from 'node:crypto';
import type { Cloud } from '../../core/cloud.ts';
import type { PoolIdentity } from './pool-settings.ts';

const digits = '0123456789';
const lower = 'abcdefghijklmnopqrstuvwxyz';

/** `<region>_` and nine letters or digits. */
export function newPoolId({ region }: Cloud): string {
  return `${region}_${randomText(9, digits + lower + lower.toUpperCase())}`;
}

export function newClientId(): string {
  return randomText(26, digits + lower);
}

export function newClientSecret(): string {
  return randomText(51, digits + lower);
}

export function poolIdentity(cloud: Cloud, id: string, createdAt: number): PoolIdentity {
  return {
    id,
    arn: `arn:aws:cognito-idp:${cloud.region}:${cloud.accountId}:userpool/${id}`,
    issuer: `https://${endpointOf(cloud, id)}`,
    createdAt,
  };
}

export function endpointOf({ region }: Cloud, id: string): string {
  return `cognito-idp.${region}.amazonaws.com/${id}`;
}

function randomText(length: number, alphabet: string): string {
  return Array.from({ length }, () => alphabet.charAt(randomInt(alphabet.length))).join('');
}
