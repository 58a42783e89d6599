import type { Caller } from '../core/access.ts';
import type { Cloud } from '../core/cloud.ts';
import { AwsError } from '../core/errors.ts';
import { signedHeaders } from './sign.ts';

/**
 * Asks another service through the AWS endpoint, as a role, in JSON 1.0: for example `DynamoDB_20120810.GetItem`. Throws
 * the service's `AwsError`.
 */
export async function callAws(
  cloud: Pick<Cloud, 'endpointUrl' | 'region' | 'ports'>,
  { roleArn, session }: Caller & { type: 'role' },
  service: string,
  target: string,
  input: Record<string, unknown>,
): Promise<Record<string, unknown>> {
  const body = JSON.stringify(input);
  const response = await fetch(cloud.endpointUrl, {
    method: 'POST',
    headers: signedHeaders(
      {
        method: 'POST',
        url: new URL(cloud.endpointUrl),
        headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': target },
        body,
      },
      cloud.ports.access.assume(roleArn, session),
      { region: cloud.region, service },
    ),
    body,
  });
  const answer = (await response.json()) as Record<string, unknown>;
  if (response.ok) return answer;
  const code = String(answer['__type'] ?? 'InternalFailure').replace(/^.*#/u, '');
  throw new AwsError(code, String(answer['message'] ?? answer['Message'] ?? ''), response.status);
}
