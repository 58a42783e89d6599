import {
  Construct,
  S3Bucket,
  S3BucketEncryption,
  S3BucketObjectLock,
  S3BucketPublicAccessBlock,
  S3BucketVersioning,
} from '../cdktf.ts';
import { allow } from '../policy.ts';
import { SkafuStack } from '../skafu-stack.ts';
import type { EventStore } from './event-store.ts';
import { EveryMinute } from './every-minute.ts';
import { PlatformFunction } from './platform-function.ts';

/** A seal is made each hour. */
const sealSeconds = 3600;
/** A gigabyte: $0.016 a run, $12 a month. A larger store is sealed in turns of as many hours. */
const readUnitsPerRun = 131_072;

/** Seals of the event store, in a bucket where nobody can change or delete them until their time is over. */
export class Seals extends Construct {
  readonly bucketName: string;

  constructor(scope: Construct, id: string, { store }: { store: EventStore }) {
    super(scope, id);
    const bucket = this.addBucket();
    const stack = SkafuStack.of(this);
    const handler = new PlatformFunction(this, 'function', {
      name: 'seal',
      kind: 'seal',
      environment: {
        EVENT_STORE_TABLE: store.tableName,
        SEALS_BUCKET: bucket.bucket,
        SEAL_SECONDS: `${sealSeconds}`,
        SEAL_READ_UNITS: `${readUnitsPerRun}`,
      },
      permissions: [
        allow('dynamodb:Scan', 'dynamodb:GetItem').on(stack.eventStoreArn),
        allow('s3:ListBucket').on(bucket.arn),
        allow('s3:GetObject', 's3:PutObject').on(`${bucket.arn}/*`),
      ],
    });
    // A run that could not be started is missed by the alarm on what runs record, and needs no queue.
    new EveryMinute(this, 'schedule', { name: 'seal', handler });
    this.bucketName = bucket.bucket;
  }

  private addBucket(): S3Bucket {
    const { settings, account, domain } = SkafuStack.of(this);
    const bucket = new S3Bucket(this, 'bucket', {
      bucket: `skafu-${settings.environment}-${domain}-seals-${account}`,
      objectLockEnabled: true,
    });
    new S3BucketVersioning(this, 'bucket-versioning', {
      bucket: bucket.bucket,
      versioningConfiguration: { status: 'Enabled' },
    });
    new S3BucketObjectLock(this, 'bucket-lock', {
      bucket: bucket.bucket,
      rule: { defaultRetention: { mode: 'COMPLIANCE', days: settings.sealRetentionDays } },
    });
    new S3BucketEncryption(this, 'bucket-encryption', {
      bucket: bucket.bucket,
      rule: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: 'AES256' } }],
    });
    new S3BucketPublicAccessBlock(this, 'bucket-access', {
      bucket: bucket.bucket,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    return bucket;
  }
}
