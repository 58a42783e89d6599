import {
  AdminAddUserToGroupCommand,
  AdminConfirmSignUpCommand,
  AdminCreateUserCommand,
  AdminDisableUserCommand,
  AdminEnableUserCommand,
  AdminGetUserCommand,
  AdminInitiateAuthCommand,
  AdminListGroupsForUserCommand,
  AdminRespondToAuthChallengeCommand,
  AdminSetUserPasswordCommand,
  AdminUpdateUserAttributesCommand,
  AdminUserGlobalSignOutCommand,
  AssociateSoftwareTokenCommand,
  ChangePasswordCommand,
  ConfirmForgotPasswordCommand,
  CreateGroupCommand,
  CreateUserPoolClientCommand,
  CreateUserPoolCommand,
  type CreateUserPoolCommandInput,
  DeleteGroupCommand,
  GetUserCommand,
  GetUserPoolMfaConfigCommand,
  GlobalSignOutCommand,
  InitiateAuthCommand,
  ListUsersCommand,
  ListUsersInGroupCommand,
  RespondToAuthChallengeCommand,
  SetUserMFAPreferenceCommand,
  SetUserPoolMfaConfigCommand,
  SignUpCommand,
  VerifySoftwareTokenCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { expect } from 'vitest';
import { codeAt, stepAt } from '../../services/cognito/mfa/totp.ts';
import { type Case, type Clients, refusalOf } from '../case.ts';

const service = 'Cognito';
const password = 'Correct-Horse-9';
const settings = 'https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference';

interface Pool {
  UserPoolId: string;
  ClientId: string;
}

async function newPool({ cognito, name }: Clients, more: Partial<CreateUserPoolCommandInput> = {}) {
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

async function newUser({ cognito }: Clients, { UserPoolId }: Pool, Username: string) {
  await cognito.send(new AdminCreateUserCommand({ UserPoolId, Username, MessageAction: 'SUPPRESS' }));
  await cognito.send(
    new AdminSetUserPasswordCommand({ UserPoolId, Username, Password: password, Permanent: true }),
  );
}

const signIn = ({ cognito }: Clients, { ClientId }: Pool, USERNAME: string, PASSWORD = password) =>
  cognito.send(
    new InitiateAuthCommand({
      ClientId,
      AuthFlow: 'USER_PASSWORD_AUTH',
      AuthParameters: { USERNAME, PASSWORD },
    }),
  );

async function accessToken(clients: Clients, pool: Pool, username: string): Promise<string> {
  return (await signIn(clients, pool, username)).AuthenticationResult?.AccessToken ?? '';
}

const claimsOf = (token = '') =>
  JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8')) as Record<string, unknown>;

async function enrol({ cognito }: Clients, AccessToken: string): Promise<string> {
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

export const cognitoCases: Case[] = [
  {
    service,
    name: 'who signs up is let in once confirmed, and not before',
    operations: ['SignUp', 'AdminConfirmSignUp', 'InitiateAuth'],
    async run(clients) {
      const pool = await newPool(clients);
      const { UserSub, UserConfirmed } = await clients.cognito.send(
        new SignUpCommand({ ClientId: pool.ClientId, Username: 'ada', Password: password }),
      );
      expect(UserSub).toMatch(/^[0-9a-f-]{36}$/u);
      expect(UserConfirmed).toBe(false);
      expect(await refusalOf(signIn(clients, pool, 'ada'))).toBe('UserNotConfirmedException');
      await clients.cognito.send(
        new AdminConfirmSignUpCommand({ UserPoolId: pool.UserPoolId, Username: 'ada' }),
      );
      expect((await signIn(clients, pool, 'ada')).AuthenticationResult?.TokenType).toBe('Bearer');
    },
  },
  {
    service,
    name: 'a name is given once',
    operations: ['SignUp', 'AdminCreateUser'],
    async run(clients) {
      const pool = await newPool(clients);
      await newUser(clients, pool, 'ada');
      expect(await refusalOf(newUser(clients, pool, 'ada'))).toBe('UsernameExistsException');
      const again = new SignUpCommand({ ClientId: pool.ClientId, Username: 'ada', Password: password });
      expect(await refusalOf(clients.cognito.send(again))).toBe('UsernameExistsException');
    },
  },
  {
    service,
    name: 'a password has to follow the policy of the pool',
    operations: ['SignUp'],
    async run(clients) {
      const PasswordPolicy = { MinimumLength: 10, RequireNumbers: true };
      const { ClientId } = await newPool(clients, { Policies: { PasswordPolicy } });
      const up = (Password: string) =>
        clients.cognito.send(new SignUpCommand({ ClientId, Username: 'ada', Password }));
      expect(await refusalOf(up('Short-1'))).toBe('InvalidPasswordException');
      expect(await refusalOf(up('No-Number-At-All'))).toBe('InvalidPasswordException');
      expect((await up('with-a-number-1')).UserSub).toBeDefined();
    },
  },
  {
    service,
    name: 'a wrong password and an unknown name are told apart where nothing hides it',
    operations: ['InitiateAuth'],
    async run(clients) {
      const pool = await newPool(clients);
      await newUser(clients, pool, 'ada');
      expect(await refusalOf(signIn(clients, pool, 'ada', 'Wrong-Horse-9'))).toBe('NotAuthorizedException');
      expect(await refusalOf(signIn(clients, pool, 'nobody'))).toBe('UserNotFoundException');
    },
  },
  {
    service,
    name: 'a flow that the client does not allow is refused',
    operations: ['CreateUserPoolClient', 'InitiateAuth'],
    settled: `InvalidParameterException: the flow is not enabled for this client, ${settings}/API_InitiateAuth.html`,
    async run(clients) {
      const pool = await newPool(clients);
      await newUser(clients, pool, 'ada');
      const { UserPoolClient } = await clients.cognito.send(
        new CreateUserPoolClientCommand({
          UserPoolId: pool.UserPoolId,
          ClientName: 'srp alone',
          ExplicitAuthFlows: ['ALLOW_USER_SRP_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
        }),
      );
      const ClientId = UserPoolClient?.ClientId ?? '';
      expect(await refusalOf(signIn(clients, { ...pool, ClientId }, 'ada'))).toBe(
        'InvalidParameterException',
      );
    },
  },
  {
    service,
    name: 'a temporary password is replaced at the first sign-in',
    operations: ['AdminCreateUser', 'AdminInitiateAuth', 'AdminRespondToAuthChallenge'],
    async run(clients) {
      const { cognito } = clients;
      const pool = await newPool(clients);
      await cognito.send(
        new AdminCreateUserCommand({
          UserPoolId: pool.UserPoolId,
          Username: 'ada',
          TemporaryPassword: 'Temporary-Horse-1',
          MessageAction: 'SUPPRESS',
        }),
      );
      const { ChallengeName, Session } = await cognito.send(
        new AdminInitiateAuthCommand({
          ...pool,
          AuthFlow: 'ADMIN_USER_PASSWORD_AUTH',
          AuthParameters: { USERNAME: 'ada', PASSWORD: 'Temporary-Horse-1' },
        }),
      );
      expect(ChallengeName).toBe('NEW_PASSWORD_REQUIRED');
      const answer = await cognito.send(
        new AdminRespondToAuthChallengeCommand({
          ...pool,
          ChallengeName: 'NEW_PASSWORD_REQUIRED',
          Session,
          ChallengeResponses: { USERNAME: 'ada', NEW_PASSWORD: password },
        }),
      );
      expect(answer.AuthenticationResult?.IdToken).toBeDefined();
      expect((await signIn(clients, pool, 'ada')).AuthenticationResult).toBeDefined();
    },
  },
  {
    service,
    name: 'tokens tell who signed in, for whom, and in which groups',
    operations: ['CreateGroup', 'AdminAddUserToGroup', 'InitiateAuth'],
    async run(clients) {
      const { cognito } = clients;
      const pool = await newPool(clients);
      await newUser(clients, pool, 'ada');
      await cognito.send(new CreateGroupCommand({ UserPoolId: pool.UserPoolId, GroupName: 'staff' }));
      await cognito.send(
        new AdminAddUserToGroupCommand({
          UserPoolId: pool.UserPoolId,
          GroupName: 'staff',
          Username: 'ada',
        }),
      );
      const { AuthenticationResult } = await signIn(clients, pool, 'ada');
      const id = claimsOf(AuthenticationResult?.IdToken);
      expect(id).toMatchObject({
        token_use: 'id',
        aud: pool.ClientId,
        'cognito:username': 'ada',
        'cognito:groups': ['staff'],
      });
      expect(String(id['iss'])).toMatch(new RegExp(`/${pool.UserPoolId}$`, 'u'));
      expect(claimsOf(AuthenticationResult?.AccessToken)).toMatchObject({
        token_use: 'access',
        client_id: pool.ClientId,
        username: 'ada',
      });
    },
  },
  {
    service,
    name: 'the role of the group of highest precedence is the preferred one',
    operations: ['CreateGroup', 'InitiateAuth'],
    settled:
      'cognito:preferred_role is of the group with the lowest precedence value: https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-user-groups.html',
    async run(clients) {
      const { cognito } = clients;
      const pool = await newPool(clients);
      const { UserPoolId } = pool;
      await newUser(clients, pool, 'ada');
      const role = (GroupName: string) => `arn:aws:iam::000000000000:role/${GroupName}`;
      for (const [Precedence, GroupName] of ['first', 'second'].entries()) {
        const group = { UserPoolId, GroupName, Precedence, RoleArn: role(GroupName) };
        await cognito.send(new CreateGroupCommand(group));
        await cognito.send(new AdminAddUserToGroupCommand({ UserPoolId, GroupName, Username: 'ada' }));
      }
      const { AuthenticationResult } = await signIn(clients, pool, 'ada');
      expect(claimsOf(AuthenticationResult?.IdToken)).toMatchObject({
        'cognito:roles': [role('first'), role('second')],
        'cognito:preferred_role': role('first'),
      });
    },
  },
  {
    service,
    name: 'a refresh token gives new tokens until the user is signed out everywhere',
    operations: ['InitiateAuth', 'AdminUserGlobalSignOut', 'GlobalSignOut', 'GetUser'],
    settled: `NotAuthorizedException: refresh and access tokens are revoked, ${settings}/API_AdminUserGlobalSignOut.html`,
    async run(clients) {
      const { cognito } = clients;
      const pool = await newPool(clients);
      await newUser(clients, pool, 'ada');
      const { AuthenticationResult } = await signIn(clients, pool, 'ada');
      const { RefreshToken = '', AccessToken = '' } = AuthenticationResult ?? {};
      const refresh = () =>
        cognito.send(
          new InitiateAuthCommand({
            ClientId: pool.ClientId,
            AuthFlow: 'REFRESH_TOKEN_AUTH',
            AuthParameters: { REFRESH_TOKEN: RefreshToken },
          }),
        );
      expect((await refresh()).AuthenticationResult?.AccessToken).toBeDefined();
      await cognito.send(new AdminUserGlobalSignOutCommand({ UserPoolId: pool.UserPoolId, Username: 'ada' }));
      expect(await refusalOf(refresh())).toBe('NotAuthorizedException');
      expect(await refusalOf(cognito.send(new GlobalSignOutCommand({ AccessToken })))).toBe(
        'NotAuthorizedException',
      );
    },
  },
  {
    service,
    name: 'a disabled user is kept out until enabled again',
    operations: ['AdminDisableUser', 'AdminEnableUser'],
    async run(clients) {
      const { cognito } = clients;
      const pool = await newPool(clients);
      await newUser(clients, pool, 'ada');
      const user = { UserPoolId: pool.UserPoolId, Username: 'ada' };
      await cognito.send(new AdminDisableUserCommand(user));
      expect(await refusalOf(signIn(clients, pool, 'ada'))).toBe('NotAuthorizedException');
      await cognito.send(new AdminEnableUserCommand(user));
      expect((await signIn(clients, pool, 'ada')).AuthenticationResult).toBeDefined();
    },
  },
  {
    service,
    name: 'a password is changed by who knows it',
    operations: ['ChangePassword'],
    async run(clients) {
      const pool = await newPool(clients);
      await newUser(clients, pool, 'ada');
      const AccessToken = await accessToken(clients, pool, 'ada');
      const change = (PreviousPassword: string) =>
        clients.cognito.send(
          new ChangePasswordCommand({ AccessToken, PreviousPassword, ProposedPassword: 'Another-Horse-9' }),
        );
      expect(await refusalOf(change('Wrong-Horse-9'))).toBe('NotAuthorizedException');
      await change(password);
      expect((await signIn(clients, pool, 'ada', 'Another-Horse-9')).AuthenticationResult).toBeDefined();
    },
  },
  {
    service,
    name: 'a code that nobody was sent resets no password',
    operations: ['ConfirmForgotPassword'],
    settled: `ExpiredCodeException where no code was asked for, ${settings}/API_ConfirmForgotPassword.html`,
    async run(clients) {
      const pool = await newPool(clients);
      await newUser(clients, pool, 'ada');
      const confirm = new ConfirmForgotPasswordCommand({
        ClientId: pool.ClientId,
        Username: 'ada',
        ConfirmationCode: '123456',
        Password: 'Another-Horse-9',
      });
      expect(await refusalOf(clients.cognito.send(confirm))).toBe('ExpiredCodeException');
    },
  },
  {
    service,
    name: 'custom attributes have a type, bounds and may be set once',
    operations: ['CreateUserPool', 'AdminCreateUser', 'AdminUpdateUserAttributes'],
    settled:
      'Constraints and mutability of attributes: https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-attributes.html',
    async run(clients) {
      const { cognito } = clients;
      const { UserPoolId } = await newPool(clients, {
        Schema: [
          {
            Name: 'age',
            AttributeDataType: 'Number',
            NumberAttributeConstraints: { MinValue: '18', MaxValue: '99' },
          },
          { Name: 'tenant', AttributeDataType: 'String', Mutable: false },
        ],
      });
      const create = (Username: string, Value: string) =>
        cognito.send(
          new AdminCreateUserCommand({
            UserPoolId,
            Username,
            MessageAction: 'SUPPRESS',
            UserAttributes: [
              { Name: 'custom:age', Value },
              { Name: 'custom:tenant', Value: 'acme' },
            ],
          }),
        );
      expect(await refusalOf(create('bob', '17'))).toBe('InvalidParameterException');
      await create('ada', '36');
      const update = (Name: string, Value: string) =>
        cognito.send(
          new AdminUpdateUserAttributesCommand({
            UserPoolId,
            Username: 'ada',
            UserAttributes: [{ Name, Value }],
          }),
        );
      await update('custom:age', '37');
      expect(await refusalOf(update('custom:tenant', 'other'))).toBe('InvalidParameterException');
      const { UserAttributes } = await cognito.send(new AdminGetUserCommand({ UserPoolId, Username: 'ada' }));
      expect(UserAttributes).toContainEqual({ Name: 'custom:age', Value: '37' });
    },
  },
  {
    service,
    name: 'users are found by filters, page by page',
    operations: ['ListUsers'],
    async run(clients) {
      const { cognito } = clients;
      const { UserPoolId } = await newPool(clients);
      for (const Username of ['ada', 'alan', 'grace']) {
        await cognito.send(
          new AdminCreateUserCommand({
            UserPoolId,
            Username,
            MessageAction: 'SUPPRESS',
            UserAttributes: [{ Name: 'email', Value: `${Username}@example.com` }],
          }),
        );
      }
      const list = async (input: object) => cognito.send(new ListUsersCommand({ UserPoolId, ...input }));
      const names = async (Filter: string) =>
        (await list({ Filter })).Users?.map(({ Username }) => Username).sort();
      expect(await names('email = "grace@example.com"')).toEqual(['grace']);
      expect(await names('username ^= "a"')).toEqual(['ada', 'alan']);
      const first = await list({ Limit: 2 });
      const second = await list({ Limit: 2, PaginationToken: first.PaginationToken });
      expect([first.Users?.length, second.Users?.length]).toEqual([2, 1]);
      expect(second.PaginationToken).toBeUndefined();
    },
  },
  {
    service,
    name: 'a group that is deleted has no members',
    operations: ['DeleteGroup', 'AdminListGroupsForUser', 'ListUsersInGroup'],
    async run(clients) {
      const { cognito } = clients;
      const pool = await newPool(clients);
      const group = { UserPoolId: pool.UserPoolId, GroupName: 'staff' };
      await newUser(clients, pool, 'ada');
      await cognito.send(new CreateGroupCommand(group));
      expect(await refusalOf(cognito.send(new CreateGroupCommand(group)))).toBe('GroupExistsException');
      await cognito.send(new AdminAddUserToGroupCommand({ ...group, Username: 'ada' }));
      const members = await cognito.send(new ListUsersInGroupCommand(group));
      expect(members.Users?.map(({ Username }) => Username)).toEqual(['ada']);
      await cognito.send(new DeleteGroupCommand(group));
      const { Groups } = await cognito.send(
        new AdminListGroupsForUserCommand({ UserPoolId: pool.UserPoolId, Username: 'ada' }),
      );
      expect(Groups).toEqual([]);
    },
  },
  {
    service,
    name: 'an authenticator app is asked for once it is proved and preferred',
    operations: [
      'SetUserPoolMfaConfig',
      'GetUserPoolMfaConfig',
      'AssociateSoftwareToken',
      'VerifySoftwareToken',
      'SetUserMFAPreference',
    ],
    async run(clients) {
      const { cognito } = clients;
      const pool = await newPool(clients);
      const MfaConfiguration = 'OPTIONAL' as const;
      const SoftwareTokenMfaConfiguration = { Enabled: true };
      const { UserPoolId } = pool;
      await cognito.send(
        new SetUserPoolMfaConfigCommand({ UserPoolId, MfaConfiguration, SoftwareTokenMfaConfiguration }),
      );
      const config = await cognito.send(new GetUserPoolMfaConfigCommand({ UserPoolId }));
      expect(config).toMatchObject({ MfaConfiguration, SoftwareTokenMfaConfiguration });
      await newUser(clients, pool, 'ada');
      const AccessToken = await accessToken(clients, pool, 'ada');
      await enrol(clients, AccessToken);
      expect(await cognito.send(new GetUserCommand({ AccessToken }))).toMatchObject({
        PreferredMfaSetting: 'SOFTWARE_TOKEN_MFA',
      });
      expect((await signIn(clients, pool, 'ada')).ChallengeName).toBe('SOFTWARE_TOKEN_MFA');
    },
  },
  {
    service,
    name: 'a code of an authenticator app that is wrong lets nobody in',
    operations: ['RespondToAuthChallenge', 'VerifySoftwareToken'],
    settled: `CodeMismatchException: the code does not match, ${settings}/API_RespondToAuthChallenge.html`,
    async run(clients) {
      const { cognito } = clients;
      const pool = await newPool(clients);
      await cognito.send(
        new SetUserPoolMfaConfigCommand({
          UserPoolId: pool.UserPoolId,
          MfaConfiguration: 'OPTIONAL',
          SoftwareTokenMfaConfiguration: { Enabled: true },
        }),
      );
      await newUser(clients, pool, 'ada');
      const secret = await enrol(clients, await accessToken(clients, pool, 'ada'));
      const { Session } = await signIn(clients, pool, 'ada');
      const now = stepAt(Date.now());
      const good = [-2, -1, 0, 1, 2].map((offset) => codeAt(secret, now + offset));
      const bad = ['000000', '111111', '222222', '333333', '444444', '555555'].find(
        (code) => !good.includes(code),
      );
      const answer = new RespondToAuthChallengeCommand({
        ClientId: pool.ClientId,
        ChallengeName: 'SOFTWARE_TOKEN_MFA',
        Session,
        ChallengeResponses: { USERNAME: 'ada', SOFTWARE_TOKEN_MFA_CODE: bad ?? '' },
      });
      expect(await refusalOf(cognito.send(answer))).toBe('CodeMismatchException');
    },
  },
];
