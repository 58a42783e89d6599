/** A request that is refused as a whole, with the status and the type that AppSync answers. */
export class RequestError extends Error {
  readonly status: number;
  readonly errorType: string;

  constructor(status: number, errorType: string, message: string) {
    super(message);
    this.name = errorType;
    this.status = status;
    this.errorType = errorType;
  }
}

export const unauthorized = (message: string) => new RequestError(401, 'UnauthorizedException', message);

/** What a resolver or the authorization of a field says; the field becomes null, and the rest is answered. */
export class FieldError extends Error {
  readonly errorType: string | null;
  readonly data: unknown;
  readonly errorInfo: unknown;

  constructor(errorType: string | null, message: string, data: unknown = null, errorInfo: unknown = null) {
    super(message);
    this.name = errorType ?? 'Error';
    this.errorType = errorType;
    this.data = data;
    this.errorInfo = errorInfo;
  }
}
