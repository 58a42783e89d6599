import {
  type Construct,
  S3Bucket,
  S3BucketEncryption,
  S3BucketPolicy,
  S3BucketPublicAccessBlock,
  S3BucketVersioning,
} from './cdktf.ts';
import { FrontDoor } from './constructs/front-door.ts';
import type { HttpApi } from './constructs/http-api.ts';
import { allow, policyDocument } from './policy.ts';
import type { Settings } from './settings.ts';
import { SkafuStack } from './skafu-stack.ts';

/** The console's files in a private bucket, and the front door that serves them beside the API. */
export class ConsoleStack extends SkafuStack {
  constructor(scope: Construct, { api, settings }: { api: HttpApi; settings: Settings }) {
    super(scope, 'console', settings);
    const bucket = this.addPrivateBucket();
    const frontDoor = new FrontDoor(this, 'front-door', {
      bucket,
      apiDomain: `${api.apiId}.execute-api.${settings.region}.amazonaws.com`,
    });
    new S3BucketPolicy(this, 'bucket-policy', {
      bucket: bucket.bucket,
      policy: policyDocument([
        allow('s3:GetObject')
          .to('cloudfront.amazonaws.com')
          .on(`${bucket.arn}/*`)
          .from(frontDoor.distributionArn),
      ]),
    });
    this.addOutputs({
      consoleBucket: bucket.bucket,
      distributionId: frontDoor.distributionId,
      consoleDomain: frontDoor.domainName,
    });
  }

  /** Its name holds the account id, since names of buckets are one for all of AWS. */
  private addPrivateBucket(): S3Bucket {
    const bucket = new S3Bucket(this, 'bucket', { bucket: this.resourceName(this.account) });
    new S3BucketVersioning(this, 'bucket-versioning', {
      bucket: bucket.bucket,
      versioningConfiguration: { status: 'Enabled' },
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
