import type { HttpResponse } from '../../core/cloud.ts';

/** The answer to the client, from what a function returned in payload format 2.0; undefined when it is malformed. */
export function responseOf(payload: unknown): HttpResponse | undefined {
  if (!isRecord(payload) || payload['statusCode'] === undefined) return inferred(payload);
  const status = Number(payload['statusCode']);
  if (!Number.isInteger(status) || status < 100 || status > 599) return undefined;
  const headers = headersOf(payload['headers']);
  const cookies = payload['cookies'];
  if (Array.isArray(cookies) && cookies.length > 0) headers['set-cookie'] = cookies.map(String);
  const body = payload['body'];
  if (body !== undefined && body !== null && typeof body !== 'string') return undefined;
  const encoding = payload['isBase64Encoded'] === true ? 'base64' : 'utf8';
  headers['content-type'] ??= 'text/plain;charset=UTF-8';
  return { status, headers, body: Buffer.from(body ?? '', encoding) };
}

/** A plain answer of API Gateway itself. */
export function messageResponse(
  status: number,
  message: string,
  headers: Record<string, string> = {},
): HttpResponse {
  return {
    status,
    headers: { 'content-type': 'application/json', ...headers },
    body: Buffer.from(JSON.stringify({ message })),
  };
}

/** Without a status code everything the function returned is the body, of a successful JSON answer. */
function inferred(payload: unknown): HttpResponse {
  const text = typeof payload === 'string' ? payload : JSON.stringify(payload ?? null);
  return { status: 200, headers: { 'content-type': 'application/json' }, body: Buffer.from(text) };
}

function headersOf(given: unknown): HttpResponse['headers'] {
  const headers: HttpResponse['headers'] = {};
  if (!isRecord(given)) return headers;
  for (const [name, value] of Object.entries(given)) headers[name.toLowerCase()] = String(value);
  return headers;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
