import { block } from '../../core/blocks.ts';
import type { Attributes } from '../../core/service.ts';

/** How asynchronous invocations of a function are retried, and where they end. */
export interface AsynchronousSettings {
  maximumRetryAttempts: number;
  maximumEventAgeSeconds: number;
  onSuccessArn: string | undefined;
  onFailureArn: string | undefined;
}

export const defaultAsynchronousSettings: AsynchronousSettings = {
  maximumRetryAttempts: 2,
  maximumEventAgeSeconds: 6 * 3600,
  onSuccessArn: undefined,
  onFailureArn: undefined,
};

/** Reads an `aws_lambda_function_event_invoke_config`. */
export function readAsynchronousSettings(desired: Attributes): AsynchronousSettings {
  const destinations = block(desired['destination_config']);
  const destination = (name: string) => {
    const arn = block(destinations?.[name])?.['destination'];
    return typeof arn === 'string' ? arn : undefined;
  };
  return {
    maximumRetryAttempts: Number(
      desired['maximum_retry_attempts'] ?? defaultAsynchronousSettings.maximumRetryAttempts,
    ),
    maximumEventAgeSeconds: Number(
      desired['maximum_event_age_in_seconds'] ?? defaultAsynchronousSettings.maximumEventAgeSeconds,
    ),
    onSuccessArn: destination('on_success'),
    onFailureArn: destination('on_failure'),
  };
}
