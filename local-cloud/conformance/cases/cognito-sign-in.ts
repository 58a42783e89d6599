import {
  AdminAddUserToGroupCommand,
  AdminCreateUserCommand,
  AdminInitiateAuthCommand,
  AdminRespondToAuthChallengeCommand,
  AdminUserGlobalSignOutCommand,
  CreateGroupCommand,
  CreateUserPoolClientCommand,
  GetUserCommand,
  GetUserPoolMfaConfigCommand,
  GlobalSignOutCommand,
  InitiateAuthCommand,
  RespondToAuthChallengeCommand,
  SetUserPoolMfaConfigCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { expect } from 'vitest';
import { codeAt, stepAt } from '../../services/cognito/mfa/totp.ts';
import { type Case, refusalOf } from '../case.ts';
import {
  accessToken,
  claimsOf,
  enrol,
  newPool,
  newUser,
  password,
  service,
  settings,
  signIn,
} from './cognito-pool.ts';

export const cognitoSignInCases: Case[] = [
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
