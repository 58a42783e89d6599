import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate } from 'node:zlib';
import { Decoder, Encoder } from 'cbor-x';
import { AwsError } from '../core/errors.ts';
import type { EventStream } from '../core/event-stream.ts';
import type { AwsRequest, AwsResponse } from '../core/service.ts';
import { eventStreamBody } from './event-stream.ts';
import { encodeJson } from './json.ts';
import { parseQuery } from './query.ts';
import { errorXml, responseXml } from './xml.ts';

/** One operation asked for in one wire protocol, and how its answer is written. */
export interface Call {
  operation: string;
  isQuery?: boolean;
  /** Throws `AwsError` when the body is malformed. */
  input(): Promise<Record<string, unknown>>;
  answer(output: object | undefined, requestId: string): AwsResponse;
  /** An answer that goes on, where the protocol can write one. */
  stream?(events: EventStream, requestId: string): AwsResponse;
  fail(error: AwsError, requestId: string): AwsResponse;
}

/** Same as the limit of a request, so that a small compressed body cannot fill the memory. */
export const MAXIMUM_BODY_BYTES = 20 * 1024 * 1024;

// Numbers stay numbers and integers beyond 2^53 become approximate, as they do in JSON.
const encoder = new Encoder({
  useRecords: false,
  mapsAsObjects: true,
  tagUint8Array: false,
  variableMapSize: true,
});
const decoder = new Decoder({ useRecords: false, mapsAsObjects: true, int64AsNumber: true } as object);

/** The RPC call that a request makes, or undefined when it is a REST request. Throws `AwsError`. */
export async function callOf(request: Omit<AwsRequest, 'caller'>): Promise<Call | undefined> {
  const target = request.headers['x-amz-target'];
  if (target !== undefined) return jsonCall(request, target);
  const cbor = /^\/service\/[^/]+\/operation\/([A-Za-z0-9]+)$/.exec(request.path);
  if (cbor?.[1]) return cborCall(request, cbor[1]);
  const form = (request.headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded');
  return form || (request.path === '/' && request.query.has('Action')) ? queryCall(request) : undefined;
}

function jsonCall(request: Omit<AwsRequest, 'caller'>, target: string): Call {
  const sent = request.headers['content-type'] ?? '';
  const type = sent.startsWith('application/x-amz-json-1.1')
    ? 'application/x-amz-json-1.1'
    : 'application/x-amz-json-1.0';
  const respond = (status: number, body: unknown, requestId: string, headers = {}): AwsResponse => ({
    status,
    headers: { 'content-type': type, 'x-amzn-requestid': requestId, ...headers },
    body: encodeJson(body),
  });
  return {
    operation: target.slice(target.lastIndexOf('.') + 1),
    input: async () => parseJson(await bodyOf(request)),
    answer: (output, requestId) => respond(200, output ?? {}, requestId),
    stream: (events, requestId) => ({
      status: 200,
      headers: { 'content-type': 'application/vnd.amazon.eventstream', 'x-amzn-requestid': requestId },
      stream: eventStreamBody(events, type),
    }),
    fail(error, requestId) {
      const { queryErrorCode, ...details } = error.details;
      const body = { __type: error.code, message: error.message, ...details };
      return respond(error.status, body, requestId, queryHeader(error, queryErrorCode));
    },
  };
}

function cborCall(request: Omit<AwsRequest, 'caller'>, operation: string): Call {
  const respond = (status: number, body: object, requestId: string, headers = {}): AwsResponse => ({
    status,
    headers: {
      'content-type': 'application/cbor',
      'smithy-protocol': 'rpc-v2-cbor',
      'x-amzn-requestid': requestId,
      ...headers,
    },
    body: encoder.encode(withoutUndefined(body)),
  });
  return {
    operation,
    async input() {
      const body = await bodyOf(request);
      if (body.length === 0) return {};
      return asInput(attempt(() => decoder.decode(body) as unknown));
    },
    answer: (output, requestId) => respond(200, output ?? {}, requestId),
    fail(error, requestId) {
      const { queryErrorCode, ...details } = error.details;
      const body = { __type: error.code, message: error.message, ...details };
      return respond(error.status, body, requestId, queryHeader(error, queryErrorCode));
    },
  };
}

/** The operation stands in the body, which clients compress when it is large. */
async function queryCall(request: Omit<AwsRequest, 'caller'>): Promise<Call> {
  const headers = { 'content-type': 'text/xml' };
  const fields = new URLSearchParams(request.query);
  const body = (await bodyOf(request)).toString();
  for (const [name, value] of new URLSearchParams(body)) fields.append(name, value);
  const operation = fields.get('Action') ?? '';
  return {
    operation,
    isQuery: true,
    input: async () => parseQuery(fields),
    answer: (output, requestId) => ({
      status: 200,
      headers,
      body: responseXml(operation, output ?? {}, requestId),
    }),
    fail: (error, requestId) => ({ status: error.status, headers, body: errorXml(error, requestId) }),
  };
}

/** Services that once spoke the query protocol tell its code beside the new one, and SDKs show that code. */
function queryHeader(error: AwsError, code: unknown): Record<string, string> {
  if (typeof code !== 'string') return {};
  return { 'x-amzn-query-error': `${code};${error.status < 500 ? 'Sender' : 'Receiver'}` };
}

/** The body with its content encoding undone. */
export async function bodyOf(request: Omit<AwsRequest, 'caller'>): Promise<Buffer> {
  const encoding = request.headers['content-encoding'];
  if (encoding === undefined || encoding === 'identity' || request.body.length === 0) return request.body;
  const decoders = { gzip: promisify(gunzip), deflate: promisify(inflate), br: promisify(brotliDecompress) };
  const decode = Object.hasOwn(decoders, encoding) ? decoders[encoding as keyof typeof decoders] : undefined;
  if (!decode)
    throw new AwsError('SerializationException', `The content encoding ${encoding} is not supported.`);
  try {
    return await decode(request.body, { maxOutputLength: MAXIMUM_BODY_BYTES });
  } catch (error) {
    if (error instanceof RangeError) throw tooLarge();
    throw new AwsError('SerializationException', `The body is no valid ${encoding}.`);
  }
}

export function tooLarge(): AwsError {
  return new AwsError('RequestEntityTooLarge', `A request holds at most ${MAXIMUM_BODY_BYTES} bytes.`, 413);
}

function parseJson(body: Buffer): Record<string, unknown> {
  return body.length === 0 ? {} : asInput(attempt(() => JSON.parse(body.toString()) as unknown));
}

function attempt(parse: () => unknown): unknown {
  try {
    return parse();
  } catch {
    throw new AwsError('SerializationException', 'The body cannot be parsed.');
  }
}

function asInput(value: unknown): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>;
  throw new AwsError('SerializationException', 'The body must be an object.');
}

function withoutUndefined(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutUndefined);
  if (typeof value !== 'object' || value === null || value instanceof Date || value instanceof Uint8Array)
    return value;
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
  return Object.fromEntries(entries.map(([key, inner]) => [key, withoutUndefined(inner)]));
}
