import {
  type ClientRequest,
  type IncomingMessage,
  type RequestOptions,
  request as requestHttp,
} from 'node:http';
import { request as requestHttps } from 'node:https';
import { isIP } from 'node:net';
import type { Outcome } from '../notification-channel/notification-channel.ts';
import { AddressRefused, guardedLookup, isPublic } from './guarded-lookup.ts';
import type { WebhookBody } from './message.ts';
import { signedHeaders } from './signature.ts';

export interface Webhook {
  readonly url: string;
  /** The same for every attempt, so that a receiver can tell a repetition. */
  readonly id: string;
  readonly body: WebhookBody;
  readonly secret: Buffer;
  /** On a developer's machine receivers stand on it; everywhere else only public addresses are called. */
  readonly anyAddress: boolean;
}

const timeout = 5000;
/** Of an answer no more is taken than this; what is in it is not looked at. */
const longestAnswer = 1024;

/** Sends a message once. Whatever goes wrong out there is the outcome, not an error; redirects are not followed. */
export async function sendWebhook(webhook: Webhook): Promise<Outcome> {
  const began = performance.now();
  const took = () => ({ milliseconds: Math.round(performance.now() - began) });
  try {
    const status = await post(webhook, AbortSignal.timeout(timeout));
    if (status >= 200 && status < 300) return { outcome: 'delivered', status, ...took() };
    const redirected = status >= 300 && status < 400 ? ' Redirects are not followed.' : '';
    return { outcome: 'failed', status, reason: `The receiver answered ${status}.${redirected}`, ...took() };
  } catch (error) {
    return { outcome: 'failed', reason: reasonOf(error), ...took() };
  }
}

function post(webhook: Webhook, signal: AbortSignal): Promise<number> {
  const url = new URL(webhook.url);
  const body = JSON.stringify(webhook.body);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  // Node looks up names only; an address that is written out is judged here.
  if (!webhook.anyAddress && isIP(host) && !isPublic(host)) throw new AddressRefused(host);
  const options: RequestOptions = {
    method: 'POST',
    signal,
    // Kept connections would skip the lookup.
    agent: false,
    headers: {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      'user-agent': 'Skafu-Webhooks/1',
      ...signedHeaders(webhook.id, body, webhook.secret),
    },
    ...(webhook.anyAddress ? {} : { lookup: guardedLookup }),
  };
  return new Promise((resolve, reject) => {
    const send = url.protocol === 'https:' ? requestHttps : requestHttp;
    const sent: ClientRequest = send(url, options, (answer) => drain(answer, sent, resolve, reject));
    sent.on('error', reject);
    sent.end(body);
  });
}

/** Takes the answer's beginning, so that a well-behaved receiver ends in peace, and lets go of the rest. */
function drain(
  answer: IncomingMessage,
  sent: ClientRequest,
  resolve: (status: number) => void,
  reject: (error: unknown) => void,
): void {
  // What a server answered has one.
  const status = Number(answer.statusCode);
  let taken = 0;
  answer.on('data', (chunk: Buffer) => {
    taken += chunk.length;
    if (taken <= longestAnswer) return;
    resolve(status);
    sent.destroy();
  });
  answer.on('end', () => resolve(status));
  answer.on('error', reject);
}

function reasonOf(error: unknown): string {
  // Everything on the way here throws errors.
  const { name, message, code } = error as NodeJS.ErrnoException;
  if (name === 'TimeoutError' || name === 'AbortError')
    return `The receiver did not answer within ${timeout / 1000} s.`;
  return `${typeof code === 'string' ? `${code}: ` : ''}${message}`.slice(0, 500);
}
