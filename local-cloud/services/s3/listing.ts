import { AwsError } from '../../core/errors.ts';
import type { AwsRequest, AwsResponse } from '../../core/service.ts';
import type { ObjectStore } from './object-store.ts';
import { s3Document, type XmlValue } from './xml.ts';

const largestPage = 1000;

/** ListBuckets. */
export function listBuckets(store: ObjectStore): AwsResponse {
  const Bucket = store.listBuckets().map(({ name, createdAt }) => ({
    Name: name,
    CreationDate: new Date(createdAt).toISOString(),
  }));
  return xml(s3Document('ListAllMyBucketsResult', { Buckets: { Bucket } }));
}

/** ListObjectsV2: prefix, delimiter, start-after, continuation. */
export function listObjects(store: ObjectStore, bucket: string, { query }: AwsRequest): AwsResponse {
  const prefix = query.get('prefix') ?? '';
  const delimiter = query.get('delimiter') ?? '';
  const token = query.get('continuation-token');
  const after = token ? Buffer.from(token, 'base64').toString('utf8') : (query.get('start-after') ?? '');
  const maximum = Number(query.get('max-keys') ?? largestPage);
  if (!Number.isInteger(maximum) || maximum < 0) {
    throw new AwsError('InvalidArgument', 'Provided max-keys not an integer or within integer range');
  }
  const encode = query.get('encoding-type') === 'url' ? urlEncoded : (text: string) => text;
  const entries = entriesOf(store.keys(bucket), { prefix, delimiter, after });
  const shown = entries.slice(0, Math.min(maximum, largestPage));
  const last = shown.at(-1);
  const truncated = shown.length < entries.length && last !== undefined;
  const content: { [name: string]: XmlValue } = {
    Name: bucket,
    Prefix: encode(prefix),
    Delimiter: delimiter ? encode(delimiter) : undefined,
    StartAfter: query.has('start-after') ? encode(query.get('start-after') ?? '') : undefined,
    ContinuationToken: token ?? undefined,
    NextContinuationToken: truncated ? Buffer.from(last.name).toString('base64') : undefined,
    KeyCount: shown.length,
    MaxKeys: maximum,
    EncodingType: query.get('encoding-type') ?? undefined,
    IsTruncated: truncated,
    Contents: shown.filter((entry) => !entry.common).map(({ name }) => describe(store, bucket, name, encode)),
    CommonPrefixes: shown.filter((entry) => entry.common).map(({ name }) => ({ Prefix: encode(name) })),
  };
  return xml(s3Document('ListBucketResult', content));
}

interface Entry {
  name: string;
  /** A common prefix rather than an object. */
  common: boolean;
}

function entriesOf(keys: string[], wanted: { prefix: string; delimiter: string; after: string }): Entry[] {
  const { prefix, delimiter, after } = wanted;
  const entries: Entry[] = [];
  for (const key of keys) {
    if (!key.startsWith(prefix)) continue;
    const end = delimiter ? key.indexOf(delimiter, prefix.length) : -1;
    const common = end >= 0;
    const name = common ? key.slice(0, end + delimiter.length) : key;
    const isNew = entries.at(-1)?.name !== name;
    if (isNew && Buffer.compare(Buffer.from(name), Buffer.from(after)) > 0) entries.push({ name, common });
  }
  return entries;
}

function describe(store: ObjectStore, bucket: string, key: string, encode: (text: string) => string) {
  const object = store.find(bucket, key);
  return {
    Key: encode(key),
    LastModified: new Date(object?.lastModified ?? 0).toISOString(),
    ETag: `"${object?.etag ?? ''}"`,
    Size: object?.size ?? 0,
    StorageClass: 'STANDARD',
  };
}

function urlEncoded(text: string): string {
  return encodeURIComponent(text).replaceAll('%2F', '/');
}

export function xml(body: string, status = 200): AwsResponse {
  return { status, headers: { 'content-type': 'application/xml' }, body };
}
