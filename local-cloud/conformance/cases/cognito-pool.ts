import {
  AdminCreateUserCommand,
  AdminSetUserPasswordCommand,
  AssociateSoftwareTokenCommand,
  CreateUserPoolClientCommand,
  CreateUserPoolCommand,
  type CreateUserPoolCommandInput,
  InitiateAuthCommand,
  SetUserMFAPreferenceCommand,
  VerifySoftwareTokenCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { codeAt, stepAt } from '../../services/cognito/mfa/totp.ts';
import type { Clients } from '../case.ts';

export const service = 'Cognito';
export const password = 'Correct-Horse-9';
export const settings = 'https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference';

export interface Pool {
  UserPoolId: string;
  ClientId: string;
}

export async function newPool({ cognito, name }: Clients, more: Partial<CreateUserPoolCommandInput> = {}) {
  const { UserPool } = await cognito.send(new CreateUserPoolCommand({ PoolName: name(), ...more }));
  const UserPoolId = UserPool?.Id ?? '';
  const { UserPoolClient } = await cognito.send(
    new CreateUserPoolClientCommand({
      UserPoolId,
      ClientName: 'app',
      ExplicitAuthFlows: [
        'ALLOW_USER_PASSWORD_AUTH',
        'ALLOW_ADMIN_USER_PASSWORD_AUTH',
        'ALLOW_REFRESH_TOKEN_AUTH',
      ],
    }),
  );
  return { UserPoolId, ClientId: UserPoolClient?.ClientId ?? '' };
}

export async function newUser({ cognito }: Clients, { UserPoolId }: Pool, Username: string) {
  await cognito.send(new AdminCreateUserCommand({ UserPoolId, Username, MessageAction: 'SUPPRESS' }));
  await cognito.send(
    new AdminSetUserPasswordCommand({ UserPoolId, Username, Password: password, Permanent: true }),
  );
}

export const signIn = ({ cognito }: Clients, { ClientId }: Pool, USERNAME: string, PASSWORD = password) =>
  cognito.send(
    new InitiateAuthCommand({
      ClientId,
      AuthFlow: 'USER_PASSWORD_AUTH',
      AuthParameters: { USERNAME, PASSWORD },
    }),
  );

export async function accessToken(clients: Clients, pool: Pool, username: string): Promise<string> {
  return (await signIn(clients, pool, username)).AuthenticationResult?.AccessToken ?? '';
}

export const claimsOf = (token = '') =>
  JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8')) as Record<string, unknown>;

export async function enrol({ cognito }: Clients, AccessToken: string): Promise<string> {
  const { SecretCode = '' } = await cognito.send(new AssociateSoftwareTokenCommand({ AccessToken }));
  const UserCode = codeAt(SecretCode, stepAt(Date.now()));
  await cognito.send(new VerifySoftwareTokenCommand({ AccessToken, UserCode }));
  await cognito.send(
    new SetUserMFAPreferenceCommand({
      AccessToken,
      SoftwareTokenMfaSettings: { Enabled: true, PreferredMfa: true },
    }),
  );
  return SecretCode;
}
