import { blocks } from '../../core/blocks.ts';
import type { Attributes } from '../../core/service.ts';

/** A `CreateUserPool` request as `aws_cognito_user_pool` says the same. */
export function poolAsTerraform(input: Attributes): Attributes {
  const { PoolName, Policies, Schema, UserPoolTags, ...rest } = input;
  const { PasswordPolicy, SignInPolicy } = (Policies ?? {}) as Attributes;
  return {
    ...(snake(rest) as Attributes),
    name: PoolName,
    ...(PasswordPolicy !== undefined && { password_policy: snake(PasswordPolicy) }),
    ...(SignInPolicy !== undefined && { sign_in_policy: snake(SignInPolicy) }),
    ...(UserPoolTags !== undefined && { tags: UserPoolTags }),
    ...(Schema !== undefined && { schema: blocks(Schema).map(schemaAsTerraform) }),
    ...recovery(rest['AccountRecoverySetting']),
  };
}

/** A `CreateUserPoolClient` request as `aws_cognito_user_pool_client` says the same. */
export function clientAsTerraform({ ClientName, ...rest }: Attributes): Attributes {
  return { ...(snake(rest) as Attributes), name: ClientName };
}

/** The API lets an attribute change where it says nothing, the Terraform does not. */
function schemaAsTerraform(attribute: Attributes): Attributes {
  return { attribute_data_type: 'String', mutable: true, ...(snake(attribute) as Attributes) };
}

function recovery(setting: unknown): Attributes {
  const mechanisms = (setting as Attributes | undefined)?.['RecoveryMechanisms'];
  return mechanisms ? { account_recovery_setting: { recovery_mechanism: snake(mechanisms) } } : {};
}

/** Names of the API in the Terraform provider's spelling, at every depth. */
function snake(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(snake);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name.replaceAll(/(?<=[a-z0-9])([A-Z])/g, '_$1').toLowerCase(),
      snake(inner),
    ]),
  );
}
