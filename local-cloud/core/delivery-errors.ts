import { AwsError } from './errors.ts';

/** Errors that no later attempt can heal: AWS sends these to the dead-letter queue without a retry. */
const permanent: Record<string, string | undefined> = {
  ResourceNotFoundException: 'NO_RESOURCE',
  StateMachineDoesNotExist: 'NO_RESOURCE',
  QueueDoesNotExist: 'NO_RESOURCE',
  'AWS.SimpleQueueService.NonExistentQueue': 'NO_RESOURCE',
  AccessDeniedException: 'NO_PERMISSIONS',
  INVALID_JSON: 'INVALID_JSON',
  InvalidRequestContentException: 'INVALID_PARAMETER',
  InvalidExecutionInput: 'INVALID_PARAMETER',
  ValidationException: 'INVALID_PARAMETER',
  NotImplemented: 'INVALID_PARAMETER',
};

const throttled = [
  'TooManyRequestsException',
  'ThrottlingException',
  'ProvisionedThroughputExceededException',
];

export function isPermanent(error: unknown): boolean {
  return error instanceof AwsError && permanent[error.code] !== undefined;
}

/** The `ERROR_CODE` that EventBridge puts on a dead letter. */
export function failureCode(error: unknown): string {
  if (!(error instanceof AwsError)) return 'INTERNAL_ERROR';
  if (throttled.includes(error.code)) return 'THROTTLING';
  return permanent[error.code] ?? (error.status >= 500 ? 'ERROR_FROM_TARGET' : 'SDK_CLIENT_ERROR');
}
