import {
  AdminAddUserToGroupCommand,
  AdminConfirmSignUpCommand,
  AdminCreateUserCommand,
  AdminDisableUserCommand,
  AdminEnableUserCommand,
  AdminGetUserCommand,
  AdminListGroupsForUserCommand,
  AdminUpdateUserAttributesCommand,
  ChangePasswordCommand,
  ConfirmForgotPasswordCommand,
  CreateGroupCommand,
  DeleteGroupCommand,
  ListUsersCommand,
  ListUsersInGroupCommand,
  SignUpCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { expect } from 'vitest';
import { type Case, refusalOf } from '../case.ts';
import { accessToken, newPool, newUser, password, service, settings, signIn } from './cognito-pool.ts';

export const cognitoUserCases: Case[] = [
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
      const PasswordPolicy = { MinimumLength: 10, RequireNumbers: true, RequireUppercase: true };
      const { ClientId } = await newPool(clients, { Policies: { PasswordPolicy } });
      const up = (Password: string) =>
        clients.cognito.send(new SignUpCommand({ ClientId, Username: 'ada', Password }));
      expect(await refusalOf(up('Short-1'))).toBe('InvalidPasswordException');
      expect(await refusalOf(up('No-Number-At-All'))).toBe('InvalidPasswordException');
      expect((await up('With-a-number-1')).UserSub).toBeDefined();
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
];
