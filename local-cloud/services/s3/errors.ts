import { AwsError } from '../../core/errors.ts';

export const noSuchBucket = (bucket: string) =>
  new AwsError('NoSuchBucket', 'The specified bucket does not exist', 404, { BucketName: bucket });
export const noSuchKey = (key: string) =>
  new AwsError('NoSuchKey', 'The specified key does not exist.', 404, { Key: key });
export const invalidRequest = (message: string) => new AwsError('InvalidRequest', message);
export const badDigest = (message: string) => new AwsError('BadDigest', message);
export const preconditionFailed = (condition: string) =>
  new AwsError('PreconditionFailed', 'At least one of the pre-conditions you specified did not hold', 412, {
    Condition: condition,
  });
export const unsupported = (what: string) =>
  new AwsError('NotImplemented', `The local cloud does not support S3 ${what}.`, 501);
