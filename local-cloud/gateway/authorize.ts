import type { Access } from '../core/access.ts';
import { AwsError } from '../core/errors.ts';
import type { AwsRequest, Service } from '../core/service.ts';

/** The service in the names of actions, where it is not the signing name. */
const actionPrefixes: Readonly<Record<string, string>> = { monitoring: 'cloudwatch' };

/** Throws unless whoever asks may do what the request is for. */
export function authorize(
  access: Access,
  service: Service,
  signingName: string,
  operation: string,
  input: Record<string, unknown>,
  request: AwsRequest,
): void {
  const wanted = service.wanted?.(operation, input, request) ?? [
    { action: `${actionPrefixes[signingName] ?? signingName}:${operation}`, resource: '*' },
  ];
  if (wanted.length === 0) return;
  if (request.caller.type === 'anonymous' && signingName !== 's3') {
    throw new AwsError(
      'MissingAuthenticationTokenException',
      'Request is missing Authentication Token',
      403,
      {
        queryErrorCode: 'MissingAuthenticationToken',
      },
    );
  }
  try {
    access.require(request.caller, ...wanted);
  } catch (error) {
    throw error instanceof AwsError ? asServiceNames(error, signingName) : error;
  }
}

/** S3 and DynamoDB answer a refusal otherwise than the other services. */
function asServiceNames(error: AwsError, signingName: string): AwsError {
  if (error.code !== 'AccessDeniedException') return error;
  if (signingName === 's3') return new AwsError('AccessDenied', error.message, 403);
  return signingName === 'dynamodb' ? new AwsError(error.code, error.message, 400) : error;
}
