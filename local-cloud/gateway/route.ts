import type { AwsRequest } from '../core/service.ts';

/** Signing name by the prefix of `X-Amz-Target`, for requests that carry no signature. */
const TARGETS: Record<string, string> = {
  AmazonSQS: 'sqs',
  AmazonSSM: 'ssm',
  AWSCognitoIdentityProviderService: 'cognito-idp',
  AWSEvents: 'events',
  AWSStepFunctions: 'states',
  DynamoDB_20120810: 'dynamodb',
  DynamoDBStreams_20120810: 'dynamodb',
  GraniteServiceVersion20100801: 'monitoring',
  Logs_20140328: 'logs',
  secretsmanager: 'secretsmanager',
};

const CREDENTIAL = /Credential=[^/,\s]+\/\d+\/([^/,\s]+)\/([^/,\s]+)\/aws4_request/;
const QUERY_CREDENTIAL = /^[^/]+\/\d+\/([^/]+)\/([^/]+)\/aws4_request$/;
/** Where a user pool publishes its keys; no bucket is called like a pool, since bucket names hold no underscore. */
const POOL_KEYS = /^\/[a-z0-9-]+_[A-Za-z0-9]+\/\.well-known\//;

/** An HTTP API is asked at a host of its own, signed or not. */
const API_HOST = /^[a-z0-9]+\.execute-api\./;

/** An HTTP API says itself which pages may ask it. */
export const isOfHttpApi = (headers: { host?: string | undefined }) => API_HOST.test(headers.host ?? '');

/** A GraphQL API is asked at a path or at a host of its own, signed or not; no bucket begins with an underscore. */
const GRAPHQL_PATH = /^\/_appsync\//;
const GRAPHQL_HOST = /^[a-z0-9]+\.appsync-(realtime-)?api\./;

/** The service a request is for and the region it is signed for. Unsigned requests without a hint are S3's. */
export function scopeOf(
  headers: AwsRequest['headers'],
  query: URLSearchParams,
  path: string,
): { signingName: string; region: string } {
  if (API_HOST.test(headers['host'] ?? '')) return { signingName: 'execute-api', region: 'us-east-1' };
  if (GRAPHQL_PATH.test(path) || GRAPHQL_HOST.test(headers['host'] ?? ''))
    return { signingName: 'appsync', region: 'us-east-1' };
  const credential =
    CREDENTIAL.exec(headers['authorization'] ?? '') ??
    QUERY_CREDENTIAL.exec(query.get('X-Amz-Credential') ?? '');
  const [, region = 'us-east-1', signed] = credential ?? [];
  if (signed) return { signingName: signed, region };
  const [prefix = ''] = (headers['x-amz-target'] ?? '').split('.');
  const target = Object.hasOwn(TARGETS, prefix) ? TARGETS[prefix] : undefined;
  return { signingName: target ?? (POOL_KEYS.test(path) ? 'cognito-idp' : 's3'), region };
}
