import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';

const scope = (service: string) => `key/20260101/us-east-1/${service}/aws4_request`;
const signed = (service: string) => ({
  authorization: `AWS4-HMAC-SHA256 Credential=${scope(service)}, SignedHeaders=host, Signature=0`,
});
const json = { 'content-type': 'application/x-amz-json-1.0' };
const listTables = { ...json, 'x-amz-target': 'DynamoDB_20120810.ListTables' };
const listQueues = { ...json, 'x-amz-target': 'AmazonSQS.ListQueues' };

/** What clients never send, or only seldom: broken bodies, no signature, a signature in the address. */
export function wireScenario(endpoint: () => string): void {
  const post = (path: string, headers: Record<string, string>, body: string | Uint8Array<ArrayBuffer>) =>
    fetch(endpoint() + path, { method: 'POST', headers, body });
  const bytes = (buffer: Buffer) => new Uint8Array(buffer);

  describe('the AWS endpoint', () => {
    it.each([
      ['JSON', '/', { ...signed('sqs'), ...listQueues }, '{"QueueNamePrefix":'],
      ['JSON for a table', '/', { ...signed('dynamodb'), ...listTables }, '[1'],
      ['gzip', '/', { ...signed('sqs'), ...listQueues, 'content-encoding': 'gzip' }, '{}'],
    ])('refuses %s that is broken', async (_kind, path, headers, body) => {
      const answer = await post(path, headers, body);
      expect(answer.status).toBe(400);
      expect(await answer.json()).toMatchObject({ __type: 'SerializationException' });
    });

    it('refuses CBOR that is broken, in CBOR', async () => {
      const answer = await post(
        '/service/GraniteServiceVersion20100801/operation/ListMetrics',
        { ...signed('monitoring'), 'smithy-protocol': 'rpc-v2-cbor', 'content-type': 'application/cbor' },
        bytes(Buffer.from([0xbf, 0x61])),
      );
      expect(answer.status).toBe(400);
      expect(answer.headers.get('content-type')).toBe('application/cbor');
      expect(Buffer.from(await answer.arrayBuffer()).toString('latin1')).toContain('SerializationException');
    });

    it('reads compressed bodies, and knows a service by its target where nothing is signed', async () => {
      const answer = await post(
        '/',
        { ...listQueues, 'content-encoding': 'gzip' },
        bytes(gzipSync('{"QueueNamePrefix":"jobs-"}')),
      );
      expect(answer.status).toBe(200);
      expect(await answer.json()).toMatchObject({ QueueUrls: expect.arrayContaining([expect.any(String)]) });
    });

    it('takes a signature in the address', async () => {
      const address = new URLSearchParams({
        Action: 'ListQueues',
        QueueNamePrefix: 'jobs-boto3',
        'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
        'X-Amz-Credential': scope('sqs'),
        'X-Amz-Signature': '0',
      });
      const answer = await fetch(`${endpoint()}/?${address}`);
      expect(await answer.text()).toMatch(/<QueueUrl>[^<]*\/jobs-boto3<\/QueueUrl>/);
    });

    it('names a service and an operation that it does not know', async () => {
      const unknown = await post(
        '/',
        { ...signed('kinesis'), ...json, 'x-amz-target': 'Kinesis.ListStreams' },
        '{}',
      );
      expect(unknown.status).toBe(501);
      expect(await unknown.json()).toMatchObject({
        __type: 'NotImplemented',
        message: expect.stringMatching(/"kinesis".*ListStreams/),
      });
      const query = await post(
        '/',
        { ...signed('monitoring'), 'content-type': 'application/x-www-form-urlencoded' },
        'Action=Guess&Version=2010-08-01',
      );
      expect(query.status).toBe(501);
      expect(await query.text()).toContain('<Code>NotImplemented</Code>');
    });
  });
}
