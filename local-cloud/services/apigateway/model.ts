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

export interface JwtAuthorizer {
  id: string;
  apiId: string;
  name: string;
  issuer: string;
  audience: string[];
  /** Headers or query parameters that hold the token, the first found counts. */
  sources: { from: 'header' | 'querystring'; name: string }[];
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
