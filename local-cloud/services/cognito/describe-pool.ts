import { timestamp } from './describe-user.ts';
import type { PoolClient, UserPool } from './model.ts';

/** A pool as DescribeUserPool and CreateUserPool tell it. */
export function describePool(pool: UserPool, users: number) {
  const policy = pool.passwordPolicy;
  return {
    Id: pool.id,
    Name: pool.name,
    Arn: pool.arn,
    Policies: {
      PasswordPolicy: {
        MinimumLength: policy.minimumLength,
        RequireUppercase: policy.requireUppercase,
        RequireLowercase: policy.requireLowercase,
        RequireNumbers: policy.requireNumbers,
        RequireSymbols: policy.requireSymbols,
        TemporaryPasswordValidityDays: policy.temporaryPasswordValidityDays,
        ...(policy.historySize > 0 && { PasswordHistorySize: policy.historySize }),
      },
    },
    DeletionProtection: pool.deletionProtection,
    LambdaConfig: pool.triggers,
    LastModifiedDate: timestamp(pool.createdAt),
    CreationDate: timestamp(pool.createdAt),
    SchemaAttributes: [...pool.schema.values()].map((attribute) => ({
      Name: attribute.name,
      AttributeDataType: attribute.type,
      DeveloperOnlyAttribute: false,
      Mutable: attribute.mutable,
      Required: attribute.required,
      ...(attribute.maximumLength !== undefined && {
        StringAttributeConstraints: {
          MinLength: String(attribute.minimumLength ?? 0),
          MaxLength: String(attribute.maximumLength),
        },
      }),
      ...(attribute.type === 'Number' && {
        NumberAttributeConstraints: {
          ...(attribute.minimum !== undefined && { MinValue: String(attribute.minimum) }),
          ...(attribute.maximum !== undefined && { MaxValue: String(attribute.maximum) }),
        },
      }),
    })),
    AutoVerifiedAttributes: pool.autoVerifiedAttributes,
    UsernameAttributes: pool.usernameAttributes,
    AliasAttributes: pool.aliasAttributes,
    UsernameConfiguration: { CaseSensitive: pool.caseSensitive },
    MfaConfiguration: pool.mfa,
    EstimatedNumberOfUsers: users,
    AdminCreateUserConfig: {
      AllowAdminCreateUserOnly: pool.adminCreateUserOnly,
      UnusedAccountValidityDays: 7,
    },
    ...(pool.verifiedBeforeUpdate.length > 0 && {
      UserAttributeUpdateSettings: { AttributesRequireVerificationBeforeUpdate: pool.verifiedBeforeUpdate },
    }),
    ...(pool.recovery && {
      AccountRecoverySetting: {
        RecoveryMechanisms: pool.recovery.map((Name, index) => ({ Name, Priority: index + 1 })),
      },
    }),
    VerificationMessageTemplate: {
      DefaultEmailOption: 'CONFIRM_WITH_CODE',
      EmailMessage: pool.messages.verification.emailMessage,
      EmailSubject: pool.messages.verification.emailSubject,
      SmsMessage: pool.messages.verification.smsMessage,
    },
    UserPoolTier: pool.tier,
    ...(pool.threatProtection !== 'OFF' && {
      UserPoolAddOns: { AdvancedSecurityMode: pool.threatProtection },
    }),
  };
}

/** A client as DescribeUserPoolClient and CreateUserPoolClient tell it. */
export function describeClient(client: PoolClient) {
  const units = client.tokenValidityUnits;
  return {
    UserPoolId: client.poolId,
    ClientName: client.name,
    ClientId: client.id,
    ...(client.secret !== undefined && { ClientSecret: client.secret }),
    LastModifiedDate: timestamp(client.createdAt),
    CreationDate: timestamp(client.createdAt),
    RefreshTokenValidity: client.given['refresh_token_validity'] ?? 30,
    ...(client.given['access_token_validity'] !== undefined && {
      AccessTokenValidity: client.given['access_token_validity'],
    }),
    ...(client.given['id_token_validity'] !== undefined && {
      IdTokenValidity: client.given['id_token_validity'],
    }),
    TokenValidityUnits: {
      AccessToken: units['access_token'] ?? 'hours',
      IdToken: units['id_token'] ?? 'hours',
      RefreshToken: units['refresh_token'] ?? 'days',
    },
    ...(client.readAttributes && { ReadAttributes: client.readAttributes }),
    ...(client.writeAttributes && { WriteAttributes: client.writeAttributes }),
    ExplicitAuthFlows: client.authFlows,
    PreventUserExistenceErrors: client.hidesUnknownUsers ? 'ENABLED' : 'LEGACY',
    EnableTokenRevocation: client.tokenRevocation,
    AuthSessionValidity: client.challengeLifetime / 60_000,
    ...(client.rotationGrace !== undefined && {
      RefreshTokenRotation: { Feature: 'ENABLED', RetryGracePeriodSeconds: client.rotationGrace },
    }),
  };
}
