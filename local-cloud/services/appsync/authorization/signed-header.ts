import type { Access, Caller } from '../../../core/access.ts';
import { AwsError } from '../../../core/errors.ts';
import { callerOf } from '../../../gateway/signature.ts';
import { RequestError } from '../errors.ts';

/**
 * Whose signature the headers of a WebSocket bear: they are those of a POST to the endpoint, followed by `/connect` where
 * it is the connection that is asked for, with the message as its body.
 * https://docs.aws.amazon.com/appsync/latest/devguide/real-time-websocket-client.html
 */
export function callerOfMessage(
  access: Access,
  path: string,
  headers: Readonly<Record<string, string>>,
  body: string,
): Caller {
  try {
    const request = { method: 'POST', path, query: new URLSearchParams(), headers, region: '' };
    return callerOf({ ...request, body: Buffer.from(body) }, 'appsync', access);
  } catch (error) {
    throw error instanceof AwsError ? new RequestError(error.status, error.code, error.message) : error;
  }
}
