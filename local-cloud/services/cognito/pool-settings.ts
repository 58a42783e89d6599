import { block, blocks } from '../../core/blocks.ts';
import { AwsError } from '../../core/errors.ts';
import type { Attributes } from '../../core/service.ts';
import type { PasswordPolicy, PoolClient, SchemaAttribute, TriggerName, UserPool } from './model.ts';

/** The standard attributes of every pool, as OpenID Connect names them. */
const standardAttributes = [
  'address',
  'birthdate',
  'email',
  'family_name',
  'gender',
  'given_name',
  'locale',
  'middle_name',
  'name',
  'nickname',
  'phone_number',
  'picture',
  'preferred_username',
  'profile',
  'website',
  'zoneinfo',
];

const triggerArguments: Record<string, TriggerName> = {
  pre_sign_up: 'PreSignUp',
  post_confirmation: 'PostConfirmation',
  pre_authentication: 'PreAuthentication',
  post_authentication: 'PostAuthentication',
  pre_token_generation: 'PreTokenGeneration',
};

type PoolIdentity = Pick<UserPool, 'id' | 'arn' | 'issuer' | 'createdAt'>;

/** Reads `aws_cognito_user_pool`. Throws an `AwsError` naming what the local cloud does not support. */
export function readUserPool(desired: Attributes, identity: PoolIdentity): UserPool {
  const triggers = readTriggers(desired);
  const username = block(desired['username_configuration']);
  return {
    ...identity,
    name: String(desired['name']),
    passwordPolicy: readPasswordPolicy(desired),
    schema: readSchema(desired),
    usernameAttributes: textList(desired['username_attributes']) ?? [],
    aliasAttributes: textList(desired['alias_attributes']) ?? [],
    caseSensitive: username?.['case_sensitive'] === true,
    adminCreateUserOnly:
      block(desired['admin_create_user_config'])?.['allow_admin_create_user_only'] === true,
    autoVerifiedAttributes: textList(desired['auto_verified_attributes']) ?? [],
    deletionProtection: String(desired['deletion_protection'] ?? 'INACTIVE'),
    mfa: readMfa(desired),
    triggers: triggers.byName,
    tokenTriggerVersion: triggers.tokenVersion,
    tier: String(desired['user_pool_tier'] ?? 'ESSENTIALS'),
    threatProtection: readThreatProtection(desired),
  };
}

function readMfa(desired: Attributes): 'OFF' | 'OPTIONAL' {
  const mfa = desired['mfa_configuration'] ?? 'OFF';
  if (mfa === 'OFF' || mfa === 'OPTIONAL') return mfa;
  throw unsupported(`mfa_configuration "${String(mfa)}"; use OFF or OPTIONAL`);
}

function readThreatProtection(desired: Attributes): UserPool['threatProtection'] {
  const mode = block(desired['user_pool_add_ons'])?.['advanced_security_mode'] ?? 'OFF';
  if (mode === 'OFF' || mode === 'AUDIT' || mode === 'ENFORCED') return mode;
  throw new AwsError('InvalidParameterException', `Unknown advanced_security_mode "${String(mode)}".`);
}

function readPasswordPolicy(desired: Attributes): PasswordPolicy {
  const policy = block(desired['password_policy']);
  // Without a policy AWS demands eight characters of every kind; with one, only what it names.
  const whenAbsent = policy === undefined;
  const requires = (name: string) => (policy?.[name] === undefined ? whenAbsent : policy[name] === true);
  return {
    minimumLength: numberOr(policy?.['minimum_length'], 8),
    requireLowercase: requires('require_lowercase'),
    requireUppercase: requires('require_uppercase'),
    requireNumbers: requires('require_numbers'),
    requireSymbols: requires('require_symbols'),
    temporaryPasswordValidityDays: numberOr(policy?.['temporary_password_validity_days'], 7),
  };
}

function readSchema(desired: Attributes): Map<string, SchemaAttribute> {
  const schema = new Map<string, SchemaAttribute>();
  for (const name of standardAttributes) {
    schema.set(name, { name, type: 'String', mutable: true, required: false, maximumLength: 2048 });
  }
  schema.set('sub', { name: 'sub', type: 'String', mutable: false, required: true });
  for (const name of ['email_verified', 'phone_number_verified']) {
    schema.set(name, { name, type: 'Boolean', mutable: true, required: false });
  }
  for (const given of blocks(desired['schema'])) {
    const attribute = readSchemaAttribute(given);
    schema.set(attribute.name, attribute);
  }
  return schema;
}

function readSchemaAttribute(given: Attributes): SchemaAttribute {
  const plain = String(given['name']);
  const name = standardAttributes.includes(plain) ? plain : `custom:${plain}`;
  const text = block(given['string_attribute_constraints']);
  const number = block(given['number_attribute_constraints']);
  const limit = (key: string, value: unknown) => (value === undefined ? {} : { [key]: Number(value) });
  return {
    name,
    type: given['attribute_data_type'] as SchemaAttribute['type'],
    mutable: given['mutable'] === true,
    required: given['required'] === true,
    ...limit('minimumLength', text?.['min_length']),
    ...limit('maximumLength', text?.['max_length']),
    ...limit('minimum', number?.['min_value']),
    ...limit('maximum', number?.['max_value']),
  };
}

function readTriggers(desired: Attributes) {
  const byName: UserPool['triggers'] = {};
  let tokenVersion: UserPool['tokenTriggerVersion'] = 'V1_0';
  for (const [argument, value] of Object.entries(block(desired['lambda_config']) ?? {})) {
    if (value === undefined || value === null || value === '') continue;
    const trigger = triggerArguments[argument];
    if (trigger) {
      byName[trigger] = String(value);
      continue;
    }
    const configuration = argument === 'pre_token_generation_config' ? block(value) : undefined;
    if (!configuration) throw unsupported(`lambda_config.${argument}`);
    if (configuration['lambda_version'] !== 'V1_0' && configuration['lambda_version'] !== 'V2_0') {
      throw unsupported(
        `pre_token_generation_config.lambda_version "${String(configuration['lambda_version'])}"`,
      );
    }
    byName.PreTokenGeneration = String(configuration['lambda_arn']);
    tokenVersion = configuration['lambda_version'];
  }
  return { byName, tokenVersion };
}

type ClientIdentity = Pick<PoolClient, 'id' | 'poolId' | 'createdAt'>;

/** Reads `aws_cognito_user_pool_client`. Throws an `AwsError` naming what the local cloud does not support. */
export function readPoolClient(desired: Attributes, identity: ClientIdentity): PoolClient {
  if (desired['generate_secret'] === true) {
    throw unsupported('generate_secret on a user pool client; browsers cannot keep a secret');
  }
  if (block(desired['refresh_token_rotation'])?.['feature'] === 'ENABLED') {
    throw unsupported('refresh_token_rotation');
  }
  const units = block(desired['token_validity_units']) ?? {};
  const validity = (token: string, fallbackUnit: string, fallback: number) =>
    numberOr(desired[`${token}_validity`], fallback) * secondsPer(String(units[token] ?? fallbackUnit));
  return {
    ...identity,
    name: String(desired['name']),
    authFlows: textList(desired['explicit_auth_flows']) ?? [
      'ALLOW_CUSTOM_AUTH',
      'ALLOW_REFRESH_TOKEN_AUTH',
      'ALLOW_USER_SRP_AUTH',
    ],
    validity: {
      idToken: validity('id_token', 'hours', 1),
      accessToken: validity('access_token', 'hours', 1),
      refreshToken: validity('refresh_token', 'days', 30),
    },
    readAttributes: textList(desired['read_attributes']),
    writeAttributes: textList(desired['write_attributes']),
    hidesUnknownUsers: desired['prevent_user_existence_errors'] === 'ENABLED',
    tokenRevocation: desired['enable_token_revocation'] !== false,
    tokenValidityUnits: Object.fromEntries(Object.entries(units).map(([key, unit]) => [key, String(unit)])),
    given: desired,
  };
}

function secondsPer(unit: string): number {
  const seconds = { seconds: 1, minutes: 60, hours: 3600, days: 86_400 }[unit];
  if (!seconds) throw new AwsError('InvalidParameterException', `Unknown token validity unit "${unit}".`);
  return seconds;
}

function textList(value: unknown): string[] | undefined {
  return Array.isArray(value) ? value.map(String) : undefined;
}

function numberOr(value: unknown, fallback: number): number {
  return value === undefined || value === null || value === 0 ? fallback : Number(value);
}

function unsupported(what: string): AwsError {
  return new AwsError('NotImplemented', `The local cloud does not support Cognito ${what}.`, 501);
}
