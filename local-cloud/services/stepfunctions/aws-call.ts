import type { Cloud } from '../../core/cloud.ts';
import { AwsError } from '../../core/errors.ts';

/**
 * Asks another service through the AWS endpoint, in JSON 1.0, for example `DynamoDB_20120810.GetItem`. Throws the
 * service's `AwsError`.
 */
export async function callAws(
  cloud: Pick<Cloud, 'endpointUrl' | 'region'>,
  service: string,
  target: string,
  input: Record<string, unknown>,
): Promise<Record<string, unknown>> {
  const date = new Date().toISOString().replace(/[-:]|\.\d+/gu, '');
  const scope = `${date.slice(0, 8)}/${cloud.region}/${service}/aws4_request`;
  const response = await fetch(cloud.endpointUrl, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': target,
      'x-amz-date': date,
      // The endpoint routes by the scope of the credential.
      authorization: `AWS4-HMAC-SHA256 Credential=stepfunctions/${scope}, SignedHeaders=host, Signature=0`,
    },
    body: JSON.stringify(input),
  });
  const answer = (await response.json()) as Record<string, unknown>;
  if (response.ok) return answer;
  const code = String(answer['__type'] ?? 'InternalFailure').replace(/^.*#/u, '');
  throw new AwsError(code, String(answer['message'] ?? answer['Message'] ?? ''), response.status);
}
