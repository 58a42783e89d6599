import { GetRoleCommand, ListRolesCommand } from '@aws-sdk/client-iam';
import { expect } from 'vitest';
import { type Case, refusalOf, roleName } from '../case.ts';

const service = 'IAM';

export const iamCases: Case[] = [
  {
    service,
    name: 'a role is told with its trust policy, encoded',
    operations: ['GetRole'],
    async run({ iam, role }) {
      const { Role } = await iam.send(new GetRoleCommand({ RoleName: roleName }));
      expect(Role).toMatchObject({ RoleName: roleName, Path: '/', MaxSessionDuration: 3600 });
      expect(Role?.Arn).toBe(role);
      expect(Role?.RoleId).toMatch(/^AROA[A-Z0-9]{17}$/u);
      expect(Role?.CreateDate).toBeInstanceOf(Date);
      const trust = JSON.parse(decodeURIComponent(Role?.AssumeRolePolicyDocument ?? ''));
      expect(trust.Statement[0]).toMatchObject({ Effect: 'Allow', Action: 'sts:AssumeRole' });
    },
  },
  {
    service,
    name: 'a role that is not there is refused by name',
    operations: ['GetRole'],
    async run({ iam, name }) {
      const get = iam.send(new GetRoleCommand({ RoleName: name() }));
      expect(await refusalOf(get)).toBe('NoSuchEntityException');
    },
  },
  {
    service,
    name: 'roles are listed by their path',
    operations: ['ListRoles'],
    async run({ iam }) {
      const all = await iam.send(new ListRolesCommand({}));
      expect(all.Roles?.map(({ RoleName }) => RoleName)).toContain(roleName);
      expect(all.IsTruncated).toBe(false);
      const none = await iam.send(new ListRolesCommand({ PathPrefix: '/nowhere/' }));
      expect(none.Roles).toEqual([]);
    },
  },
];
