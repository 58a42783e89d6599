import type { AttributeType, UserStatusType } from '@aws-sdk/client-cognito-identity-provider';

/** What Cognito says of an account, by the names of ListUsers. */
interface Account {
  readonly Username?: string | undefined;
  readonly Attributes?: AttributeType[] | undefined;
  readonly UserStatus?: UserStatusType | undefined;
  readonly Enabled?: boolean | undefined;
  readonly UserCreateDate?: Date | undefined;
  readonly UserLastModifiedDate?: Date | undefined;
}

/** A person's account, with nothing of it but what the console shows. */
export function userOf(account: Account) {
  const attribute = (name: string) => account.Attributes?.find(({ Name }) => Name === name)?.Value;
  return {
    username: account.Username,
    subject: attribute('sub'),
    email: attribute('email'),
    emailVerified: attribute('email_verified') === 'true',
    name: attribute('name'),
    tenant: attribute('custom:tenant'),
    status: account.UserStatus,
    enabled: account.Enabled,
    createdAt: account.UserCreateDate?.toISOString(),
    modifiedAt: account.UserLastModifiedDate?.toISOString(),
  };
}
