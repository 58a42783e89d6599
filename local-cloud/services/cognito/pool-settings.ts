import { block, blocks } from '../../core/blocks.ts';
import { AwsError } from '../../core/errors.ts';
import type { Attributes } from '../../core/service.ts';
import { readMessages } from './messages/templates.ts';
import type { Mfa, PasswordPolicy, SchemaAttribute, TriggerName, UserPool } from './model.ts';
import { numberOr, textList, unsupported } from './settings.ts';

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
  custom_message: 'CustomMessage',
  user_migration: 'UserMigration',
  define_auth_challenge: 'DefineAuthChallenge',
  create_auth_challenge: 'CreateAuthChallenge',
  verify_auth_challenge_response: 'VerifyAuthChallengeResponse',
};

export type PoolIdentity = Pick<UserPool, 'id' | 'arn' | 'issuer' | 'createdAt'>;

/** Reads `aws_cognito_user_pool`. Throws an `AwsError` naming what the local cloud does not support. */
export function readUserPool(desired: Attributes, identity: PoolIdentity): UserPool {
  refuseUnsupported(desired);
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
    ...readMfa(desired),
    verifiedBeforeUpdate:
      textList(
        block(desired['user_attribute_update_settings'])?.['attributes_require_verification_before_update'],
      ) ?? [],
    recovery: readRecovery(desired),
    messages: readMessages(desired),
    triggers: triggers.byName,
    tokenTriggerVersion: triggers.tokenVersion,
    tier: String(desired['user_pool_tier'] ?? 'ESSENTIALS'),
    threatProtection: readThreatProtection(desired),
  };
}

/** Arguments with an effect on AWS that the local cloud does not have. */
function refuseUnsupported(desired: Attributes): void {
  for (const name of ['device_configuration', 'email_mfa_configuration', 'web_authn_configuration']) {
    if (block(desired[name])) throw unsupported(name);
  }
  const factors = textList(block(desired['sign_in_policy'])?.['allowed_first_auth_factors']) ?? [];
  const factor = factors.find((name) => name !== 'PASSWORD');
  if (factor) throw unsupported(`sign_in_policy.allowed_first_auth_factors "${factor}"`);
}

function readMfa(desired: Attributes): { mfa: Mfa; softwareTokenMfa: boolean } {
  const mfa = desired['mfa_configuration'] ?? 'OFF';
  const softwareTokenMfa = block(desired['software_token_mfa_configuration'])?.['enabled'] === true;
  if (mfa !== 'OFF' && mfa !== 'OPTIONAL' && mfa !== 'ON') {
    throw new AwsError('InvalidParameterException', `Unknown mfa_configuration "${String(mfa)}".`);
  }
  if (mfa !== 'OFF' && !softwareTokenMfa) {
    throw unsupported(`mfa_configuration "${mfa}" by SMS; use software_token_mfa_configuration`);
  }
  return { mfa, softwareTokenMfa };
}

function readRecovery(desired: Attributes): UserPool['recovery'] {
  const mechanisms = blocks(block(desired['account_recovery_setting'])?.['recovery_mechanism']);
  if (mechanisms.length === 0) return undefined;
  return [...mechanisms]
    .sort((a, b) => Number(a['priority']) - Number(b['priority']))
    .map(({ name }) => name as NonNullable<UserPool['recovery']>[number]);
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
    historySize: numberOr(policy?.['password_history_size'], 0),
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
