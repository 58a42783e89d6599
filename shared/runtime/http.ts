/** The parts of an API Gateway HTTP API event (payload 2.0) that we read. */
export interface HttpEvent {
  readonly routeKey: string;
  readonly rawPath: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly queryStringParameters?: Readonly<Record<string, string | undefined>>;
  readonly pathParameters?: Readonly<Record<string, string | undefined>>;
  readonly requestContext: {
    readonly requestId: string;
    readonly domainName?: string;
    readonly http?: { readonly method: string; readonly sourceIp: string; readonly userAgent: string };
    readonly authorizer?: { readonly jwt?: { readonly claims?: Readonly<Record<string, unknown>> } };
  };
  readonly body?: string;
  readonly isBase64Encoded?: boolean;
}

export interface HttpResult {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A JSON answer; never kept by a cache, since it depends on who asks. */
export function json(
  statusCode: number,
  body: object,
  headers: Readonly<Record<string, string>> = {},
): HttpResult {
  return {
    statusCode,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store', ...headers },
    body: JSON.stringify(body),
  };
}
