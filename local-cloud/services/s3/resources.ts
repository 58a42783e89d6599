import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Cloud } from '../../core/cloud.ts';
import { AwsError } from '../../core/errors.ts';
import type { Attributes, Resource, ResourceHandler } from '../../core/service.ts';
import type { ObjectStore } from './object-store.ts';

/** Settings of a bucket that are kept and answered, and change nothing on one machine. */
const bucketSettings = [
  'accelerate_configuration',
  'acl',
  'cors_configuration',
  'lifecycle_configuration',
  'logging',
  'ownership_controls',
  'public_access_block',
  'server_side_encryption_configuration',
  'versioning',
];

/** The S3 types of the Terraform. */
export function s3Resources(cloud: Cloud, store: ObjectStore): Record<string, ResourceHandler> {
  const settings = bucketSettings.map((name) => [`aws_s3_bucket_${name}`, settingHandler(store)] as const);
  return {
    ...Object.fromEntries(settings),

    aws_s3_bucket: {
      async apply(resource, previous) {
        const name = bucketName(resource, previous);
        const createdAt = Number(previous?.['created_at'] ?? Date.now());
        await store.openBucket(name, createdAt);
        return {
          ...resource.desired,
          id: name,
          bucket: name,
          arn: `arn:aws:s3:::${name}`,
          bucket_domain_name: `${name}.s3.amazonaws.com`,
          bucket_regional_domain_name: `${name}.s3.${cloud.region}.amazonaws.com`,
          hosted_zone_id: 'Z3AQBSTGFYJSTF',
          region: cloud.region,
          bucket_region: cloud.region,
          created_at: createdAt,
        };
      },
      async remove(_address, previous) {
        await store.removeBucket(String(previous['id']));
      },
    },

    aws_s3_object: {
      async apply(resource, previous) {
        const { desired } = resource;
        const bucket = String(desired['bucket']);
        const key = String(desired['key']);
        const moved = previous && (previous['bucket'] !== bucket || previous['key'] !== key);
        if (moved) await removeObject(store, previous);
        const body = await contentOf(resource);
        const wanted = { key, headers: headersOf(desired), metadata: metadataOf(desired), checksums: {} };
        const etag = createHash('md5').update(body).digest('hex');
        const existing = store.find(bucket, key);
        const same =
          existing?.etag === etag &&
          sameTexts(existing.headers, wanted.headers) &&
          sameTexts(existing.metadata, wanted.metadata);
        if (!same) await store.put(bucket, { ...wanted, body });
        return { ...desired, id: key, etag, version_id: '', arn: `arn:aws:s3:::${bucket}/${key}` };
      },
      async remove(_address, previous) {
        await removeObject(store, previous);
      },
    },
  };
}

function settingHandler(store: ObjectStore): ResourceHandler {
  return {
    async apply({ desired }) {
      const bucket = String(desired['bucket']);
      store.keys(bucket);
      return { ...desired, id: bucket };
    },
  };
}

function bucketName({ desired, address }: Resource, previous: Attributes | undefined): string {
  const given = desired['bucket'];
  if (typeof given === 'string') {
    if (/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(given)) return given;
    throw new AwsError('InvalidBucketName', `The specified bucket is not valid: ${given}`);
  }
  const prefix = String(desired['bucket_prefix'] ?? 'terraform-');
  const suffix = createHash('sha256').update(address).digest('hex').slice(0, 26);
  return typeof previous?.['id'] === 'string' ? previous['id'] : `${prefix}${suffix}`;
}

async function contentOf({ desired, folder, address }: Resource): Promise<Buffer> {
  const { source, content, content_base64 } = desired;
  if (typeof source === 'string') return readFile(resolve(folder, source));
  if (typeof content === 'string') return Buffer.from(content);
  if (typeof content_base64 === 'string') return Buffer.from(content_base64, 'base64');
  throw new AwsError('InvalidRequest', `${address} names neither source nor content.`);
}

async function removeObject(store: ObjectStore, previous: Attributes): Promise<void> {
  const bucket = String(previous['bucket']);
  if (store.hasBucket(bucket)) await store.remove(bucket, String(previous['key']));
}

function headersOf(desired: Attributes): Record<string, string> {
  const headers: Record<string, string> = { 'content-type': 'binary/octet-stream' };
  for (const name of [
    'content_type',
    'cache_control',
    'content_disposition',
    'content_encoding',
    'content_language',
  ]) {
    const value = desired[name];
    if (typeof value === 'string') headers[name.replace('_', '-')] = value;
  }
  return headers;
}

function metadataOf(desired: Attributes): Record<string, string> {
  const metadata = (desired['metadata'] ?? {}) as Record<string, unknown>;
  return Object.fromEntries(Object.entries(metadata).map(([name, value]) => [name, String(value)]));
}

function sameTexts(a: Record<string, string>, b: Record<string, string>): boolean {
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...names].every((name) => a[name] === b[name]);
}
