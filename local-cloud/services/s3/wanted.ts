import type { Wanted } from '../../core/access.ts';
import type { AwsRequest } from '../../core/service.ts';

/** What a request to S3 has to be allowed to do with a bucket or an object. */
export function wantedOfS3(request: AwsRequest, bucket: string, key: string): readonly Wanted[] {
  const { method, query, headers } = request;
  if (bucket === '') return [{ action: 's3:ListAllMyBuckets', resource: '*' }];
  const ofBucket = `arn:aws:s3:::${bucket}`;
  const object = (action: string, resource = `${ofBucket}/${key}`): Wanted => ({
    action: `s3:${action}`,
    resource,
  });
  if (key === '') {
    // Which objects a batch deletes stands in its body; whoever may not delete in the bucket may not delete any.
    if (method === 'POST' && query.has('delete')) return [object('DeleteObject', `${ofBucket}/*`)];
    if (method === 'GET' && query.has('location')) return [object('GetBucketLocation', ofBucket)];
    if (method === 'PUT') return [object('CreateBucket', ofBucket)];
    return [object('ListBucket', ofBucket)];
  }
  if (method === 'GET' || method === 'HEAD') return [object('GetObject')];
  if (method === 'DELETE') return [object('DeleteObject')];
  const source = headers['x-amz-copy-source'];
  if (source === undefined) return [object('PutObject')];
  const path = decodeURIComponent(source).replace(/^\//u, '').replace(/\?.*$/u, '');
  return [object('GetObject', `arn:aws:s3:::${path}`), object('PutObject')];
}
