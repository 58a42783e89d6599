import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  AdminAddUserToGroupCommand,
  AdminCreateUserCommand,
  AdminSetUserPasswordCommand,
  CognitoIdentityProviderClient,
  UsernameExistsException,
} from '@aws-sdk/client-cognito-identity-provider';

export interface DemoUser {
  readonly email: string;
  readonly password: string;
  readonly groups: readonly string[];
  readonly tenant: string;
}

const people = [
  { name: 'admin', group: 'admin', tenant: 'skafu' },
  { name: 'operator', group: 'operator', tenant: 'skafu' },
  { name: 'developer', group: 'developer', tenant: 'skafu' },
  { name: 'viewer', group: 'viewer', tenant: 'skafu' },
  { name: 'operator', group: 'operator', tenant: 'neighbour' },
];

/**
 * Makes sure that the demo users can sign in, and answers them. Their passwords are random, made once per data folder
 * and kept there for their owner's eyes only.
 */
export async function ensureDemoUsers(
  dataDirectory: string,
  pool: { endpoint: string; region: string; userPoolId: string },
): Promise<DemoUser[]> {
  const file = join(dataDirectory, 'demo-users.json');
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as DemoUser[];

  const users = people.map(({ name, group, tenant }) => ({
    email: `${name}@${tenant}.example`,
    // The ending meets any password policy; the rest is what guards it.
    password: `${randomBytes(15).toString('base64url')}aA1!`,
    groups: [group],
    tenant,
  }));
  const client = new CognitoIdentityProviderClient({
    endpoint: pool.endpoint,
    region: pool.region,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  try {
    for (const user of users) await ensureUser(client, pool.userPoolId, user);
  } finally {
    client.destroy();
  }
  writeFileSync(file, `${JSON.stringify(users, null, 2)}\n`, { mode: 0o600 });
  return users;
}

async function ensureUser(
  client: CognitoIdentityProviderClient,
  UserPoolId: string,
  user: DemoUser,
): Promise<void> {
  const account = { UserPoolId, Username: user.email };
  try {
    await client.send(
      new AdminCreateUserCommand({
        ...account,
        MessageAction: 'SUPPRESS',
        UserAttributes: [
          { Name: 'email', Value: user.email },
          { Name: 'email_verified', Value: 'true' },
          { Name: 'custom:tenant', Value: user.tenant },
        ],
      }),
    );
  } catch (error) {
    // A start that was interrupted half way left the account, but nobody knows its password: it gets a new one below.
    if (!(error instanceof UsernameExistsException)) throw error;
  }
  await client.send(
    new AdminSetUserPasswordCommand({ ...account, Password: user.password, Permanent: true }),
  );
  for (const GroupName of user.groups)
    await client.send(new AdminAddUserToGroupCommand({ ...account, GroupName }));
}
