import { describe, expect, test } from 'vitest';
import { type Access, administrator, openAccess } from '../core/access.ts';
import type { AwsRequest } from '../core/service.ts';
import { sha256 } from './canonical.ts';
import { signedHeaders } from './sign.ts';
import { callerOf } from './signature.ts';

const role = { type: 'role', roleArn: 'arn:aws:iam::000000000000:role/reader', session: 'reader' } as const;
const access: Access = {
  ...openAccess,
  identityOf: (key) =>
    key === 'ASIAREADER'
      ? { caller: role, secretAccessKey: 'hidden', sessionToken: 'token' }
      : key.startsWith('ASIA')
        ? undefined
        : { caller: administrator, secretAccessKey: key },
};
const owner = { accessKeyId: 'test', secretAccessKey: 'test' };
const reader = { accessKeyId: 'ASIAREADER', secretAccessKey: 'hidden', sessionToken: 'token' };

type Request = Omit<AwsRequest, 'caller'>;

/** A request as it arrives, signed with the credentials. */
function request(
  credentials: Parameters<typeof signedHeaders>[1],
  { path = '/', body = '{}', service = 'sqs', headers = {} as Record<string, string>, now = new Date() } = {},
): Request {
  const url = new URL(path, 'http://127.0.0.1:4566');
  const sent = signedHeaders(
    { method: 'POST', url, headers, body },
    credentials,
    { region: 'us-east-1', service },
    now,
  );
  return {
    method: 'POST',
    path: url.pathname,
    query: url.searchParams,
    headers: { ...sent, host: url.host },
    body: Buffer.from(body),
    region: 'us-east-1',
  };
}

const code = (wrong: Request, service = 'sqs') => {
  try {
    callerOf(wrong, service, access);
  } catch (error) {
    return (error as Error).name;
  }
  return undefined;
};

describe('a signature', () => {
  test('of a key whose secret is the key is the administrator’s', () => {
    expect(callerOf(request(owner), 'sqs', access)).toEqual(administrator);
  });

  test('of temporary credentials is that of their role', () => {
    expect(callerOf(request(reader), 'sqs', access)).toEqual(role);
  });

  test('covers method, path, query, headers and body', () => {
    const good = request(owner, {
      path: '/a%20b/c?x=1&y=%2F',
      headers: { 'x-amz-target': 'AmazonSQS.ListQueues' },
    });
    expect(callerOf(good, 'sqs', access)).toEqual(administrator);
    const mismatch = 'InvalidSignatureException';
    expect(code({ ...good, method: 'GET' })).toBe(mismatch);
    expect(code({ ...good, path: '/a%20b/d' })).toBe(mismatch);
    expect(code({ ...good, query: new URLSearchParams('x=2&y=%2F') })).toBe(mismatch);
    expect(code({ ...good, headers: { ...good.headers, 'x-amz-target': 'AmazonSQS.PurgeQueue' } })).toBe(
      mismatch,
    );
    expect(code({ ...good, body: Buffer.from('{"a":1}') })).toBe(mismatch);
  });

  test('is refused with another secret, an unknown key, and a wrong token, each named as the service names it', () => {
    expect(code(request({ accessKeyId: 'test', secretAccessKey: 'other' }))).toBe(
      'InvalidSignatureException',
    );
    expect(code(request({ accessKeyId: 'test', secretAccessKey: 'other' }, { service: 's3' }), 's3')).toBe(
      'SignatureDoesNotMatch',
    );
    const unknown = { accessKeyId: 'ASIANOBODY', secretAccessKey: 'x' };
    expect(code(request(unknown))).toBe('UnrecognizedClientException');
    expect(code(request(unknown, { service: 's3' }), 's3')).toBe('InvalidAccessKeyId');
    expect(code(request({ ...reader, sessionToken: 'other' }))).toBe('UnrecognizedClientException');
  });

  test('is good for five minutes', () => {
    const minutes = (count: number) => new Date(Date.now() + count * 60_000);
    expect(code(request(owner, { now: minutes(-4) }))).toBeUndefined();
    expect(code(request(owner, { now: minutes(-6) }))).toBe('InvalidSignatureException');
    expect(code(request(owner, { now: minutes(6) }))).toBe('InvalidSignatureException');
    expect(code(request(owner, { now: minutes(-20), service: 's3' }), 's3')).toBe('RequestTimeTooSkewed');
  });

  test('that tells the hash of a body must tell that of this body', () => {
    const told = { 'x-amz-content-sha256': sha256('{}') };
    expect(code(request(owner, { headers: told }))).toBeUndefined();
    expect(code({ ...request(owner, { headers: told }), body: Buffer.from('[]') })).toBe(
      'XAmzContentSHA256Mismatch',
    );
  });

  test('without the form of AWS is told so', () => {
    const headers = { authorization: 'AWS4-HMAC-SHA256 Credential=test', host: 'x' };
    expect(code({ ...request(owner), headers })).toBe('IncompleteSignature');
  });

  test('that is not there leaves the caller unknown', () => {
    expect(callerOf({ ...request(owner), headers: {} }, 'sqs', access)).toEqual({ type: 'anonymous' });
  });

  /** The example of AWS's documentation: https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html */
  test('is what AWS computes for its own example', () => {
    const headers = signedHeaders(
      {
        method: 'GET',
        url: new URL('http://examplebucket.s3.amazonaws.com/test.txt'),
        headers: {
          range: 'bytes=0-9',
          'x-amz-content-sha256': 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
        },
        body: '',
      },
      { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' },
      { region: 'us-east-1', service: 's3' },
      new Date('2013-05-24T00:00:00Z'),
    );
    expect(headers['authorization']).toContain(
      'Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
    );
  });
});
