import { createHash } from 'node:crypto';
import { AwsError } from '../../../core/errors.ts';
import type { FunctionRegistry } from '../function-registry.ts';
import { conditionOf, type PermissionStatement, principalOf } from '../permissions.ts';
import { type ApiOperation, json, nothing, requiredText } from './call.ts';

export const permissionOperations: Record<string, ApiOperation> = {
  async AddPermission({ registry, permissions }, { target, input }) {
    const statement: PermissionStatement = {
      Sid: requiredText(input, 'StatementId'),
      Effect: 'Allow',
      Principal: principalOf(requiredText(input, 'Principal')),
      Action: requiredText(input, 'Action'),
      Resource: resourceOf(registry, target),
      ...conditionOf(input['SourceArn'], input['SourceAccount']),
    };
    await permissions.add(statement);
    return json({ Statement: JSON.stringify(statement) }, 201);
  },

  async RemovePermission({ registry, permissions }, { target, part }) {
    await permissions.remove(resourceOf(registry, target), part);
    return nothing;
  },

  GetPolicy({ registry, permissions }, { target }) {
    const Statement = permissions.of(resourceOf(registry, target));
    if (Statement.length === 0) {
      throw new AwsError('ResourceNotFoundException', 'The resource you requested does not exist.', 404);
    }
    const Policy = JSON.stringify({ Version: '2012-10-17', Id: 'default', Statement });
    return json({ Policy, RevisionId: createHash('sha256').update(Policy).digest('hex').slice(0, 36) });
  },
};

function resourceOf(registry: FunctionRegistry, target: string): string {
  const { deployed, qualifier } = registry.get(target);
  return qualifier ? `${deployed.configuration.arn}:${qualifier}` : deployed.configuration.arn;
}
