import type { WebSocket } from 'ws';
import type { Caller } from '../../../core/access.ts';
import { type Authentication, authenticate } from '../authorization/authenticate.ts';
import { expiryOf, type Requester } from '../authorization/requester.ts';
import { RequestError } from '../errors.ts';
import type { Engine } from '../execution/engine.ts';
import type { GraphqlApi } from '../model.ts';
import { type ClientMessage, type MessageError, messages, readMessage } from './messages.ts';
import type { RealtimeRecorder } from './recorder.ts';
import { begin, type Subscription, tell } from './subscription.ts';
import type { Told } from './told.ts';

/** What a connection needs of the service around it. */
export interface Surroundings {
  readonly engine: Engine;
  readonly authentication: Authentication;
  readonly recorder: RealtimeRecorder;
  /** The API as it stands now, or undefined once it is gone. */
  apiNow(): GraphqlApi | undefined;
  /** Whose signature the headers of a message bear. */
  callerOf(headers: Readonly<Record<string, string>>, body: string): Caller;
  /** Called once, when the connection has ended. */
  ended(): void;
}

const mostSubscriptions = 100;
/** Who reads so slowly that this much waits for them is cut off, in bytes: others must not pay for it. */
const mostWaiting = 4 * 1024 * 1024;
/** A client says who it is within so many milliseconds, and no connection is older than a day. */
const patience = 15_000;
const longest = 24 * 60 * 60_000;

/** One WebSocket of one client, with what it has subscribed to. */
export class Connection {
  readonly since = Date.now();
  /** Undefined until the connection is acknowledged. */
  requester: Requester | undefined;
  private readonly socket: WebSocket;
  private readonly around: Surroundings;
  private readonly asked: Promise<Requester>;
  private readonly running = new Map<string, Subscription | 'starting'>();
  private readonly timers = new Map<string, NodeJS.Timeout>();
  private isAlive = true;
  private minutesCounted = 0;

  /** `asked` is who asks for the connection, once that is known. */
  constructor(socket: WebSocket, asked: Promise<Requester>, around: Surroundings) {
    this.socket = socket;
    this.asked = asked;
    this.around = around;
    asked.catch(() => undefined);
    socket.on('message', (data, isBinary) => {
      if (isBinary)
        return this.fail(undefined, { errorType: 'BadRequestException', message: 'A message is a text.' });
      this.receive(String(data)).catch((error: unknown) => {
        around.engine.cloud.logger.error('A message on a WebSocket of AppSync failed.', { error });
        this.fail(undefined, { errorType: 'InternalFailure', message: 'An internal error occurred.' });
      });
    });
    socket.on('pong', () => {
      this.isAlive = true;
    });
    // What is wrong with a socket ends it; there is nobody to tell.
    socket.on('error', () => socket.terminate());
    socket.on('close', (code) => this.finish(code));
    this.after('init', patience, () => socket.close(1008, 'Nothing was asked for.'));
    this.after('day', longest, () => socket.close(1001, 'The connection is a day old.'));
  }

  get subscriptions(): Subscription[] {
    return [...this.running.values()].filter((each) => each !== 'starting');
  }

  /** Every minute: a sign of life to the client, and none from it for a minute is the end. */
  keepAlive(): void {
    if (!this.isAlive) {
      this.socket.terminate();
      return;
    }
    this.isAlive = false;
    this.socket.ping();
    if (!this.requester) return;
    this.send(messages.keepAlive);
    this.countMinutes();
  }

  /** Tells every subscription of this connection that asks for it. */
  async deliver(told: Told): Promise<void> {
    for (const [id, subscription] of this.running) {
      if (subscription === 'starting') continue;
      const answer = await tell(subscription, told);
      if (!answer || this.running.get(id) !== subscription) continue;
      const bytes = this.send(messages.data(id, answer));
      this.around.recorder.published(bytes, answer.errors === undefined);
    }
  }

  close(code: number, reason: string): void {
    this.socket.close(code, reason);
  }

  terminate(): void {
    this.socket.terminate();
  }

  private async receive(text: string): Promise<void> {
    let message: ClientMessage;
    try {
      message = readMessage(text);
    } catch (error) {
      const advice = error instanceof Error ? error.message : String(error);
      return this.fail(undefined, { errorType: 'UnsupportedOperation', message: advice });
    }
    if (message.type === 'connection_init') return this.acknowledge();
    if (!this.requester) {
      return this.fail(message.id, {
        errorType: 'BadRequestException',
        message: 'The connection is not acknowledged.',
      });
    }
    return message.type === 'start' ? this.start(message) : this.stop(message.id);
  }

  private async acknowledge(): Promise<void> {
    const { recorder } = this.around;
    try {
      const requester = await this.asked;
      if (this.requester) return;
      this.requester = requester;
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
      recorder.connected(error.status);
      const { errorType, message, status } = error;
      this.send(messages.connectionError({ errorType, message, errorCode: status }));
      return this.socket.close(1008, message.slice(0, 120));
    }
    this.clear('init');
    recorder.connected(200);
    this.countMinutes();
    this.send(messages.acknowledged);
    this.send(messages.keepAlive);
    this.atExpiry('token', this.requester, () => this.socket.close(1008, 'Token has expired.'));
  }

  private async start({ id, data, headers }: Extract<ClientMessage, { type: 'start' }>): Promise<void> {
    const { engine, authentication, recorder, callerOf } = this.around;
    const api = this.around.apiNow();
    if (!api) return this.refuse(id, [{ errorType: 'NotFoundException', message: 'The API was removed.' }]);
    if (this.running.has(id))
      return this.refuse(id, [{ errorType: 'BadRequestException', message: `The id ${id} is in use.` }]);
    if (this.running.size >= mostSubscriptions) {
      const message = `A connection has at most ${mostSubscriptions} subscriptions.`;
      return this.refuse(id, [{ errorType: 'MaxSubscriptionsReachedError', message }]);
    }
    this.running.set(id, 'starting');
    try {
      const requester = await authenticate(authentication, api, headers, () => callerOf(headers, data));
      const begun = await begin(engine, api, requester, headers, data);
      // Somebody may have changed their mind meanwhile.
      if (this.running.get(id) !== 'starting') return;
      if ('errors' in begun) {
        this.running.delete(id);
        return this.refuse(id, begun.errors ?? []);
      }
      this.running.set(id, begun.subscription);
      this.atExpiry(`subscription ${id}`, requester, () => {
        this.running.delete(id);
        this.fail(id, { errorType: 'UnauthorizedException', message: 'Token has expired.' });
      });
      recorder.subscribed(true);
      this.send(messages.started(id));
    } catch (error) {
      this.running.delete(id);
      if (!(error instanceof RequestError)) throw error;
      this.refuse(id, [{ errorType: error.errorType, message: error.message, errorCode: error.status }]);
    }
  }

  private stop(id: string): void {
    if (this.running.delete(id)) this.around.recorder.unsubscribed();
    this.clear(`subscription ${id}`);
    this.send(messages.completed(id));
  }

  private refuse(id: string, errors: readonly object[]): void {
    this.around.recorder.subscribed(false);
    this.send(messages.error(id, errors));
  }

  private fail(id: string | undefined, error: MessageError): void {
    this.send(messages.error(id, [error]));
  }

  /** Answers how many bytes were sent. */
  private send(message: object): number {
    if (this.socket.readyState !== this.socket.OPEN) return 0;
    if (this.socket.bufferedAmount > mostWaiting) {
      this.around.engine.cloud.logger.warn('A client of AppSync reads too slowly and was cut off.', {
        api: this.around.apiNow()?.name,
        waitingBytes: this.socket.bufferedAmount,
      });
      this.socket.terminate();
      return 0;
    }
    const text = JSON.stringify(message);
    this.socket.send(text);
    return Buffer.byteLength(text);
  }

  /** A minute counts as soon as it has begun. */
  private countMinutes(): void {
    const begun = Math.floor((Date.now() - this.since) / 60_000) + 1;
    this.around.recorder.minutes(begun - this.minutesCounted);
    this.minutesCounted = begun;
  }

  private atExpiry(name: string, requester: Requester, act: () => void): void {
    const expiry = expiryOf(requester);
    if (Number.isFinite(expiry)) this.after(name, Math.min(longest, expiry - Date.now()), act);
  }

  private after(name: string, milliseconds: number, act: () => void): void {
    this.clear(name);
    const timer = setTimeout(act, Math.max(0, milliseconds));
    timer.unref();
    this.timers.set(name, timer);
  }

  private clear(name: string): void {
    clearTimeout(this.timers.get(name));
    this.timers.delete(name);
  }

  private finish(code: number): void {
    for (const name of [...this.timers.keys()]) this.clear(name);
    this.running.clear();
    if (this.requester) {
      this.countMinutes();
      this.around.recorder.disconnected(code, Date.now() - this.since);
    }
    this.around.ended();
  }
}
