import type { Verifier } from './srp.ts';

/** A user pool as the Terraform describes it, with the identity it keeps over restarts. */
export interface UserPool {
  /** `<region>_` and nine letters or digits. */
  id: string;
  name: string;
  arn: string;
  /** `https://cognito-idp.<region>.amazonaws.com/<id>`. */
  issuer: string;
  createdAt: number;
  passwordPolicy: PasswordPolicy;
  schema: Map<string, SchemaAttribute>;
  /** Attributes that stand in for the username (`email`, `phone_number`); usernames are then random UUIDs. */
  usernameAttributes: string[];
  aliasAttributes: string[];
  caseSensitive: boolean;
  adminCreateUserOnly: boolean;
  autoVerifiedAttributes: string[];
  deletionProtection: string;
  mfa: 'OFF' | 'OPTIONAL';
  triggers: Partial<Record<TriggerName, string>>;
  tokenTriggerVersion: 'V1_0' | 'V2_0';
  tier: string;
  /** Whether sign-ins are recorded and judged; AWS asks for the tier PLUS. */
  threatProtection: 'OFF' | 'AUDIT' | 'ENFORCED';
}

export type TriggerName =
  | 'PreSignUp'
  | 'PostConfirmation'
  | 'PreAuthentication'
  | 'PostAuthentication'
  | 'PreTokenGeneration';

export interface PasswordPolicy {
  minimumLength: number;
  requireLowercase: boolean;
  requireUppercase: boolean;
  requireNumbers: boolean;
  requireSymbols: boolean;
  temporaryPasswordValidityDays: number;
}

export interface SchemaAttribute {
  name: string;
  type: 'String' | 'Number' | 'DateTime' | 'Boolean';
  mutable: boolean;
  required: boolean;
  minimumLength?: number;
  maximumLength?: number;
  minimum?: number;
  maximum?: number;
}

export interface PoolClient {
  /** 26 lower-case letters and digits. */
  id: string;
  name: string;
  poolId: string;
  createdAt: number;
  authFlows: string[];
  /** Seconds. */
  validity: { idToken: number; accessToken: number; refreshToken: number };
  /** Undefined: every attribute. */
  readAttributes: string[] | undefined;
  writeAttributes: string[] | undefined;
  hidesUnknownUsers: boolean;
  tokenRevocation: boolean;
  /** As given, for DescribeUserPoolClient. */
  tokenValidityUnits: Record<string, string>;
  given: Record<string, unknown>;
}

export interface Group {
  name: string;
  poolId: string;
  description?: string;
  precedence?: number;
  roleArn?: string;
  createdAt: number;
}

export type UserStatus = 'CONFIRMED' | 'FORCE_CHANGE_PASSWORD' | 'UNCONFIRMED';

/** One person of a pool. The password itself is never kept. Times are epoch milliseconds. */
export interface User {
  username: string;
  sub: string;
  attributes: Record<string, string>;
  enabled: boolean;
  status: UserStatus;
  password?: Verifier;
  /** A temporary password is good until then. */
  temporaryUntil?: number;
  groups: string[];
  createdAt: number;
  modifiedAt: number;
}
