import { AwsError } from '../core/errors.ts';
import type { AwsRequest, Service } from '../core/service.ts';
import type { Guarded } from './gateway.ts';

/** The service in the names of actions, where it is not the signing name. */
const actionPrefixes: Readonly<Record<string, string>> = { monitoring: 'cloudwatch' };

/**
 * Lets a request in: throws unless whoever asks may do what it is for, and where a fault strikes it on purpose.
 */
export async function admit(
  cloud: Guarded,
  service: Service,
  signingName: string,
  operation: string,
  input: Record<string, unknown>,
  request: AwsRequest,
): Promise<void> {
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
    cloud.ports.access.require(request.caller, ...wanted);
  } catch (error) {
    throw error instanceof AwsError ? asServiceNames(error, signingName) : error;
  }
  for (const { action, resource } of wanted) await cloud.faults.strike(action, resource);
}

/** S3 and DynamoDB answer a refusal otherwise than the other services. */
function asServiceNames(error: AwsError, signingName: string): AwsError {
  if (error.code !== 'AccessDeniedException') return error;
  if (signingName === 's3') return new AwsError('AccessDenied', error.message, 403);
  return signingName === 'dynamodb' ? new AwsError(error.code, error.message, 400) : error;
}
