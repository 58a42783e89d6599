import { createHash } from 'node:crypto';
import type { Cloud } from '../../core/cloud.ts';
import { AwsError } from '../../core/errors.ts';
import type { ResourceHandler } from '../../core/service.ts';

export interface Role {
  name: string;
  path: string;
  arn: string;
  id: string;
  description: string | undefined;
  /** JSON of who may assume it. */
  trust: string;
  /** RFC 3339. */
  created: string;
}

/** AWS's ids are a prefix that tells the kind and twenty capitals and digits. */
function uniqueId(prefix: string, address: string): string {
  const hash = createHash('sha256').update(address).digest();
  return (
    prefix + [...hash.subarray(0, 17)].map((byte) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'[byte % 32]).join('')
  );
}

/** A policy that AWS would refuse for its form is refused here too. */
function checkDocument(text: unknown): string {
  try {
    const document = JSON.parse(String(text)) as { Statement?: unknown };
    if (typeof document === 'object' && document?.Statement !== undefined) return String(text);
  } catch {
    // Told below.
  }
  throw new AwsError('MalformedPolicyDocument', 'The policy is no JSON document with a Statement.');
}

/** Terraform types of IAM. Policies are checked for their form and kept in the Terraform state. */
export function roleResources(
  { accountId }: Cloud,
  roles: Map<string, Role>,
): Record<string, ResourceHandler> {
  const role: ResourceHandler = {
    async apply({ address, desired }, previous) {
      const name = String(desired['name'] ?? previous?.['name'] ?? address.replace(/^.*\./, ''));
      const path = String(desired['path'] ?? '/');
      const arn = `arn:aws:iam::${accountId}:role${path}${name}`;
      const created = String(previous?.['create_date'] ?? new Date().toISOString());
      const id = uniqueId('AROA', address);
      const description = desired['description'] === undefined ? undefined : String(desired['description']);
      roles.set(name, {
        name,
        path,
        arn,
        id,
        description,
        created,
        trust: checkDocument(desired['assume_role_policy']),
      });
      return { id: name, name, arn, unique_id: id, create_date: created, path };
    },
    async remove(_address, previous) {
      roles.delete(String(previous['name']));
    },
  };

  const inlinePolicy: ResourceHandler = {
    async apply({ address, desired }) {
      checkDocument(desired['policy']);
      const name = String(desired['name'] ?? address.replace(/^.*\./, ''));
      return { id: `${desired['role']}:${name}`, name };
    },
  };

  const managedPolicy: ResourceHandler = {
    async apply({ address, desired }) {
      checkDocument(desired['policy']);
      const name = String(desired['name'] ?? address.replace(/^.*\./, ''));
      const arn = `arn:aws:iam::${accountId}:policy${desired['path'] ?? '/'}${name}`;
      return { id: arn, arn, name, policy_id: uniqueId('ANPA', address) };
    },
  };

  const attachment: ResourceHandler = {
    async apply({ desired }) {
      return { id: `${desired['role'] ?? desired['name']}-${desired['policy_arn']}` };
    },
  };

  return {
    aws_iam_role: role,
    aws_iam_role_policy: inlinePolicy,
    aws_iam_policy: managedPolicy,
    aws_iam_role_policy_attachment: attachment,
    aws_iam_policy_attachment: attachment,
  };
}
