import type { Cloud } from '../../core/cloud.ts';
import type { Holding, Operation } from '../../core/service.ts';
import type { Secrets } from './secrets.ts';

const service = 'AWS Secrets Manager';

/** The operations, each counted for the bill once it was answered. */
export function counted(
  cloud: Cloud,
  secrets: Secrets,
  operations: Record<string, Operation>,
): Record<string, Operation> {
  const wrapped = Object.entries(operations).map(([operation, run]): [string, Operation] => [
    operation,
    async (input, request) => {
      const id = input['SecretId'] ?? input['Name'];
      const before = typeof id === 'string' ? secrets.named(id)?.arn : undefined;
      const answer = await run(input, request);
      const resource = before ?? (typeof id === 'string' ? secrets.named(id)?.arn : undefined) ?? '';
      cloud.telemetry.usage({
        ...{ service, usageType: 'USE1-AWSSecretsManagerAPIRequest', operation, resource },
        ...{ quantity: 1, time: Date.now() },
      });
      return answer;
    },
  ]);
  return Object.fromEntries(wrapped);
}

/** Secrets are paid for by the month; one that is marked for deletion is free. */
export function holdings(secrets: Secrets): Holding[] {
  return secrets
    .all()
    .filter(({ deletionAt }) => deletionAt === undefined)
    .map(({ arn: resource }) => ({
      ...{ service, usageType: 'USE1-AWSSecretsManager-Secrets', operation: '', resource, amount: 1 },
    }));
}
