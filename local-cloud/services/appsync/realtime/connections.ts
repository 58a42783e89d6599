import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { type Authentication, authenticate } from '../authorization/authenticate.ts';
import type { Requester } from '../authorization/requester.ts';
import { callerOfMessage } from '../authorization/signed-header.ts';
import { addressOf, graphqlPath } from '../endpoint.ts';
import { RequestError, unauthorized } from '../errors.ts';
import type { Engine } from '../execution/engine.ts';
import type { GraphqlApi } from '../model.ts';
import { Connection } from './connection.ts';
import { connectionHeaders } from './messages.ts';
import { RealtimeRecorder } from './recorder.ts';
import type { Told } from './told.ts';

/** A message holds at most so many bytes, and the local cloud so many connections. */
const mostBytes = 240 * 1024;
const mostConnections = 2000;
const keepAliveEvery = 60_000;

/** All WebSockets of all APIs. */
export class Connections {
  private readonly engine: Engine;
  private readonly authentication: Authentication;
  private readonly server = new WebSocketServer({
    noServer: true,
    maxPayload: mostBytes,
    perMessageDeflate: false,
    handleProtocols: () => 'graphql-ws',
  });
  private readonly open = new Map<string, Set<Connection>>();
  private readonly timer: NodeJS.Timeout;

  constructor(engine: Engine, authentication: Authentication) {
    this.engine = engine;
    this.authentication = authentication;
    this.timer = setInterval(() => this.keepAlive(), keepAliveEvery);
    this.timer.unref();
  }

  /** Makes a connection of a request for one. */
  accept(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const address = addressOf(request.url ?? '/', request.headers.host ?? '');
    const api = address?.isRealtime ? this.engine.registry.apis.get(address.apiId) : undefined;
    const protocols = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((each) => each.trim());
    if (!api || !protocols.includes('graphql-ws')) {
      const status = api ? '400 Bad Request' : '404 Not Found';
      socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\n\r\n`);
      return;
    }
    const query = new URLSearchParams((request.url ?? '').split('?', 2)[1] ?? '');
    this.server.handleUpgrade(request, socket, head, (webSocket) => {
      const callerOf = (path: string) => (headers: Readonly<Record<string, string>>, body: string) =>
        callerOfMessage(this.engine.cloud.ports.access, path, headers, body);
      const path = address?.path ?? graphqlPath(api.id);
      const asked =
        this.count >= mostConnections
          ? tooMany()
          : this.askedBy(api, query, protocols, callerOf(`${path}/connect`));
      const recorder = new RealtimeRecorder(this.engine.cloud, api);
      const connection: Connection = new Connection(webSocket, asked, {
        engine: this.engine,
        authentication: this.authentication,
        recorder,
        apiNow: () => this.engine.registry.apis.get(api.id),
        callerOf: callerOf(path),
        ended: () => this.of(api.id).delete(connection),
      });
      this.of(api.id).add(connection);
    });
  }

  /** Tells the subscribers of an API what its mutations have answered. */
  async tell(apiId: string, told: readonly Told[]): Promise<void> {
    for (const each of told)
      for (const connection of this.of(apiId)) {
        try {
          await connection.deliver(each);
        } catch (error) {
          this.engine.cloud.logger.error('A subscriber of AppSync could not be told.', { apiId, error });
        }
      }
  }

  /** The connections of an API. */
  of(apiId: string): Set<Connection> {
    const known = this.open.get(apiId) ?? new Set<Connection>();
    this.open.set(apiId, known);
    return known;
  }

  /** Ends every connection of an API that is no longer there. */
  closeAll(apiId: string): void {
    for (const connection of this.of(apiId)) connection.close(1001, 'The API was removed.');
  }

  stop(): void {
    clearInterval(this.timer);
    for (const connections of this.open.values())
      for (const connection of connections) connection.terminate();
    this.server.close();
  }

  private get count(): number {
    return [...this.open.values()].reduce((sum, { size }) => sum + size, 0);
  }

  private async askedBy(
    api: GraphqlApi,
    query: URLSearchParams,
    protocols: readonly string[],
    callerOf: (headers: Readonly<Record<string, string>>, body: string) => ReturnType<typeof callerOfMessage>,
  ): Promise<Requester> {
    let headers: Record<string, string> | undefined;
    try {
      headers = connectionHeaders(query, protocols);
    } catch (error) {
      throw new RequestError(
        400,
        'BadRequestException',
        error instanceof Error ? error.message : String(error),
      );
    }
    if (!headers) throw unauthorized('Required headers are missing.');
    const given = headers;
    const payload = query.get('payload');
    const body = payload ? Buffer.from(payload, 'base64').toString() : '{}';
    return authenticate(this.authentication, api, given, () => callerOf(given, body));
  }

  private keepAlive(): void {
    for (const [apiId, connections] of this.open) {
      for (const connection of connections) connection.keepAlive();
      const api = this.engine.registry.apis.get(apiId);
      if (!api || connections.size === 0) continue;
      const subscriptions = [...connections].reduce((sum, each) => sum + each.subscriptions.length, 0);
      new RealtimeRecorder(this.engine.cloud, api).active(connections.size, subscriptions);
    }
  }
}

async function tooMany(): Promise<never> {
  throw new RequestError(
    429,
    'LimitExceededError',
    `The local cloud has at most ${mostConnections} connections.`,
  );
}
