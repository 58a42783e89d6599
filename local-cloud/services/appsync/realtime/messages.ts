/**
 * Messages of AppSync's real-time protocol.
 * https://docs.aws.amazon.com/appsync/latest/devguide/real-time-websocket-client.html
 */

/** Without a sign of life for so long, a client takes the connection for dead; milliseconds. */
export const connectionTimeout = 300_000;

export interface MessageError {
  readonly errorType: string;
  readonly message: string;
  readonly errorCode?: number;
}

/** What a client sends. */
export type ClientMessage =
  | { readonly type: 'connection_init' }
  | {
      readonly type: 'start';
      readonly id: string;
      readonly data: string;
      readonly headers: Record<string, string>;
    }
  | { readonly type: 'stop'; readonly id: string };

/** Reads a message. Throws what is wrong with it, in words. */
export function readMessage(text: string): ClientMessage {
  const message = asRecord(parsed(text));
  if (!message) throw new Error('A message is a JSON object.');
  const { type, id, payload } = message;
  if (type === 'connection_init') return { type };
  if (type !== 'start' && type !== 'stop')
    throw new Error(`A client sends no message of the type ${JSON.stringify(type)}.`);
  if (typeof id !== 'string' || id === '' || id.length > 128)
    throw new Error(`A message of the type ${type} has an id.`);
  if (type === 'stop') return { type, id };
  const data = asRecord(payload)?.['data'];
  if (typeof data !== 'string') throw new Error('The data of a start message is a JSON text.');
  const authorization = asRecord(asRecord(asRecord(payload)?.['extensions'])?.['authorization']);
  return { type, id, data, headers: headersOf(authorization ?? {}) };
}

/**
 * The headers with which a connection is asked for: in the query as base64, or, as browsers can do without a trace in
 * anybody's log, in a subprotocol as base64url. Undefined where there are none; throws when they cannot be read.
 */
export function connectionHeaders(
  query: URLSearchParams,
  protocols: readonly string[],
): Record<string, string> | undefined {
  const inProtocol = protocols.find((protocol) => protocol.startsWith('header-'))?.slice('header-'.length);
  const encoded = inProtocol ?? query.get('header');
  if (encoded === null || encoded === '') return undefined;
  const headers = asRecord(parsed(Buffer.from(encoded, 'base64').toString()));
  if (!headers) throw new Error('The header of the connection is no JSON object in base64.');
  return headersOf(headers);
}

function headersOf(record: Record<string, unknown>): Record<string, string> {
  const entries = Object.entries(record).filter(([, value]) => typeof value === 'string');
  return Object.fromEntries(entries.map(([name, value]) => [name.toLowerCase(), String(value)]));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const asRecord = (value: unknown) =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;

/** What the service sends. */
export const messages = {
  acknowledged: { type: 'connection_ack', payload: { connectionTimeoutMs: connectionTimeout } },
  keepAlive: { type: 'ka' },
  connectionError: (...errors: MessageError[]) => ({ type: 'connection_error', payload: { errors } }),
  started: (id: string) => ({ type: 'start_ack', id }),
  completed: (id: string) => ({ type: 'complete', id }),
  data: (id: string, payload: object) => ({ type: 'data', id, payload }),
  error: (id: string | undefined, errors: readonly object[]) => ({
    type: 'error',
    ...(id !== undefined && { id }),
    payload: { errors },
  }),
} as const;
