/**
 * An error as an AWS service would answer it. Thrown anywhere inside a service; the gateway writes it in the
 * protocol of the request. Anything else that is thrown becomes `InternalFailure` (500) and is logged.
 */
export class AwsError extends Error {
  readonly code: string;
  readonly status: number;
  readonly details: Record<string, unknown>;

  constructor(code: string, message: string, status = 400, details: Record<string, unknown> = {}) {
    super(message);
    this.name = code;
    this.code = code;
    this.status = status;
    this.details = details;
  }
}

/** What the local cloud does not support says so by name; it never answers a silent success. */
export function notSupported(service: string, operation: string): AwsError {
  return new AwsError('NotImplemented', `The local cloud does not support ${service} ${operation}.`, 501);
}
