import { gzipSync } from 'node:zlib';
import { Decoder, Encoder } from 'cbor-x';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AwsError } from '../core/errors.ts';
import { freePort } from '../core/free-port.ts';
import type { Service } from '../core/service.ts';
import { createTestCloud } from '../core/testing.ts';
import { type Gateway, listen, PortTakenError } from './gateway.ts';
import { parseQuery } from './query.ts';
import { signedHeaders } from './sign.ts';

const cloud = createTestCloud();
let gateway: Gateway;

const service: Service = {
  signingNames: ['monitoring'],
  resources: {},
  operations: {
    Echo: async (input) => ({ ...input, At: new Date(1_500) }),
    Refuse: async () => {
      throw new AwsError('Refused', 'No & no.', 409, { Why: 'because', queryErrorCode: 'Old.Refused' });
    },
    Break: async () => {
      throw new Error('a secret');
    },
  },
};
const rest: Service = {
  signingNames: ['s3'],
  resources: {},
  handle: async ({ path, query, body }) => ({
    status: 201,
    body: `${path} ${query.get('q')} ${body.length}`,
  }),
};

beforeAll(async () => {
  gateway = await listen(0, cloud.logger);
  gateway.open([service, rest], cloud);
});
afterAll(async () => {
  await gateway.close();
  cloud.remove();
});

/** Marks a request that is to be signed for a service. */
const signed = { service: 'monitoring' };

function ask(
  path: string,
  { service, ...headers }: Record<string, string>,
  body: string | Uint8Array<ArrayBuffer> = '',
): Promise<Response> {
  const url = new URL(gateway.url + path);
  const request = { method: 'POST', url, headers, body };
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const sent = service ? signedHeaders(request, credentials, { region: 'us-east-1', service }) : headers;
  return fetch(url, { method: 'POST', headers: sent, body });
}
const json = (operation: string, body: string) =>
  ask(
    '/',
    { ...signed, 'x-amz-target': `Any.${operation}`, 'content-type': 'application/x-amz-json-1.1' },
    body,
  );
const query = (body: string) =>
  ask('/', { ...signed, 'content-type': 'application/x-www-form-urlencoded' }, body);

describe('the gateway', () => {
  it('speaks JSON', async () => {
    const response = await json('Echo', '{"a":[1]}');
    expect(response.headers.get('content-type')).toBe('application/x-amz-json-1.1');
    expect(await response.json()).toEqual({ a: [1], At: 1.5 });
  });

  it('speaks the query protocol', async () => {
    const text = await (await query('Action=Echo&Version=1&Name=a%26b&L.member.1.X=1&L.member.2.X=2')).text();
    expect(text).toContain('<Name>a&amp;b</Name><L><member><X>1</X></member><member><X>2</X></member></L>');
    expect(text).toContain('<At>1970-01-01T00:00:01.500Z</At></EchoResult>');
  });

  it('finds the operation of the query protocol in a compressed body', async () => {
    const headers = {
      ...signed,
      'content-type': 'application/x-www-form-urlencoded',
      'content-encoding': 'gzip',
    };
    const body = new Uint8Array(gzipSync('Action=Echo&Version=1&Name=big'));
    expect(await (await ask('/', headers, body)).text()).toContain('<Name>big</Name>');
  });

  it('speaks CBOR', async () => {
    const body = new Uint8Array(new Encoder({ useRecords: false }).encode({ a: 1.5 }));
    const response = await ask(
      '/service/Any/operation/Echo',
      { ...signed, 'smithy-protocol': 'rpc-v2-cbor' },
      body,
    );
    expect(response.headers.get('smithy-protocol')).toBe('rpc-v2-cbor');
    expect(new Decoder({ useRecords: false }).decode(new Uint8Array(await response.arrayBuffer()))).toEqual({
      a: 1.5,
      At: new Date(1_500),
    });
  });

  it('undoes compression', async () => {
    const headers = { ...signed, 'x-amz-target': 'Any.Echo', 'content-encoding': 'gzip' };
    expect(await (await ask('/', headers, new Uint8Array(gzipSync('{"a":1}')))).json()).toMatchObject({
      a: 1,
    });
    expect((await ask('/', headers, 'no gzip')).status).toBe(400);
  });

  it('hands REST requests over whole', async () => {
    const response = await ask('/bucket/a%20b?q=1', {}, 'abc');
    expect(response.status).toBe(201);
    expect(await response.text()).toBe('/bucket/a%20b 1 3');
  });

  it('writes errors in the protocol of the request', async () => {
    const refused = await json('Refuse', '{}');
    expect(refused.status).toBe(409);
    expect(refused.headers.get('x-amzn-query-error')).toBe('Old.Refused;Sender');
    expect(await refused.json()).toEqual({ __type: 'Refused', message: 'No & no.', Why: 'because' });
    expect(await (await query('Action=Refuse')).text()).toContain(
      '<Code>Old.Refused</Code><Message>No &amp; no.</Message>',
    );
  });

  it('hides what broke and logs it', async () => {
    const response = await json('Break', '{}');
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain('secret');
    expect(cloud.recorded.log.at(-1)?.fields?.['error']).toMatchObject({ message: 'a secret' });
  });

  it.each<[string, () => Promise<Response>, number]>([
    ['malformed JSON', () => json('Echo', '{'), 400],
    ['a list for an object', () => json('Echo', '[]'), 400],
    ['malformed CBOR', () => ask('/service/A/operation/Echo', signed, '\u00ff\u00ff'), 400],
    ['a contradictory form', () => query('Action=Echo&a.b=1&a=2'), 400],
    ['a deep form', () => query(`Action=Echo&${'a.'.repeat(50)}a=1`), 400],
    ['an unknown operation', () => json('Nothing', '{}'), 501],
    ['an operation of every object', () => json('constructor', '{}'), 501],
    ['an unknown service', () => ask('/', { service: 'ec2' }), 501],
    ['a body of more than 20 MB', () => ask('/', signed, new Uint8Array(20 * 1024 * 1024 + 1)), 413],
  ])('answers %s', async (_what, send, status) => {
    const response = await send();
    await response.arrayBuffer();
    expect(response.status).toBe(status);
  });

  it.each([
    ['a page of another site', { origin: 'https://example.com' }],
    ['a page without an origin', { origin: 'null' }],
    ['a picture in a page of another site', { 'sec-fetch-site': 'cross-site' }],
    ['a site that is called almost like this machine', { origin: 'http://127.0.0.1.example.com' }],
  ])('refuses %s', async (_who, headers) => {
    expect((await ask('/', { ...signed, 'x-amz-target': 'Any.Echo', ...headers }, '{}')).status).toBe(403);
  });

  it('lets pages of this machine ask', async () => {
    const response = await fetch(gateway.url, {
      method: 'OPTIONS',
      headers: {
        origin: 'http://127.0.0.1:3000',
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'x-amz-target',
      },
    });
    expect(response.headers.get('access-control-allow-origin')).toBe('http://127.0.0.1:3000');
    expect(response.headers.get('access-control-allow-headers')).toBe('x-amz-target');
  });

  it('says when its port is taken', async () => {
    await expect(listen(Number(new URL(gateway.url).port), cloud.logger)).rejects.toBeInstanceOf(
      PortTakenError,
    );
  });

  it('answers at another port as well, and holds neither when that one is taken', async () => {
    const taken = Number(new URL(gateway.url).port);
    await expect(listen(0, cloud.logger, taken)).rejects.toMatchObject({ port: taken });
    const another = await freePort();
    const both = await listen(0, cloud.logger, another);
    try {
      both.open([], cloud);
      const answers = await Promise.all(
        [both.url, `http://127.0.0.1:${another}`].map((url) =>
          fetch(url, { method: 'POST', headers: { 'x-amz-target': 'AWSStepFunctions.ListStateMachines' } }),
        ),
      );
      expect(answers.map(({ status }) => status)).toEqual([501, 501]);
    } finally {
      await both.close();
    }
    await expect(fetch(`http://127.0.0.1:${another}`)).rejects.toThrow();
  });

  it('reads numbered lists in order, however large the numbers', () => {
    expect(parseQuery(new URLSearchParams('A.10=b&A.2=a&B.999999999=x&C.__proto__=y'))).toEqual({
      A: ['a', 'b'],
      B: ['x'],
      C: Object.fromEntries([['__proto__', 'y']]),
    });
  });
});
