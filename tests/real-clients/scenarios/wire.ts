import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import {
  algorithm,
  canonicalRequest,
  scopeText,
  sha256,
  signatureOf,
  timestampOf,
} from '../../../local-cloud/gateway/canonical.ts';
import { signedHeaders } from '../../../local-cloud/gateway/sign.ts';

const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
const json = { 'content-type': 'application/x-amz-json-1.0' };
const listTables = { ...json, 'x-amz-target': 'DynamoDB_20120810.ListTables' };
const listQueues = { ...json, 'x-amz-target': 'AmazonSQS.ListQueues' };

/** What clients never send, or only seldom: broken bodies, no signature, a signature in the address. */
export function wireScenario(endpoint: () => string): void {
  const post = (path: string, headers: Record<string, string>, body: string | Uint8Array<ArrayBuffer>) =>
    fetch(endpoint() + path, { method: 'POST', headers, body });
  const signed = (
    service: string,
    path: string,
    headers: Record<string, string>,
    body: string | Uint8Array<ArrayBuffer>,
  ) => {
    const url = new URL(path, endpoint());
    const scope = { region: 'us-east-1', service };
    return post(path, signedHeaders({ method: 'POST', url, headers, body }, credentials, scope), body);
  };
  const bytes = (buffer: Buffer) => new Uint8Array(buffer);

  describe('the AWS endpoint', () => {
    it.each([
      ['JSON', 'sqs', listQueues, '{"QueueNamePrefix":'],
      ['JSON for a table', 'dynamodb', listTables, '[1'],
      ['gzip', 'sqs', { ...listQueues, 'content-encoding': 'gzip' }, '{}'],
    ])('refuses %s that is broken', async (_kind, service, headers, body) => {
      const answer = await signed(service, '/', headers, body);
      expect(answer.status).toBe(400);
      expect(await answer.json()).toMatchObject({ __type: 'SerializationException' });
    });

    it('refuses CBOR that is broken, in CBOR', async () => {
      const answer = await signed(
        'monitoring',
        '/service/GraniteServiceVersion20100801/operation/ListMetrics',
        { 'smithy-protocol': 'rpc-v2-cbor', 'content-type': 'application/cbor' },
        bytes(Buffer.from([0xbf, 0x61])),
      );
      expect(answer.status).toBe(400);
      expect(answer.headers.get('content-type')).toBe('application/cbor');
      expect(Buffer.from(await answer.arrayBuffer()).toString('latin1')).toContain('SerializationException');
    });

    it('knows a service by its target where nothing is signed, and says that the signature is missing', async () => {
      const answer = await post('/', listQueues, '{}');
      expect(answer.status).toBe(403);
      expect(await answer.json()).toMatchObject({ __type: 'MissingAuthenticationTokenException' });
    });

    it('reads compressed bodies', async () => {
      const answer = await signed(
        'sqs',
        '/',
        { ...listQueues, 'content-encoding': 'gzip' },
        bytes(gzipSync('{"QueueNamePrefix":"jobs-"}')),
      );
      expect(answer.status).toBe(200);
      expect(await answer.json()).toMatchObject({ QueueUrls: expect.arrayContaining([expect.any(String)]) });
    });

    it('takes a signature in the address, and no other than the right one', async () => {
      const { host } = new URL(endpoint());
      const timestamp = timestampOf(new Date());
      const scope = { day: timestamp.slice(0, 8), region: 'us-east-1', service: 'sqs' };
      const query = {
        Action: 'ListQueues',
        QueueNamePrefix: 'jobs-boto3',
        'X-Amz-Algorithm': algorithm,
        'X-Amz-Credential': `test/${scopeText(scope)}`,
        'X-Amz-Date': timestamp,
        'X-Amz-Expires': '60',
        'X-Amz-SignedHeaders': 'host',
      };
      const request = { method: 'GET', path: '/', query: new URLSearchParams(query), headers: { host } };
      const canonical = canonicalRequest(request, ['host'], sha256(''), 'sqs');
      const signature = signatureOf(canonical, timestamp, scope, credentials.secretAccessKey);
      const ask = (fields: typeof query) =>
        fetch(`${endpoint()}/?${new URLSearchParams({ ...fields, 'X-Amz-Signature': signature })}`);
      expect(await (await ask(query)).text()).toMatch(/<QueueUrl>[^<]*\/jobs-boto3<\/QueueUrl>/);
      const other = await ask({ ...query, QueueNamePrefix: 'jobs-' });
      expect(other.status).toBe(403);
      expect(await other.text()).toContain('<Code>SignatureDoesNotMatch</Code>');
    });

    it('names a service and an operation that it does not know', async () => {
      const unknown = await signed('kinesis', '/', { ...json, 'x-amz-target': 'Kinesis.ListStreams' }, '{}');
      expect(unknown.status).toBe(501);
      expect(await unknown.json()).toMatchObject({
        __type: 'NotImplemented',
        message: expect.stringMatching(/"kinesis".*ListStreams/),
      });
      const query = await signed(
        'monitoring',
        '/',
        { 'content-type': 'application/x-www-form-urlencoded' },
        'Action=Guess&Version=2010-08-01',
      );
      expect(query.status).toBe(501);
      expect(await query.text()).toContain('<Code>NotImplemented</Code>');
    });
  });
}
