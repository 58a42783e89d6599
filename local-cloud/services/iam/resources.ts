import { createHash } from 'node:crypto';
import type { Cloud } from '../../core/cloud.ts';
import { AwsError } from '../../core/errors.ts';
import type { Attributes, ResourceHandler } from '../../core/service.ts';
import { managedByAws } from './managed-policies.ts';
import { readPolicy } from './policy.ts';
import type { Roles } from './roles.ts';

/** AWS's ids are a prefix that tells the kind and twenty capitals and digits. */
function uniqueId(prefix: string, address: string): string {
  const hash = createHash('sha256').update(address).digest();
  return (
    prefix + [...hash.subarray(0, 17)].map((byte) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'[byte % 32]).join('')
  );
}

const nameOf = (desired: Attributes, address: string) =>
  String(desired['name'] ?? address.replace(/^.*\./u, ''));

/** Terraform types of roles and their policies. */
export function roleResources({ accountId }: Cloud, roles: Roles): Record<string, ResourceHandler> {
  const role: ResourceHandler = {
    async apply({ address, desired }, previous) {
      const name = String(desired['name'] ?? previous?.['name'] ?? address.replace(/^.*\./u, ''));
      const path = String(desired['path'] ?? '/');
      const arn = `arn:aws:iam::${accountId}:role${path}${name}`;
      const created = String(previous?.['create_date'] ?? new Date().toISOString());
      const id = uniqueId('AROA', address);
      const description = desired['description'] === undefined ? undefined : String(desired['description']);
      const trust = readPolicy(desired['assume_role_policy']);
      const trustDocument = String(desired['assume_role_policy']);
      roles.put({ name, path, arn, id, description, created, trust, trustDocument });
      return { id: name, name, arn, unique_id: id, create_date: created, path };
    },
    async remove(_address, previous) {
      roles.remove(String(previous['name']));
    },
  };

  const inlinePolicy: ResourceHandler = {
    async apply({ address, desired }) {
      const name = nameOf(desired, address);
      const role = String(desired['role']);
      roles.putInline(role, name, readPolicy(desired['policy']));
      return { id: `${role}:${name}`, name, role };
    },
    async remove(_address, previous) {
      roles.removeInline(String(previous['role']), String(previous['name']));
    },
  };

  const managedPolicy: ResourceHandler = {
    async apply({ address, desired }) {
      const name = nameOf(desired, address);
      const arn = `arn:aws:iam::${accountId}:policy${desired['path'] ?? '/'}${name}`;
      roles.putManaged(arn, readPolicy(desired['policy']));
      return { id: arn, arn, name, policy_id: uniqueId('ANPA', address) };
    },
    async remove(_address, previous) {
      roles.removeManaged(String(previous['arn']));
    },
  };

  function attach(policyArn: string, names: readonly string[]): void {
    const known = managedByAws[policyArn];
    if (known) roles.putManaged(policyArn, readPolicy(known));
    if (!roles.hasManaged(policyArn)) {
      const advice = 'write its statements as a policy of the Terraform';
      throw new AwsError(
        'NoSuchEntity',
        `The policy ${policyArn} is not known to the local cloud: ${advice}.`,
        404,
      );
    }
    for (const name of names) roles.attach(name, policyArn);
  }

  const attachment: ResourceHandler = {
    async apply({ desired }) {
      const [role, policyArn] = [String(desired['role']), String(desired['policy_arn'])];
      attach(policyArn, [role]);
      return { id: `${role}-${policyArn}`, role, policy_arn: policyArn };
    },
    async remove(_address, previous) {
      roles.detach(String(previous['role']), String(previous['policy_arn']));
    },
  };

  const attachmentToMany: ResourceHandler = {
    async apply({ desired }) {
      const names = Array.isArray(desired['roles']) ? desired['roles'].map(String) : [];
      attach(String(desired['policy_arn']), names);
      return { id: String(desired['name']), roles: names, policy_arn: desired['policy_arn'] };
    },
    async remove(_address, previous) {
      for (const name of Array.isArray(previous['roles']) ? previous['roles'] : [])
        roles.detach(String(name), String(previous['policy_arn']));
    },
  };

  return {
    aws_iam_role: role,
    aws_iam_role_policy: inlinePolicy,
    aws_iam_policy: managedPolicy,
    aws_iam_role_policy_attachment: attachment,
    aws_iam_policy_attachment: attachmentToMany,
  };
}
