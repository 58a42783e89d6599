/** Who asks for something. */
export type Caller =
  /** The owner of this machine: credentials whose secret is their key id, such as `test` and `test`. */
  | { readonly type: 'administrator' }
  /** Somebody or something that has assumed a role; `session` names it in messages. */
  | { readonly type: 'role'; readonly roleArn: string; readonly session: string }
  /** An AWS service, for example `events.amazonaws.com`, on behalf of one of its resources. */
  | { readonly type: 'service'; readonly service: string; readonly sourceArn: string }
  /** A request without a signature. */
  | { readonly type: 'anonymous' };

export const administrator: Caller = { type: 'administrator' };

/** One action on one resource, for example `dynamodb:PutItem` on the ARN of a table. */
export interface Wanted {
  readonly action: string;
  /** An ARN, or `*` where the action has no resource. */
  readonly resource: string;
  /** Condition keys that only this request knows, besides those of every request. */
  readonly context?: Readonly<Record<string, string>>;
}

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

/** What of a request's caller is known by its access key. */
export interface Identity {
  readonly caller: Caller;
  readonly secretAccessKey: string;
  /** What the request must bear as `X-Amz-Security-Token`; absent for lasting credentials. */
  readonly sessionToken?: string;
}

/** Decides who may do what, by the policies that stand. */
export interface Access {
  /** Throws `AccessDeniedException` that names caller, action, resource and reason, unless all of it is allowed. */
  require(caller: Caller, ...wanted: readonly Wanted[]): void;
  /**
   * Throws unless the role stands and its trust policy lets the service assume it, for example `lambda.amazonaws.com`:
   * AWS refuses what would run as a role that it cannot assume.
   */
  requireTrust(roleArn: string, service: string): void;
  /** Temporary credentials of a role, for as long as this process runs; the same again for the same session. */
  assume(roleArn: string, session: string): Credentials;
  /** Where a service keeps the policies of its own resources: the JSON by ARN, asked for at each decision. */
  addPolicies(service: string, policyOf: (arn: string) => string | undefined): void;
  /** Whose access key this is; undefined when it is nobody's. */
  identityOf(accessKeyId: string): Identity | undefined;
}

/** For tests of one service: everybody may do everything, and every access key is the administrator's. */
export const openAccess: Access = {
  require: () => undefined,
  requireTrust: () => undefined,
  assume: () => ({ accessKeyId: 'ASIATEST', secretAccessKey: 'ASIATEST', sessionToken: 'test' }),
  addPolicies: () => undefined,
  identityOf: (accessKeyId) => ({ caller: administrator, secretAccessKey: accessKeyId }),
};
