import { timingSafeEqual } from 'node:crypto';
import type { Access, Caller } from '../core/access.ts';
import { AwsError } from '../core/errors.ts';
import type { AwsRequest } from '../core/service.ts';
import {
  algorithm,
  canonicalRequest,
  type Scope,
  sha256,
  signatureOf,
  timestampOf,
  unsignedPayload,
} from './canonical.ts';

/** A signature as a request bears it, in its header or, presigned, in its query. */
interface Signature {
  readonly accessKeyId: string;
  readonly scope: Scope;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  /** `20261127T101500Z` */
  readonly timestamp: string;
  readonly token: string | undefined;
  /** Seconds from its timestamp on that a presigned request is good for. */
  readonly expires: number | undefined;
}

/** How far the clock of who signs may be off, in milliseconds; a presigned request says itself how long it is good. */
const clockSkew = 5 * 60_000;
const clockSkewOfS3 = 15 * 60_000;

/**
 * Whose signature a request bears: nobody's when it is not signed. Throws AWS's error, named as the service names it,
 * when the key is not known, the signature does not fit, or its time is over.
 */
export function callerOf(request: Omit<AwsRequest, 'caller'>, service: string, access: Access): Caller {
  const signature = readSignature(request);
  if (!signature) return { type: 'anonymous' };
  const identity = access.identityOf(signature.accessKeyId);
  if (!identity) throw unknownKey(service);
  if (identity.sessionToken !== undefined && identity.sessionToken !== signature.token)
    throw unknownToken(service);
  requireTime(signature, service);
  const payload = payloadHash(request, signature, service);
  const canonical = canonicalRequest(request, signature.signedHeaders, payload, service);
  const { timestamp, scope } = signature;
  const expected = Buffer.from(signatureOf(canonical, timestamp, scope, identity.secretAccessKey));
  const given = Buffer.from(signature.signature);
  if (expected.length !== given.length || !timingSafeEqual(expected, given)) throw doesNotMatch(service);
  return identity.caller;
}

const authorization =
  /^AWS4-HMAC-SHA256\s+Credential=([^,\s]+),?\s*SignedHeaders=([^,\s]+),?\s*Signature=([0-9a-f]+)$/u;

function readSignature({ headers, query }: Pick<AwsRequest, 'headers' | 'query'>): Signature | undefined {
  const header = headers['authorization'];
  if (header?.startsWith(algorithm)) {
    const [, credential = '', names = '', signature = ''] = authorization.exec(header) ?? [];
    return {
      ...readCredential(credential),
      signedHeaders: names.split(';'),
      signature,
      timestamp: headers['x-amz-date'] ?? timestampOfDate(headers['date']),
      token: headers['x-amz-security-token'],
      expires: undefined,
    };
  }
  if (query.get('X-Amz-Algorithm') !== algorithm) return undefined;
  return {
    ...readCredential(query.get('X-Amz-Credential') ?? ''),
    signedHeaders: (query.get('X-Amz-SignedHeaders') ?? '').split(';'),
    signature: query.get('X-Amz-Signature') ?? '',
    timestamp: query.get('X-Amz-Date') ?? '',
    token: query.get('X-Amz-Security-Token') ?? undefined,
    expires: Number(query.get('X-Amz-Expires')),
  };
}

function readCredential(credential: string): { accessKeyId: string; scope: Scope } {
  const [accessKeyId = '', day = '', region = '', service = '', end] = credential.split('/');
  if (end !== 'aws4_request') {
    throw new AwsError(
      'IncompleteSignature',
      'The credential of the signature has not the form of AWS.',
      403,
    );
  }
  return { accessKeyId, scope: { day, region, service } };
}

function timestampOfDate(date: string | undefined): string {
  const time = new Date(date ?? '');
  return Number.isNaN(time.getTime()) ? '' : timestampOf(time);
}

function requireTime({ timestamp, expires, scope }: Signature, service: string): void {
  const time = Date.parse(
    timestamp.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/u, '$1-$2-$3T$4:$5:$6Z'),
  );
  if (Number.isNaN(time) || timestamp.slice(0, 8) !== scope.day) throw doesNotMatch(service);
  const age = Date.now() - time;
  if (expires !== undefined) {
    if (age <= expires * 1000 && age > -clockSkewOfS3) return;
    throw new AwsError('AccessDenied', 'Request has expired', 403);
  }
  if (Math.abs(age) <= (service === 's3' ? clockSkewOfS3 : clockSkew)) return;
  throw service === 's3'
    ? new AwsError(
        'RequestTimeTooSkewed',
        'The difference between the request time and the current time is too large.',
        403,
      )
    : mismatch(`Signature expired: ${timestamp} is now too far from ${timestampOf(new Date())}`);
}

/** The hash that was signed; one that tells the body's must be the body's. */
function payloadHash(request: Omit<AwsRequest, 'caller'>, { expires }: Signature, service: string): string {
  const told = request.headers['x-amz-content-sha256'];
  if (told === undefined)
    return expires === undefined || service !== 's3' ? sha256(request.body) : unsignedPayload;
  if (/^[0-9a-f]{64}$/u.test(told) && told !== sha256(request.body)) {
    const message = "The provided 'x-amz-content-sha256' header does not match what was computed.";
    throw new AwsError('XAmzContentSHA256Mismatch', message, 400);
  }
  return told;
}

function doesNotMatch(service: string): AwsError {
  const message =
    'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details. ' +
    'The owner of this local cloud signs with a secret that is the access key itself, such as AWS_ACCESS_KEY_ID=test and AWS_SECRET_ACCESS_KEY=test.';
  return service === 's3' ? new AwsError('SignatureDoesNotMatch', message, 403) : mismatch(message);
}

const mismatch = (message: string) =>
  new AwsError('InvalidSignatureException', message, 403, { queryErrorCode: 'SignatureDoesNotMatch' });

function unknownKey(service: string): AwsError {
  if (service === 's3') {
    const message = 'The AWS Access Key Id you provided does not exist in our records.';
    return new AwsError('InvalidAccessKeyId', message, 403);
  }
  return invalidToken();
}

function unknownToken(service: string): AwsError {
  if (service !== 's3') return invalidToken();
  return new AwsError('InvalidToken', 'The provided token is malformed or otherwise invalid.', 400);
}

const invalidToken = () =>
  new AwsError('UnrecognizedClientException', 'The security token included in the request is invalid.', 403, {
    queryErrorCode: 'InvalidClientTokenId',
  });
