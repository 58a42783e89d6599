import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { expect } from 'vitest';
import { type Case, refusalOf } from '../case.ts';

const service = 'STS';

export const stsCases: Case[] = [
  {
    service,
    name: 'whoever asks is told who they are',
    operations: ['GetCallerIdentity'],
    async run({ sts }) {
      const { Account, Arn, UserId } = await sts.send(new GetCallerIdentityCommand({}));
      expect(Account).toMatch(/^\d{12}$/u);
      expect(Arn).toContain(`::${Account}:`);
      expect(UserId).toBeTruthy();
    },
  },
  {
    service,
    name: 'the credentials of a role are temporary, and act as that role',
    operations: ['AssumeRole', 'GetCallerIdentity'],
    async run(clients) {
      const RoleArn = clients.role;
      const { Credentials, AssumedRoleUser } = await clients.sts.send(
        new AssumeRoleCommand({ RoleArn, RoleSessionName: 'session' }),
      );
      expect(Credentials?.AccessKeyId).toMatch(/^ASIA[A-Z0-9]{16}$/u);
      expect(Credentials?.Expiration?.getTime()).toBeGreaterThan(Date.now() + 3_000_000);
      expect(AssumedRoleUser?.Arn).toMatch(/:assumed-role\/conformance\/session$/u);
      const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = Credentials ?? {};
      const endpoint = await clients.sts.config.endpoint?.();
      const asRole = new STSClient({
        region: 'us-east-1',
        ...(endpoint ? { endpoint } : {}),
        credentials: {
          ...{ accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken },
        },
      });
      const { Arn } = await asRole.send(new GetCallerIdentityCommand({}));
      expect(Arn).toBe(AssumedRoleUser?.Arn);
    },
  },
  {
    service,
    name: 'a name of a session that is none is refused',
    operations: ['AssumeRole'],
    settled:
      'RoleSessionName has 2 to 64 of certain characters: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html',
    async run(clients) {
      const RoleArn = clients.role;
      const assume = clients.sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'a b' }));
      expect(await refusalOf(assume)).toMatch(/Validation/u);
    },
  },
  {
    service,
    name: 'a role that is not there cannot be assumed, and it is not said that it is not there',
    operations: ['AssumeRole'],
    settled:
      'A role that does not exist is AccessDenied, as one that may not be assumed: https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_roles.html',
    async run(clients) {
      const RoleArn = `${clients.role}-none`;
      const assume = clients.sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'session' }));
      expect(await refusalOf(assume)).toMatch(/^AccessDenied/u);
    },
  },
];
