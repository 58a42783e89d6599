import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';
import {
  AdminDisableUserCommand,
  AdminEnableUserCommand,
  AdminGetUserCommand,
  AdminListGroupsForUserCommand,
  AdminListUserAuthEventsCommand,
  AdminUserGlobalSignOutCommand,
  CognitoIdentityProviderClient,
  DescribeUserPoolCommand,
  InitiateAuthCommand,
  ListGroupsCommand,
  ListUserPoolsCommand,
  ListUsersCommand,
  ListUsersInGroupCommand,
  type UserType,
} from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Gateway, listen } from '../../gateway/gateway.ts';
import { createTestPool, type TestPool, testPassword } from './fixture.ts';

const run = promisify(execFile);
const hasCli = spawnSync('aws', ['--version']).status === 0;
const hasBoto = spawnSync('python3', ['-c', 'import boto3']).status === 0;
const emails = ['ada@example.com', 'bob@example.com', 'cyd@sample.org'];

let pool: TestPool;
let gateway: Gateway;
let client: CognitoIdentityProviderClient;
let usernames: string[];

beforeAll(async () => {
  pool = await createTestPool({ pool: { user_pool_add_ons: { advanced_security_mode: 'AUDIT' } } });
  usernames = [];
  for (const email of emails) usernames.push(await pool.addUser(email, testPassword, ['operator']));
  gateway = await listen(0, pool.cloud.logger);
  gateway.open([pool.service], pool.cloud);
  client = new CognitoIdentityProviderClient({
    endpoint: gateway.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
});

afterAll(async () => {
  client.destroy();
  await gateway.close();
  pool.cloud.remove();
});

const UserPoolId = () => pool.poolId;
const emailOf = ({ Attributes }: UserType) => Attributes?.find(({ Name }) => Name === 'email')?.Value;

describe('the JavaScript SDK', () => {
  it('lists users page by page, each with what AWS tells', async () => {
    const seen: UserType[] = [];
    let token: string | undefined;
    do {
      const page = await client.send(
        new ListUsersCommand({ UserPoolId: UserPoolId(), Limit: 2, PaginationToken: token }),
      );
      expect(page.Users?.length).toBeLessThanOrEqual(2);
      seen.push(...(page.Users ?? []));
      token = page.PaginationToken;
    } while (token !== undefined);
    expect(seen.map(emailOf).sort()).toEqual(emails);
    for (const user of seen) {
      expect(user).toMatchObject({ Enabled: true, UserStatus: 'CONFIRMED' });
      expect(user.UserCreateDate).toBeInstanceOf(Date);
      expect(user.UserLastModifiedDate).toBeInstanceOf(Date);
      expect(user.Attributes?.map(({ Name }) => Name)).toContain('sub');
    }
  });

  it.each([
    ['email = "bob@example.com"', ['bob@example.com']],
    ['email ^= "a"', ['ada@example.com']],
    ['"email" ^= "nobody"', []],
    ['cognito:user_status = "CONFIRMED"', emails],
    ['status = "Disabled"', []],
  ])('finds users by %s', async (Filter, expected) => {
    const { Users = [] } = await client.send(new ListUsersCommand({ UserPoolId: UserPoolId(), Filter }));
    expect(Users.map(emailOf).sort()).toEqual(expected);
  });

  it('gets only the attributes it asks for', async () => {
    const list = (AttributesToGet: string[]) =>
      client.send(new ListUsersCommand({ UserPoolId: UserPoolId(), AttributesToGet, Limit: 1 }));
    const { Users: [user] = [] } = await list(['email']);
    expect(user?.Attributes?.map(({ Name }) => Name)).toEqual(['email']);
    await expect(list(['shoe_size'])).rejects.toMatchObject({ name: 'InvalidParameterException' });
  });

  it.each([
    { Limit: 61 },
    { Filter: 'email > "a"' },
    { Filter: 'custom:tenant = "acme"' },
    { PaginationToken: '' },
  ])('is refused %j', async (input) => {
    const command = new ListUsersCommand({ UserPoolId: UserPoolId(), ...input });
    await expect(client.send(command)).rejects.toMatchObject({ name: 'InvalidParameterException' });
  });

  it('is told of a pool that does not exist', async () => {
    const command = new ListUsersCommand({ UserPoolId: 'us-east-1_nothing00' });
    await expect(client.send(command)).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: 'User pool us-east-1_nothing00 does not exist.',
    });
  });

  it('reads pools, groups and who is in them', async () => {
    const pools = await client.send(new ListUserPoolsCommand({ MaxResults: 10 }));
    expect(pools.UserPools).toMatchObject([{ Id: pool.poolId, Name: 'users', LambdaConfig: {} }]);
    const described = await client.send(new DescribeUserPoolCommand({ UserPoolId: UserPoolId() }));
    expect(described.UserPool).toMatchObject({ EstimatedNumberOfUsers: 3, MfaConfiguration: 'OFF' });
    const groups = await client.send(new ListGroupsCommand({ UserPoolId: UserPoolId() }));
    expect(groups.Groups?.map(({ GroupName }) => GroupName)).toEqual(['admin', 'operator']);
    const members = await client.send(
      new ListUsersInGroupCommand({ UserPoolId: UserPoolId(), GroupName: 'operator' }),
    );
    expect(members.Users?.map(emailOf).sort()).toEqual(emails);
    const own = await client.send(
      new AdminListGroupsForUserCommand({ UserPoolId: UserPoolId(), Username: emails[0] }),
    );
    expect(own.Groups?.map(({ GroupName }) => GroupName)).toEqual(['operator']);
  });

  it('disables, enables and signs out a user, and reads the user back', async () => {
    const user = { UserPoolId: UserPoolId(), Username: emails[2] };
    const read = async () => client.send(new AdminGetUserCommand(user));
    await client.send(new AdminDisableUserCommand(user));
    expect(await read()).toMatchObject({ Username: usernames[2], Enabled: false, UserStatus: 'CONFIRMED' });
    await client.send(new AdminEnableUserCommand(user));
    await client.send(new AdminUserGlobalSignOutCommand(user));
    const { UserAttributes, Enabled, UserCreateDate } = await read();
    expect(Enabled).toBe(true);
    expect(UserCreateDate).toBeInstanceOf(Date);
    expect(UserAttributes).toContainEqual({ Name: 'email', Value: 'cyd@sample.org' });
  });

  it('reads the sign-ins of a user', async () => {
    const signIn = (PASSWORD: string) =>
      client.send(
        new InitiateAuthCommand({
          ClientId: pool.clientId,
          AuthFlow: 'USER_PASSWORD_AUTH',
          AuthParameters: { USERNAME: emails[0] ?? '', PASSWORD },
        }),
      );
    await expect(signIn('Wrong-Horse-99')).rejects.toMatchObject({ name: 'NotAuthorizedException' });
    await signIn(testPassword);
    const { AuthEvents = [] } = await client.send(
      new AdminListUserAuthEventsCommand({ UserPoolId: UserPoolId(), Username: emails[0] }),
    );
    expect(AuthEvents.map(({ EventResponse }) => EventResponse)).toEqual(['Pass', 'Fail']);
    expect(AuthEvents[0]?.CreationDate).toBeInstanceOf(Date);
  });
});

describe.skipIf(!hasCli)('the aws CLI (skipped where it is not installed)', () => {
  it('lists users over several pages by itself', async () => {
    const { stdout } = await run(
      'aws',
      [
        ...['--endpoint-url', gateway.url, '--output', 'json', 'cognito-idp', 'list-users'],
        ...['--user-pool-id', pool.poolId, '--page-size', '2', '--attributes-to-get', 'email'],
      ],
      {
        env: {
          ...process.env,
          AWS_ACCESS_KEY_ID: 'test',
          AWS_SECRET_ACCESS_KEY: 'test',
          AWS_DEFAULT_REGION: 'us-east-1',
        },
      },
    );
    const { Users } = JSON.parse(stdout) as { Users: UserType[] };
    expect(Users.map(emailOf).sort()).toEqual(emails);
  });
});

describe.skipIf(!hasBoto)('boto3 (skipped where it is not installed)', () => {
  it('reads times as times', async () => {
    const script = `
import boto3, json, sys
cognito = boto3.client('cognito-idp', endpoint_url=sys.argv[1], region_name='us-east-1', aws_access_key_id='test', aws_secret_access_key='test')
user = cognito.list_users(UserPoolId=sys.argv[2], Filter='email ^= "bob"')['Users'][0]
print(json.dumps([user['UserCreateDate'].year, user['UserStatus'], user['Enabled']]))
`;
    const { stdout } = await run('python3', ['-c', script, gateway.url, pool.poolId]);
    expect(JSON.parse(stdout)).toEqual([new Date().getFullYear(), 'CONFIRMED', true]);
  });
});
