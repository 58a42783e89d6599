import type { Caller } from '../../core/access.ts';
import type { Cloud } from '../../core/cloud.ts';
import { AwsError } from '../../core/errors.ts';
import type { Distribution, Origin } from './model.ts';
import type { ViewerRequest, ViewerResponse } from './viewer-event.ts';

/** What an origin answered; `identity` names these very bytes where they can be named. */
export type OriginResponse = ViewerResponse & { identity?: string };

/** Asks a bucket or an HTTP API of this cloud, as the origin's domain would be asked in AWS. */
export async function askOrigin(
  cloud: Cloud,
  { id }: Pick<Distribution, 'id'>,
  origin: Origin,
  request: ViewerRequest,
): Promise<OriginResponse> {
  const { target } = origin;
  if (target.kind === 'bucket')
    return askBucket(cloud, id, target, `${origin.path}${request.uri}`, request.method);
  const query = request.query === '' ? '' : `?${request.query}`;
  return cloud.ports.httpApis.handle(target.apiId, {
    method: request.method,
    url: `${origin.path}${request.uri}${query}`,
    headers: {
      ...request.headers,
      ...origin.customHeaders,
      host: `${target.apiId}.execute-api.${cloud.region}.amazonaws.com`,
      'x-forwarded-for': [request.headers['x-forwarded-for'], request.ip].filter(Boolean).join(', '),
      via: '1.1 local.cloudfront.net (CloudFront)',
    },
    body: request.body,
    sourceIp: request.ip,
  });
}

async function askBucket(
  cloud: Cloud,
  distributionId: string,
  { bucket, isSigned }: Origin['target'] & { kind: 'bucket' },
  path: string,
  method: string,
): Promise<OriginResponse> {
  if (method !== 'GET' && method !== 'HEAD') {
    return errorDocument(
      405,
      'MethodNotAllowed',
      'The specified method is not allowed against this resource.',
    );
  }
  const key = decodedKey(path);
  if (key === undefined) return errorDocument(400, 'InvalidURI', "Couldn't parse the specified URI.");
  const caller: Caller = isSigned
    ? {
        type: 'service',
        service: 'cloudfront.amazonaws.com',
        sourceArn: `arn:aws:cloudfront::${cloud.accountId}:distribution/${distributionId}`,
      }
    : { type: 'anonymous' };
  if (!mayRead(cloud, caller, bucket, key)) return errorDocument(403, 'AccessDenied', 'Access Denied');
  const object = await cloud.ports.objects.get(bucket, key);
  // A distribution may read objects but not list them, so S3 does not tell whether a key exists.
  if (!object) return errorDocument(403, 'AccessDenied', 'Access Denied');
  return {
    status: 200,
    headers: {
      'content-type': object.contentType,
      etag: object.etag,
      server: 'AmazonS3',
      ...(object.cacheControl !== undefined && { 'cache-control': object.cacheControl }),
    },
    body: object.body,
    identity: `${bucket}/${key} ${object.etag}`,
  };
}

function mayRead(cloud: Cloud, caller: Caller, bucket: string, key: string): boolean {
  try {
    cloud.ports.access.require(caller, { action: 's3:GetObject', resource: `arn:aws:s3:::${bucket}/${key}` });
    return true;
  } catch (error) {
    if (error instanceof AwsError) return false;
    throw error;
  }
}

function decodedKey(path: string): string | undefined {
  try {
    return decodeURIComponent(path.slice(1));
  } catch {
    return undefined;
  }
}

function errorDocument(status: number, code: string, message: string): OriginResponse {
  const body = `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message></Error>`;
  return {
    status,
    headers: { 'content-type': 'application/xml', server: 'AmazonS3' },
    body: Buffer.from(body),
  };
}
