import {
  AwsProvider,
  type Construct,
  S3Bucket,
  S3BucketEncryption,
  S3BucketPolicy,
  S3BucketPublicAccessBlock,
  S3BucketVersioning,
} from './cdktf.ts';
import { Firewall } from './constructs/firewall.ts';
import { FrontDoor } from './constructs/front-door.ts';
import type { HttpApi } from './constructs/http-api.ts';
import { tags } from './names.ts';
import { allow, policyDocument } from './policy.ts';
import type { Settings } from './settings.ts';
import { SkafuStack } from './skafu-stack.ts';

/** The console's files in a private bucket, and the front door that serves them beside the API. */
export class ConsoleStack extends SkafuStack {
  readonly frontDoor: FrontDoor;

  constructor(scope: Construct, { api, settings }: { api: HttpApi; settings: Settings }) {
    super(scope, 'console', settings);
    const bucket = this.addPrivateBucket();
    const firewall = new Firewall(this, 'firewall', { provider: this.addEdgeProvider() });
    this.frontDoor = new FrontDoor(this, 'front-door', {
      bucket,
      firewall: firewall.arn,
      apiDomain: `${api.apiId}.execute-api.${settings.region}.amazonaws.com`,
    });
    new S3BucketPolicy(this, 'bucket-policy', {
      bucket: bucket.bucket,
      policy: policyDocument([
        allow('s3:GetObject')
          .to('cloudfront.amazonaws.com')
          .on(`${bucket.arn}/*`)
          .from(this.frontDoor.distributionArn),
      ]),
    });
    this.addOutputs({
      consoleBucket: bucket.bucket,
      distributionId: this.frontDoor.distributionId,
      consoleDomain: this.frontDoor.domainName,
    });
  }

  /** Whatever belongs to CloudFront is kept in us-east-1, whichever region the installation has. */
  private addEdgeProvider(): AwsProvider {
    return new AwsProvider(this, 'edge', {
      alias: 'edge',
      region: 'us-east-1',
      defaultTags: [{ tags: tags(this.settings.environment, this.domain) }],
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
