import type { EventRequest, EventResponse, EventValue } from './viewer-function.ts';

/** A request on its way through a distribution. Header names are lower case. */
export interface ViewerRequest {
  method: string;
  /** Undecoded, without the query. */
  uri: string;
  query: string;
  headers: Record<string, string>;
  body: Buffer;
  ip: string;
}

export interface ViewerResponse {
  status: number;
  headers: Record<string, string | string[]>;
  body: Buffer;
}

/** The request as a CloudFront function sees it. */
export function toEventRequest({ method, uri, query, headers }: ViewerRequest): EventRequest {
  const { cookie, ...others } = headers;
  return {
    method,
    uri,
    querystring: grouped(query.split('&').filter((pair) => pair !== '')),
    headers: Object.fromEntries(Object.entries(others).map(([name, value]) => [name, { value }])),
    cookies: grouped((cookie ?? '').split(/;\s*/).filter((pair) => pair !== '')),
  };
}

/** The request with what the function changed. */
export function fromEventRequest(request: ViewerRequest, changed: EventRequest): ViewerRequest {
  const cookie = pairs(changed.cookies).join('; ');
  const headers = Object.entries(changed.headers ?? {}).map(([name, { value }]) => [
    name.toLowerCase(),
    value,
  ]);
  return {
    ...request,
    method: changed.method,
    uri: changed.uri,
    query: pairs(changed.querystring).join('&'),
    headers: { ...Object.fromEntries(headers), ...(cookie && { cookie }) },
  };
}

/** What a function answers instead of the origin, or in place of the origin's answer. */
export function fromEventResponse(answered: EventResponse, body: Buffer = Buffer.alloc(0)): ViewerResponse {
  const headers: ViewerResponse['headers'] = {};
  for (const [name, { value, multiValue }] of Object.entries(answered.headers ?? {})) {
    headers[name.toLowerCase()] = multiValue ? multiValue.map((entry) => entry.value) : value;
  }
  const cookies = Object.entries(answered.cookies ?? {}).map(([name, { value }]) => `${name}=${value}`);
  if (cookies.length > 0) headers['set-cookie'] = cookies;
  return { status: answered.statusCode, headers, body: bodyOf(answered) ?? body };
}

export function toEventResponse({ status, headers }: ViewerResponse): EventResponse {
  const entries = Object.entries(headers).map(([name, value]): [string, EventValue] => {
    const [first = '', ...more] = [value].flat();
    if (more.length === 0) return [name, { value: first }];
    return [name, { value: first, multiValue: [first, ...more].map((entry) => ({ value: entry })) }];
  });
  return { statusCode: status, statusDescription: '', headers: Object.fromEntries(entries), cookies: {} };
}

export function isEventResponse(result: EventRequest | EventResponse): result is EventResponse {
  return 'statusCode' in result;
}

function bodyOf({ body }: EventResponse): Buffer | undefined {
  if (body === undefined) return undefined;
  if (typeof body === 'string') return Buffer.from(body);
  return Buffer.from(body.data, body.encoding === 'base64' ? 'base64' : 'utf8');
}

function grouped(entries: string[]): Record<string, EventValue> {
  const values: Record<string, EventValue> = {};
  for (const entry of entries) {
    const equals = entry.indexOf('=');
    const name = equals < 0 ? entry : entry.slice(0, equals);
    const value = equals < 0 ? '' : entry.slice(equals + 1);
    const known = Object.hasOwn(values, name) ? values[name] : undefined;
    if (known) known.multiValue = [...(known.multiValue ?? [{ value: known.value }]), { value }];
    else values[name] = { value };
  }
  return values;
}

function pairs(values: Record<string, EventValue> | undefined): string[] {
  return Object.entries(values ?? {}).flatMap(([name, { value, multiValue }]) =>
    (multiValue ?? [{ value }]).map((entry) => (entry.value === '' ? name : `${name}=${entry.value}`)),
  );
}
