import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Cloud } from '../core/cloud.ts';
import { AwsError, notSupported } from '../core/errors.ts';
import { EventStream } from '../core/event-stream.ts';
import type { Logger } from '../core/logger.ts';
import type { AwsRequest, AwsResponse, Service } from '../core/service.ts';
import type { Page } from '../page/page.ts';
import { admit } from './admit.ts';
import { encodeJson } from './json.ts';
import { type Call, callOf, MAXIMUM_BODY_BYTES, tooLarge } from './protocols.ts';
import { isOfHttpApi, scopeOf } from './route.ts';
import { callerOf } from './signature.ts';
import { restErrorXml } from './xml.ts';

export interface Gateway {
  /** `http://127.0.0.1:<port>` */
  url: string;
  /** Begins to answer; requests that came before wait for it. */
  open(services: Service[], cloud: Guarded, page?: Page): void;
  /** Ends open connections too. */
  close(): Promise<void>;
}

/** What stands between a request and its service. */
export type Guarded = Pick<Cloud, 'faults'> & { readonly ports: Pick<Cloud['ports'], 'access'> };

/** What answers requests, once it stands. */
interface Opened {
  services: Map<string, Service>;
  cloud: Guarded;
  page: Page | undefined;
}

/** The port of the AWS endpoint is held by another process. */
export class PortTakenError extends Error {
  readonly port: number;

  constructor(port: number) {
    super(`The port ${port} is taken.`);
    this.port = port;
  }
}

/**
 * Listens on loopback; port 0 takes a free one. `also` is another port with the same on it, for clients that look for a
 * service at a port of its own. Throws `PortTakenError`.
 */
export async function listen(port: number, logger: Logger, also?: number): Promise<Gateway> {
  let open: (opened: Opened) => void = () => {};
  const opened = new Promise<Opened>((resolve) => {
    open = resolve;
  });
  const upgraded = new Set<Duplex>();
  const create = () => serverOf(opened, upgraded, logger);
  const servers = [create(), ...(also === undefined ? [] : [create()])];
  const [server] = servers as [Server, ...Server[]];
  try {
    await bind(server, port);
    for (const another of servers.slice(1)) await bind(another, also ?? 0);
  } catch (error) {
    for (const each of servers) each.close();
    throw error;
  }
  const bound = (server.address() as AddressInfo).port;
  return {
    url: `http://127.0.0.1:${bound}`,
    open: (all, cloud, page) => {
      const services = all.flatMap((service) => service.signingNames.map((name) => [name, service] as const));
      open({ services: new Map(services), cloud, page });
    },
    async close() {
      const all = servers.map(closed);
      for (const socket of upgraded) socket.destroy();
      await Promise.all(all);
    },
  };
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

function serverOf(opened: Promise<Opened>, upgraded: Set<Duplex>, logger: Logger): Server {
  const server = createServer((incoming, outgoing) => {
    serve(incoming, outgoing, opened, logger).catch((error: unknown) => {
      logger.error('A request of the AWS endpoint failed.', { error });
      outgoing.destroy();
    });
  });
  server.on('upgrade', (incoming: IncomingMessage, socket: Duplex, head: Buffer) => {
    upgraded.add(socket);
    socket.once('close', () => upgraded.delete(socket));
    socket.on('error', () => socket.destroy());
    upgrade(incoming, socket, head, opened).catch((error: unknown) => {
      logger.error('A WebSocket of the AWS endpoint failed.', { error });
      socket.destroy();
    });
  });
  // Clients keep connections for minutes; closing them earlier makes requests fail at random.
  server.keepAliveTimeout = 120_000;
  return server;
}

function bind(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(error.code === 'EADDRINUSE' ? new PortTakenError(port) : error);
    });
    server.listen(port, '127.0.0.1', () => resolve());
  });
}

async function serve(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  opened: Promise<Opened>,
  logger: Logger,
): Promise<void> {
  const shown = await (await opened).page?.(
    incoming.method ?? 'GET',
    incoming.url ?? '/',
    incoming.headers,
    () => readBody(incoming),
  );
  if (shown) {
    outgoing.writeHead(shown.status, shown.headers).end(shown.body);
    return;
  }
  const requestId = randomUUID();
  if (isOfAnotherSite(incoming)) {
    const advice = 'Pages of other sites may not ask the local cloud.';
    outgoing.writeHead(403, { 'content-type': 'text/plain', connection: 'close' }).end(advice);
    return;
  }
  const isOfApi = isOfHttpApi(incoming.headers);
  const cors = isOfApi ? {} : corsHeaders(incoming);
  const isPreflight =
    !isOfApi &&
    incoming.method === 'OPTIONS' &&
    incoming.headers['access-control-request-method'] !== undefined;
  const response = isPreflight
    ? { status: 200, headers: {} }
    : await answer(incoming, requestId, opened, logger);
  if (outgoing.destroyed) return;
  if (response.stream) {
    const headers = { 'x-amzn-requestid': requestId, date: new Date().toUTCString(), ...cors };
    outgoing.writeHead(response.status, { ...headers, ...response.headers });
    await writeAll(response.stream, outgoing);
    return;
  }
  const body = response.body ?? '';
  outgoing.writeHead(response.status, {
    'x-amzn-requestid': requestId,
    // By this clients learn how far their clock is off; it must be the clock by which signatures are checked.
    date: new Date().toUTCString(),
    ...cors,
    'content-length': Buffer.byteLength(body),
    ...response.headers,
    // What was not read of a refused body must not be taken for the next request.
    ...(incoming.complete ? {} : { connection: 'close' }),
  });
  outgoing.end(incoming.method === 'HEAD' ? undefined : body);
}

/** Hands a connection to the service that speaks WebSocket there; pages of other sites are refused as ever. */
async function upgrade(
  incoming: IncomingMessage,
  socket: Duplex,
  head: Buffer,
  opened: Promise<Opened>,
): Promise<void> {
  const refuse = (status: string): void => {
    socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\n\r\n`);
  };
  if (isOfAnotherSite(incoming)) return refuse('403 Forbidden');
  if (incoming.headers.upgrade?.toLowerCase() !== 'websocket') return refuse('501 Not Implemented');
  const { path, query } = addressOf(incoming);
  const { signingName } = scopeOf(flatHeaders(incoming), query, path);
  const service = (await opened).services.get(signingName);
  if (!service?.upgrade) return refuse('400 Bad Request');
  service.upgrade(incoming, socket, head);
}

/** Writes what comes as fast as the client takes it; a client that leaves ends it, and is no error. */
async function writeAll(stream: AsyncIterable<Uint8Array>, outgoing: ServerResponse): Promise<void> {
  try {
    await pipeline(Readable.from(stream, { objectMode: false, highWaterMark: 64 * 1024 }), outgoing);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
  }
}

async function answer(
  incoming: IncomingMessage,
  requestId: string,
  opened: Promise<Opened>,
  logger: Logger,
): Promise<AwsResponse> {
  let call: Call | undefined;
  let signingName = '';
  let failure: Failure;
  try {
    const { request: unsigned, name } = await readRequest(incoming);
    signingName = name;
    call = await callOf(unsigned);
    const { services, cloud } = await opened;
    const service = services.get(name);
    failure = (error) => service?.failure?.(error, unsigned);
    const request = { ...unsigned, caller: callerOf(unsigned, name, cloud.ports.access) };
    if (!service)
      throw notSupported(`the service "${name}":`, call?.operation ?? `${request.method} ${request.path}`);
    return await dispatch(service, cloud, call, request, requestId, name);
  } catch (error) {
    const known =
      error instanceof AwsError ? error : new AwsError('InternalFailure', 'An internal error occurred.', 500);
    if (known !== error)
      logger.error('A request failed.', { requestId, signingName, operation: call?.operation, error });
    if (call) return call.fail(known, requestId);
    return failure?.(known) ?? restFailure(known, requestId, signingName);
  }
}

/** How the service that was asked writes its errors, once it is known. */
type Failure = ((error: AwsError) => AwsResponse | undefined) | undefined;

async function dispatch(
  service: Service,
  cloud: Guarded,
  call: Call | undefined,
  request: AwsRequest,
  requestId: string,
  name: string,
): Promise<AwsResponse> {
  const { operations } = service;
  if (call && operations && (!service.handle || Object.hasOwn(operations, call.operation))) {
    const operation = Object.hasOwn(operations, call.operation) ? operations[call.operation] : undefined;
    if (!operation) throw notSupported(name, call.operation || 'without an operation');
    const spelling = call.isQuery ? service.querySpelling : undefined;
    const written = await call.input();
    const input = spelling ? spelling.input(written, request) : written;
    await admit(cloud, service, name, call.operation, input, request);
    const output = await operation(input, request);
    if (output instanceof EventStream) {
      if (!call.stream) throw notSupported(name, `${call.operation} in this protocol`);
      return call.stream(output, requestId);
    }
    return call.answer(spelling && output ? spelling.output(call.operation, output) : output, requestId);
  }
  if (service.handle) {
    await admit(cloud, service, name, call?.operation ?? '', (await call?.input()) ?? {}, request);
    return service.handle(request);
  }
  throw notSupported(name, `${request.method} ${request.path}`);
}

/** REST services but S3 answer errors as JSON, with the code in a header as well. */
function restFailure(error: AwsError, requestId: string, signingName: string): AwsResponse {
  if (signingName === 's3' || signingName === '') {
    const headers = { 'content-type': 'application/xml', 'x-amz-request-id': requestId };
    return { status: error.status, headers, body: restErrorXml(error, requestId) };
  }
  return {
    status: error.status,
    headers: {
      'content-type': 'application/json',
      'x-amzn-errortype': error.code,
      'x-amzn-requestid': requestId,
    },
    body: encodeJson({
      __type: error.code,
      message: error.message,
      Message: error.message,
      ...error.details,
    }),
  };
}

async function readRequest(
  incoming: IncomingMessage,
): Promise<{ request: Omit<AwsRequest, 'caller'>; name: string }> {
  const { path, query } = addressOf(incoming);
  const headers = flatHeaders(incoming);
  const { signingName, region } = scopeOf(headers, query, path);
  const body = await readBody(incoming);
  return {
    request: { method: incoming.method ?? 'GET', path, query, headers, body, region },
    name: signingName,
  };
}

function addressOf({ url = '/' }: IncomingMessage): { path: string; query: URLSearchParams } {
  const mark = url.indexOf('?');
  const path = mark < 0 ? url : url.slice(0, mark);
  return { path, query: new URLSearchParams(mark < 0 ? '' : url.slice(mark)) };
}

function flatHeaders(incoming: IncomingMessage): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return headers;
}

async function readBody(incoming: IncomingMessage): Promise<Buffer> {
  if (Number(incoming.headers['content-length'] ?? 0) > MAXIMUM_BODY_BYTES) throw tooLarge();
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming.iterator({ destroyOnReturn: false })) {
    size += (chunk as Buffer).length;
    if (size > MAXIMUM_BODY_BYTES) throw tooLarge();
    chunks.push(chunk as Buffer);
  }
  return chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks);
}

const loopback = /^https?:\/\/(127\.0\.0\.1|localhost|\[::1\]|[\w.-]+\.localhost)(:\d+)?$/u;

/**
 * Whoever knows the usual test credentials may do everything, so a page from the internet that runs in a browser of this
 * machine must not get here.
 */
function isOfAnotherSite({ headers }: IncomingMessage): boolean {
  const { origin } = headers;
  if (origin !== undefined && origin !== 'null') return !loopback.test(origin);
  return origin === 'null' || headers['sec-fetch-site'] === 'cross-site';
}

/** A page of this machine may ask from another port: the console signs in so. */
function corsHeaders(incoming: IncomingMessage): Record<string, string> {
  const { origin } = incoming.headers;
  if (origin === undefined) return {};
  return {
    'access-control-allow-origin': origin,
    vary: 'origin',
    'access-control-allow-methods': 'GET, HEAD, PUT, POST, DELETE, PATCH',
    'access-control-allow-headers': incoming.headers['access-control-request-headers'] ?? '*',
    'access-control-expose-headers': '*',
    'access-control-max-age': '86400',
  };
}
