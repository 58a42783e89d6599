import { createHash, createHmac } from 'node:crypto';
import type { AwsRequest } from '../core/service.ts';

/**
 * Signature version 4, for those who sign and those who check.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */

export const algorithm = 'AWS4-HMAC-SHA256';
export const unsignedPayload = 'UNSIGNED-PAYLOAD';

/** What a signature is valid for. */
export interface Scope {
  /** `20261127` */
  readonly day: string;
  readonly region: string;
  readonly service: string;
}

export const scopeText = ({ day, region, service }: Scope) => `${day}/${region}/${service}/aws4_request`;

export const sha256 = (data: string | Uint8Array) => createHash('sha256').update(data).digest('hex');

/** `20261127T101500Z` */
export const timestampOf = (time: Date) => time.toISOString().replace(/[-:]|\.\d+/gu, '');

/** The request in the one form that both sides hash; header names are lower case. */
export function canonicalRequest(
  request: Pick<AwsRequest, 'method' | 'path' | 'query' | 'headers'>,
  signedHeaders: readonly string[],
  payloadHash: string,
  service: string,
): string {
  const headers = signedHeaders.map(
    (name) => `${name}:${(request.headers[name] ?? '').trim().replace(/\s+/gu, ' ')}\n`,
  );
  const query = [...request.query]
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map(([name, value]) => [encode(name), encode(value)] as const)
    .sort(([name, value], [otherName, otherValue]) =>
      name === otherName ? compare(value, otherValue) : compare(name, otherName),
    );
  return [
    request.method,
    canonicalPath(request.path, service),
    query.map(([name, value]) => `${name}=${value}`).join('&'),
    headers.join(''),
    signedHeaders.join(';'),
    payloadHash,
  ].join('\n');
}

/** S3 signs the path as it is sent; every other service encodes that once more. */
function canonicalPath(path: string, service: string): string {
  return service === 's3' ? path || '/' : encode(path || '/').replaceAll('%2F', '/');
}

function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/gu,
    (found) => `%${found.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

const compare = (one: string, other: string) => (one < other ? -1 : one > other ? 1 : 0);

export function signatureOf(canonical: string, timestamp: string, scope: Scope, secret: string): string {
  const text = [algorithm, timestamp, scopeText(scope), sha256(canonical)].join('\n');
  return createHmac('sha256', signingKey(secret, scope)).update(text).digest('hex');
}

/** A key serves a day, a region and a service; who signs much asks for it again and again. */
const keys = new Map<string, Buffer>();
const mostKeys = 2_000;

function signingKey(secret: string, scope: Scope): Buffer {
  const name = `${secret}\n${scopeText(scope)}`;
  const known = keys.get(name);
  if (known) return known;
  const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();
  const key = [scope.day, scope.region, scope.service, 'aws4_request'].reduce<string | Buffer>(
    hmac,
    `AWS4${secret}`,
  ) as Buffer;
  if (keys.size >= mostKeys) keys.clear();
  keys.set(name, key);
  return key;
}
