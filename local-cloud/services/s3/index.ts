import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Cloud } from '../../core/cloud.ts';
import { AwsError } from '../../core/errors.ts';
import type { AwsRequest, AwsResponse, CreateService } from '../../core/service.ts';
import { linkTree } from '../../world/files.ts';
import { noSuchBucket, unsupported } from './errors.ts';
import { listBuckets, listObjects, xml } from './listing.ts';
import { ObjectStore } from './object-store.ts';
import { readObject } from './reading.ts';
import { s3Resources } from './resources.ts';
import { recordRequest, storedObjects } from './usage.ts';
import { wantedOfS3 } from './wanted.ts';
import { copyObject, deleteObjects, putObject } from './writing.ts';
import { errorDocument, locationDocument, type XmlValue } from './xml.ts';

/** Amazon S3 on the file system. Sets the port `objects`; `handle` speaks its REST protocol, errors included. */
export const createS3: CreateService = async (cloud) => {
  const store = new ObjectStore(join(cloud.dataDirectory, 's3'));

  cloud.ports.objects = {
    async get(bucket, key) {
      recordRequest(cloud, bucket, key, 'GET');
      const found = store.hasBucket(bucket) ? await store.read(bucket, key) : undefined;
      if (!found) return undefined;
      const { object, body } = found;
      const cacheControl = object.headers['cache-control'];
      return {
        body,
        contentType: object.headers['content-type'] ?? 'binary/octet-stream',
        etag: `"${object.etag}"`,
        ...(cacheControl !== undefined && { cacheControl }),
      };
    },
  };

  return {
    signingNames: ['s3'],
    resources: s3Resources(cloud, store),
    holdings: async () => storedObjects(store),
    async hold() {
      const release = await store.hold();
      return { copyTo: (folder) => linkTree(join(cloud.dataDirectory, 's3'), join(folder, 's3')), release };
    },
    wanted: (_operation, _input, request) => {
      const { bucket, key } = target(request);
      return wantedOfS3(request, bucket, key);
    },
    async handle(request) {
      const requestId = randomBytes(8).toString('hex').toUpperCase();
      const answer = await respond(cloud, store, request, requestId);
      return { ...answer, headers: { 'x-amz-request-id': requestId, ...answer.headers } };
    },
  };
};

async function respond(
  cloud: Cloud,
  store: ObjectStore,
  request: AwsRequest,
  requestId: string,
): Promise<AwsResponse> {
  try {
    return await route(cloud, store, request);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    if (request.method === 'HEAD') return { status: error.status };
    const content = { Code: error.code, Message: error.message, ...error.details, RequestId: requestId };
    return xml(errorDocument(content as { [name: string]: XmlValue }), error.status);
  }
}

// Sub-resources that ask for something else than the object or the list itself.
const unsupportedParts = [
  'acl',
  'attributes',
  'cors',
  'delete-marker',
  'encryption',
  'inventory',
  'legal-hold',
  'lifecycle',
  'logging',
  'metrics',
  'notification',
  'object-lock',
  'partNumber',
  'policy',
  'publicAccessBlock',
  'replication',
  'restore',
  'retention',
  'select',
  'tagging',
  'torrent',
  'uploadId',
  'uploads',
  'versionId',
  'versioning',
  'versions',
  'website',
];

async function route(cloud: Cloud, store: ObjectStore, request: AwsRequest): Promise<AwsResponse> {
  const { method, query, headers } = request;
  const { bucket, key } = target(request);
  recordRequest(cloud, bucket, key, method);
  const part = unsupportedParts.find((name) => query.has(name));
  if (part) throw unsupported(`${method} ?${part}`);
  if (bucket === '') {
    if (method === 'GET') return listBuckets(store);
    throw unsupported(`${method} /`);
  }
  if (!store.hasBucket(bucket)) {
    if (key === '' && method === 'PUT')
      throw unsupported('CreateBucket: declare the bucket in the Terraform');
    throw noSuchBucket(bucket);
  }
  if (key === '') return bucketRequest(store, cloud.region, bucket, request);
  if (method === 'GET' || method === 'HEAD') return readObject(store, bucket, key, request);
  if (method === 'PUT' && headers['x-amz-copy-source']) return copyObject(store, bucket, key, request);
  if (method === 'PUT') return putObject(store, bucket, key, request);
  if (method === 'DELETE') {
    await store.remove(bucket, key);
    return { status: 204 };
  }
  throw unsupported(`${method} on an object`);
}

async function bucketRequest(
  store: ObjectStore,
  region: string,
  bucket: string,
  request: AwsRequest,
): Promise<AwsResponse> {
  const { method, query } = request;
  if (method === 'HEAD') return { status: 200, headers: { 'x-amz-bucket-region': region } };
  if (method === 'POST' && query.has('delete')) return deleteObjects(store, bucket, request);
  if (method === 'GET' && query.has('location')) {
    return xml(locationDocument(region));
  }
  if (method === 'GET' && query.get('list-type') === '2') return listObjects(store, bucket, request);
  if (method === 'GET') throw unsupported('ListObjects (version 1): use ListObjectsV2');
  throw unsupported(`${method} on a bucket`);
}

/** Bucket and key from the host (`<bucket>.s3.…`, `<bucket>.localhost`) or else from the path. */
function target({ headers, path }: AwsRequest): { bucket: string; key: string } {
  const [host = ''] = (headers['host'] ?? '').split(':');
  const [, hosted] = /^(.+?)\.(?:s3[.-].*amazonaws\.com|s3\.localhost|localhost)$/.exec(host) ?? [];
  const isBucket = hosted !== undefined && hosted !== 's3';
  const rest = path.replace(/^\//, '');
  const slash = rest.indexOf('/');
  const bucket = isBucket ? hosted : slash < 0 ? rest : rest.slice(0, slash);
  const key = isBucket ? rest : slash < 0 ? '' : rest.slice(slash + 1);
  try {
    return { bucket: decodeURIComponent(bucket), key: decodeURIComponent(key) };
  } catch {
    throw new AwsError('InvalidURI', "Couldn't parse the specified URI.");
  }
}
