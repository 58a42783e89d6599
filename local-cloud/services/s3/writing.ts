import { XMLParser } from 'fast-xml-parser';
import { AwsError } from '../../core/errors.ts';
import type { AwsRequest, AwsResponse } from '../../core/service.ts';
import { verifyChecksums } from './checksums.ts';
import { decodeChunks } from './chunked.ts';
import { noSuchKey, preconditionFailed } from './errors.ts';
import { xml } from './listing.ts';
import type { ObjectStore, StoredObject } from './object-store.ts';
import { matchesEtag } from './reading.ts';
import { s3Document } from './xml.ts';

const keptHeaders = ['content-type', 'cache-control', 'content-disposition', 'content-language', 'expires'];

/** PutObject. What it answers is on disk. */
export async function putObject(
  store: ObjectStore,
  bucket: string,
  key: string,
  request: AwsRequest,
): Promise<AwsResponse> {
  const { headers } = request;
  if (Buffer.byteLength(key) > 1024) throw new AwsError('KeyTooLongError', 'Your key is too long');
  const { body, trailers } = bodyOf(request);
  const checksums = verifyChecksums(body, { ...headers, ...trailers });
  checkConditions(headers, store.find(bucket, key));
  const object = await store.put(bucket, {
    key,
    body,
    headers: { 'content-type': 'binary/octet-stream', ...headersOf(headers) },
    metadata: metadataOf(headers),
    checksums,
  });
  return { status: 200, headers: { etag: `"${object.etag}"`, ...checksums } };
}

/** CopyObject, with the source's metadata unless the directive is REPLACE. */
export async function copyObject(
  store: ObjectStore,
  bucket: string,
  key: string,
  { headers }: AwsRequest,
): Promise<AwsResponse> {
  const source = decodeURIComponent(headers['x-amz-copy-source'] ?? '').replace(/^\//, '');
  const slash = source.indexOf('/');
  const [sourceBucket, sourceKey] = [source.slice(0, slash), source.slice(slash + 1)];
  const found = slash > 0 ? await store.read(sourceBucket, sourceKey) : undefined;
  if (!found) throw noSuchKey(sourceKey);
  const { object: original, body } = found;
  const replaces = headers['x-amz-metadata-directive'] === 'REPLACE';
  const copy = await store.put(bucket, {
    key,
    body,
    headers: replaces ? { 'content-type': 'binary/octet-stream', ...headersOf(headers) } : original.headers,
    metadata: replaces ? metadataOf(headers) : original.metadata,
    checksums: original.checksums,
  });
  const LastModified = new Date(copy.lastModified).toISOString();
  return xml(s3Document('CopyObjectResult', { LastModified, ETag: `"${copy.etag}"` }));
}

/** DeleteObjects: up to a thousand keys at once. */
export async function deleteObjects(
  store: ObjectStore,
  bucket: string,
  request: AwsRequest,
): Promise<AwsResponse> {
  const { body, trailers } = bodyOf(request);
  verifyChecksums(body, { ...request.headers, ...trailers });
  const { keys, quiet } = parseDelete(body.toString('utf8'));
  store.keys(bucket);
  for (const key of keys) await store.remove(bucket, key);
  const Deleted = quiet ? [] : keys.map((Key) => ({ Key }));
  return xml(s3Document('DeleteResult', { Deleted }));
}

function parseDelete(text: string): { keys: string[]; quiet: boolean } {
  const malformed = () => new AwsError('MalformedXML', 'The XML you provided was not well-formed');
  const parser = new XMLParser({
    parseTagValue: false,
    isArray: (name) => name === 'Object',
    trimValues: false,
  });
  let parsed: { Delete?: { Object?: { Key?: unknown }[]; Quiet?: string } };
  try {
    parsed = parser.parse(text, true);
  } catch {
    throw malformed();
  }
  const keys = parsed.Delete?.Object?.map(({ Key }) => Key);
  if (!keys || keys.length > 1000 || !keys.every((key) => typeof key === 'string')) throw malformed();
  return { keys, quiet: parsed.Delete?.Quiet === 'true' };
}

function bodyOf({ headers, body }: AwsRequest): { body: Buffer; trailers: Record<string, string> } {
  const streaming = headers['x-amz-content-sha256']?.startsWith('STREAMING-') ?? false;
  const chunked =
    headers['content-encoding']?.split(',').some((coding) => coding.trim() === 'aws-chunked') ?? false;
  if (!streaming && !chunked) return { body, trailers: {} };
  const decoded = decodeChunks(body);
  const expected = headers['x-amz-decoded-content-length'];
  if (expected !== undefined && Number(expected) !== decoded.body.length) {
    throw new AwsError(
      'IncompleteBody',
      'You did not provide the number of bytes specified by the Content-Length HTTP header',
    );
  }
  return decoded;
}

function checkConditions(headers: Record<string, string>, existing: StoredObject | undefined): void {
  const { 'if-none-match': noneMatch, 'if-match': match } = headers;
  if (noneMatch === '*' && existing) throw preconditionFailed('If-None-Match');
  if (match !== undefined && (!existing || !matchesEtag(match, existing.etag))) {
    throw preconditionFailed('If-Match');
  }
}

function headersOf(headers: Record<string, string>): Record<string, string> {
  const kept = keptHeaders.flatMap((name) =>
    headers[name] === undefined ? [] : [[name, headers[name]] as const],
  );
  const encoding = headers['content-encoding']
    ?.split(',')
    .map((coding) => coding.trim())
    .filter((coding) => coding !== 'aws-chunked')
    .join(',');
  return { ...Object.fromEntries(kept), ...(encoding && { 'content-encoding': encoding }) };
}

function metadataOf(headers: Record<string, string>): Record<string, string> {
  const prefix = 'x-amz-meta-';
  return Object.fromEntries(
    Object.entries(headers)
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, value]) => [name.slice(prefix.length), value]),
  );
}
