import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Logger } from '../../core/logger.ts';
import { page } from './edge.ts';
import type { ViewerRequest, ViewerResponse } from './viewer-event.ts';

// One byte more than an HTTP API takes: its own answer to a body too large is the one to give.
const bodyLimit = 10 * 1024 * 1024 + 1;

/** Answers one request; may throw, which the viewer sees as 502. */
export type Serve = (request: ViewerRequest) => Promise<ViewerResponse>;

/** The HTTP server in front of a distribution, on the loopback interface only. */
export class FrontDoor {
  private readonly server: Server;
  private readonly serve: Serve;
  private readonly logger: Logger;

  constructor(serve: Serve, logger: Logger) {
    this.serve = serve;
    this.logger = logger;
    this.server = createServer({ maxHeaderSize: 40 * 1024 }, (request, response) => {
      void this.respond(request, response);
    });
    this.server.on('upgrade', (_request, socket: Socket) => refuse(socket, '403 Forbidden'));
    this.server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
      refuse(
        socket,
        error.code === 'HPE_HEADER_OVERFLOW' ? '494 Request Header Too Large' : '400 Bad Request',
      );
    });
  }

  /** Answers the port; throws one clear sentence when it is taken. */
  listen(port: number): Promise<number> {
    return new Promise((resolve, reject) => {
      this.server.once('error', (error: NodeJS.ErrnoException) => {
        const taken = error.code === 'EADDRINUSE';
        reject(
          taken
            ? new Error(
                `Port ${port} is taken: stop the program that listens there, or choose another with --port.`,
              )
            : error,
        );
      });
      this.server.listen(port, '127.0.0.1', () => resolve((this.server.address() as AddressInfo).port));
    });
  }

  close(): Promise<void> {
    if (!this.server.listening) return Promise.resolve();
    return new Promise((resolve, reject) => {
      this.server.close((error) => (error ? reject(error) : resolve()));
      this.server.closeAllConnections();
    });
  }

  private async respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const answer = await this.answerTo(request);
      if (!request.complete) response.setHeader('connection', 'close');
      write(request, response, answer);
    } catch (error) {
      if (response.destroyed || request.destroyed) return;
      this.logger.error('the front door could not answer', { url: request.url, error: String(error) });
      if (response.headersSent) response.destroy();
      else write(request, response, page(502, 'The origin could not be asked.', 'Error from cloudfront'));
    }
  }

  private async answerTo(request: IncomingMessage): Promise<ViewerResponse> {
    const url = (request.url ?? '/').replace(/^https?:\/\/[^/]+/i, '');
    if (!url.startsWith('/')) return page(400, 'Bad request.', 'Error from cloudfront');
    const question = url.indexOf('?');
    return this.serve({
      method: request.method ?? 'GET',
      uri: question < 0 ? url : url.slice(0, question),
      query: question < 0 ? '' : url.slice(question + 1),
      headers: joined(request),
      body: await bodyOf(request),
      ip: request.socket.remoteAddress?.replace(/^::ffff:/, '') ?? '127.0.0.1',
    });
  }
}

/** Reads the body, or as much of it as shows that it is too large. */
async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of request.iterator({ destroyOnReturn: false })) {
    parts.push(part as Buffer);
    length += (part as Buffer).length;
    if (length >= bodyLimit) break;
  }
  return Buffer.concat(parts);
}

function joined({ headers }: IncomingMessage): Record<string, string> {
  const flat: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) flat[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return flat;
}

function write(
  request: IncomingMessage,
  response: ServerResponse,
  { status, headers, body }: ViewerResponse,
): void {
  const bodyless = status === 204 || status === 304 || status < 200;
  for (const [name, value] of Object.entries(headers)) {
    if (name !== 'transfer-encoding' && name !== 'connection' && name !== 'content-length') {
      response.setHeader(name, value);
    }
  }
  if (!bodyless) response.setHeader('content-length', body.length);
  response.statusCode = status;
  response.end(bodyless || request.method === 'HEAD' ? undefined : body);
}

function refuse(socket: Socket, status: string): void {
  if (socket.writable) socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
  else socket.destroy();
}
