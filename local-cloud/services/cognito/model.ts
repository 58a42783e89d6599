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
  mfa: Mfa;
  /** Whether people may enrol an authenticator app. */
  softwareTokenMfa: boolean;
  /** Attributes whose new value counts only once its code came back. */
  verifiedBeforeUpdate: string[];
  /** How a forgotten password is recovered, the first choice first; undefined: by phone, else by e-mail. */
  recovery: ('verified_email' | 'verified_phone_number' | 'admin_only')[] | undefined;
  messages: PoolMessages;
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
  | 'PreTokenGeneration'
  | 'CustomMessage'
  | 'UserMigration'
  | 'DefineAuthChallenge'
  | 'CreateAuthChallenge'
  | 'VerifyAuthChallengeResponse';

export type Mfa = 'OFF' | 'OPTIONAL' | 'ON';

/** What a pool writes to its people. `{####}` stands for the code or password, `{username}` for the name. */
export interface PoolMessages {
  from: string;
  verification: MessageTexts;
  /** Where the pool says nothing of its own, a forgotten password has a text of its own. */
  passwordReset: MessageTexts;
  invitation: MessageTexts;
}

export interface MessageTexts {
  emailSubject: string;
  emailMessage: string;
  smsMessage: string;
}

export interface PasswordPolicy {
  minimumLength: number;
  requireLowercase: boolean;
  requireUppercase: boolean;
  requireNumbers: boolean;
  requireSymbols: boolean;
  temporaryPasswordValidityDays: number;
  /** How many passwords, the present one included, a new one must not repeat. */
  historySize: number;
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
  /** Present where the client has to prove itself by `SECRET_HASH`. */
  secret?: string;
  authFlows: string[];
  /** How long a challenge may be answered, in milliseconds. */
  challengeLifetime: number;
  /** Seconds an exchanged refresh token stays good; undefined where refresh tokens are not exchanged. */
  rotationGrace: number | undefined;
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

export type UserStatus = 'CONFIRMED' | 'FORCE_CHANGE_PASSWORD' | 'UNCONFIRMED' | 'RESET_REQUIRED';

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
  /** Values that wait for their code before they count. */
  pendingAttributes?: Record<string, string>;
  /** Verifiers of earlier passwords, the latest first, where the pool looks back. */
  passwordHistory?: Verifier[];
  softwareToken?: SoftwareToken;
  createdAt: number;
  modifiedAt: number;
}

/** An authenticator app. Secrets are sealed: the state on disk alone makes no codes. */
export interface SoftwareToken {
  /** The app that was proved last. */
  secret?: string;
  /** Handed out, and not proved yet. */
  pendingSecret?: string;
  /** Asked for at sign-in. */
  enabled: boolean;
  preferred: boolean;
  /** The last 30-second step of which a code was taken: each is good once. */
  lastStep: number;
}
