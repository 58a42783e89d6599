/** A distribution as the Terraform describes it. */
export interface Distribution {
  /** `E` and thirteen capitals or digits. */
  id: string;
  domainName: string;
  enabled: boolean;
  defaultRootObject: string;
  /** In order of precedence; the last one matches everything. */
  behaviours: Behaviour[];
  origins: Map<string, Origin>;
  errorResponses: ErrorResponse[];
}

export interface Behaviour {
  pattern: RegExp;
  originId: string;
  allowedMethods: Set<string>;
  compress: boolean;
  cachePolicyId: string;
  originRequestPolicyId: string | undefined;
  responseHeadersPolicyId: string | undefined;
  /** ARNs of CloudFront functions. */
  viewerRequest: string | undefined;
  viewerResponse: string | undefined;
}

export interface Origin {
  id: string;
  /** Put before every path; empty or beginning with a slash. */
  path: string;
  customHeaders: Record<string, string>;
  /** A bucket with an access control is asked with a signature, any other as anybody would. */
  target: { kind: 'bucket'; bucket: string; isSigned: boolean } | { kind: 'api'; apiId: string };
}

export interface ErrorResponse {
  errorCode: number;
  responseCode: number;
  pagePath: string | undefined;
}

/** Which headers, cookies or query parameters a policy lets through. */
export interface Selection {
  behaviour: string;
  items: string[];
}

export interface CachePolicy {
  minimumTtl: number;
  defaultTtl: number;
  maximumTtl: number;
  brotli: boolean;
  gzip: boolean;
  headers: Selection;
  cookies: Selection;
  queryStrings: Selection;
}

export interface OriginRequestPolicy {
  headers: Selection;
  cookies: Selection;
  queryStrings: Selection;
}

export interface ResponseHeadersPolicy {
  /** `override`: replaces what the origin says. */
  headers: { name: string; value: string; override: boolean }[];
  remove: string[];
  cors: CorsPolicy | undefined;
}

export interface CorsPolicy {
  credentials: boolean;
  headers: string[];
  methods: string[];
  origins: string[];
  exposeHeaders: string[];
  maxAge: number | undefined;
  originOverride: boolean;
}
