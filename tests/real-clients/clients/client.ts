/** The services of AWS that the scenarios speak to, as clients call them. */
export type ServiceName = 'cloudwatch' | 'logs' | 'xray' | 'dynamodb' | 'sqs' | 'events';

/** What a client answered: times as ISO text, bytes as base64, whatever the client itself makes of them. */
export type Answer = Record<string, unknown>;

/** A client of AWS as its users have it, so that the same scenario can be played with each. */
export interface AwsClient {
  /** Throws `RefusedCall`. */
  call<Output = Answer>(service: ServiceName, operation: string, input?: object): Promise<Output>;
  /** All pages, as the client's own paginator reads and joins them. */
  every<Output = Answer>(service: ServiceName, operation: string, input?: object): Promise<Output>;
  close(): Promise<void>;
}

/** An error of AWS as a client tells it. */
export class RefusedCall extends Error {
  /** The code that the client shows. */
  readonly code: string;
  /** The class that the client throws; the command line has none. */
  readonly exception: string | undefined;
  readonly status: number | undefined;
  /** Fields of the error beside its message, where the client hands them on. */
  readonly details: Answer | undefined;

  constructor(told: {
    code: string;
    message: string;
    exception?: string | undefined;
    status?: number | undefined;
    details?: Answer | undefined;
  }) {
    super(told.message);
    this.code = told.code;
    this.exception = told.exception;
    this.status = told.status;
    this.details = told.details;
  }
}
