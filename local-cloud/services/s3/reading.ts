import { AwsError } from '../../core/errors.ts';
import type { AwsRequest, AwsResponse } from '../../core/service.ts';
import { noSuchKey, preconditionFailed } from './errors.ts';
import type { ObjectStore, StoredObject } from './object-store.ts';

/** GetObject and HeadObject: conditions, one byte range, checksums when asked for. */
export async function readObject(
  store: ObjectStore,
  bucket: string,
  key: string,
  request: AwsRequest,
): Promise<AwsResponse> {
  const found = await store.read(bucket, key);
  if (!found) throw noSuchKey(key);
  const { object, body } = found;
  const { headers } = request;
  const ifMatch = headers['if-match'];
  if (ifMatch !== undefined && !matchesEtag(ifMatch, object.etag)) throw preconditionFailed('If-Match');
  if (isUnchanged(headers, object)) return { status: 304, headers: validators(object) };

  const range = requestedRange(headers['range'], object.size);
  const length = range ? range.last - range.first + 1 : object.size;
  const answer = {
    status: range ? 206 : 200,
    headers: {
      ...object.headers,
      ...prefixed('x-amz-meta-', object.metadata),
      ...validators(object),
      ...overrides(request.query),
      'accept-ranges': 'bytes',
      'content-length': String(length),
      ...(range && { 'content-range': `bytes ${range.first}-${range.last}/${object.size}` }),
      ...(!range && headers['x-amz-checksum-mode'] === 'ENABLED' && object.checksums),
    },
  };
  if (request.method === 'HEAD') return answer;
  return { ...answer, body: range ? body.subarray(range.first, range.last + 1) : body };
}

/** True when an `If-Match` or `If-None-Match` list names the ETag. */
export function matchesEtag(list: string, etag: string): boolean {
  return list.split(',').some((entry) => {
    const candidate = entry.trim().replace(/^W\//, '').replaceAll('"', '');
    return candidate === '*' || candidate === etag;
  });
}

function isUnchanged(headers: Record<string, string>, object: StoredObject): boolean {
  const noneMatch = headers['if-none-match'];
  if (noneMatch !== undefined) return matchesEtag(noneMatch, object.etag);
  const since = Date.parse(headers['if-modified-since'] ?? '');
  return Number.isFinite(since) && object.lastModified <= since;
}

function validators(object: StoredObject): Record<string, string> {
  return { etag: `"${object.etag}"`, 'last-modified': new Date(object.lastModified).toUTCString() };
}

/** The first and last byte asked for; undefined for the whole object or what is not one byte range. */
function requestedRange(
  range: string | undefined,
  size: number,
): { first: number; last: number } | undefined {
  const [, from = '', to = ''] = /^bytes=(\d*)-(\d*)$/.exec(range ?? '') ?? [];
  if (from === '' && to === '') return undefined;
  const first = from === '' ? Math.max(size - Number(to), 0) : Number(from);
  const last = from === '' || to === '' ? size - 1 : Math.min(Number(to), size - 1);
  if (first >= size) {
    throw new AwsError('InvalidRange', 'The requested range is not satisfiable', 416, {
      ActualObjectSize: size,
      RangeRequested: range,
    });
  }
  return first <= last ? { first, last } : undefined;
}

function prefixed(prefix: string, entries: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(entries).map(([name, value]) => [`${prefix}${name}`, value]));
}

function overrides(query: URLSearchParams): Record<string, string> {
  const names = [
    'content-type',
    'cache-control',
    'content-disposition',
    'content-encoding',
    'content-language',
  ];
  const found: Record<string, string> = {};
  for (const name of names) {
    const value = query.get(`response-${name}`);
    if (value !== null) found[name] = value;
  }
  return found;
}
