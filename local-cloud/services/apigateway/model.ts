/** An HTTP API as the Terraform describes it, ready to serve. */
export interface HttpApi {
  /** Ten lower-case letters and digits. */
  id: string;
  name: string;
  createdAt: string;
  cors: Cors | undefined;
}

export interface Cors {
  allowCredentials: boolean;
  allowHeaders: string[];
  allowMethods: string[];
  allowOrigins: string[];
  exposeHeaders: string[];
  maxAge: number | undefined;
}

/** Where a request says who it is from. */
export interface IdentitySource {
  from: 'header' | 'querystring' | 'context';
  name: string;
}

export type Authorizer = JwtAuthorizer | LambdaAuthorizer;

/** A function that decides, asked in payload format 2.0. */
export interface LambdaAuthorizer {
  type: 'REQUEST';
  id: string;
  apiId: string;
  name: string;
  functionArn: string;
  /** It answers `isAuthorized`, and not an IAM policy. */
  simpleResponses: boolean;
  /** How long an answer holds for the same identity; 0 for not at all. */
  ttlSeconds: number;
  sources: IdentitySource[];
}

export interface JwtAuthorizer {
  type: 'JWT';
  id: string;
  apiId: string;
  name: string;
  issuer: string;
  audience: string[];
  /** Headers or query parameters that hold the token, the first found counts. */
  sources: IdentitySource[];
}

export interface Integration {
  id: string;
  apiId: string;
  functionArn: string;
  timeoutMilliseconds: number;
}

export interface Route {
  id: string;
  apiId: string;
  /** `GET /pets/{petId}` or `$default`. */
  key: string;
  integrationId: string;
  authorizerId: string | undefined;
  scopes: string[];
}

export interface Throttle {
  /** Requests per second. */
  rate: number;
  burst: number;
}

export interface Stage {
  apiId: string;
  name: string;
  accessLog: { group: string; format: string } | undefined;
  throttle: Throttle;
  routeThrottles: Map<string, Throttle>;
  detailedMetrics: boolean;
  variables: Record<string, string>;
}
