import { AwsError } from '../../../core/errors.ts';
import { latest } from '../configuration.ts';
import type { FunctionRegistry, Target } from '../function-registry.ts';
import { type ApiOperation, invalid, json, nothing, numberOf } from './call.ts';

/** Reserved and provisioned concurrency. */
export const concurrencyOperations: Record<string, ApiOperation> = {
  async PutFunctionConcurrency({ registry, made }, { target, input }) {
    const { deployed } = registry.get(target);
    const reserved = numberOf(input, 'ReservedConcurrentExecutions');
    if (reserved === undefined || !Number.isInteger(reserved) || reserved < 0)
      throw invalid('ReservedConcurrentExecutions must be a whole number from 0.');
    registry.concurrency.requireRoom(deployed, reserved);
    deployed.reservedConcurrency = reserved;
    await made.keepChange(deployed);
    return json({ ReservedConcurrentExecutions: reserved });
  },

  GetFunctionConcurrency({ registry }, { target }) {
    const { reservedConcurrency } = registry.get(target).deployed;
    return json(
      reservedConcurrency === undefined ? {} : { ReservedConcurrentExecutions: reservedConcurrency },
    );
  },

  async DeleteFunctionConcurrency({ registry, made }, { target }) {
    const { deployed } = registry.get(target);
    deployed.reservedConcurrency = undefined;
    await made.keepChange(deployed);
    return nothing;
  },

  async PutProvisionedConcurrencyConfig({ registry }, { target, input }) {
    const { deployed, qualifier } = publishedTarget(registry, target);
    const count = numberOf(input, 'ProvisionedConcurrentExecutions');
    if (count === undefined || !Number.isInteger(count) || count < 1)
      throw invalid('ProvisionedConcurrentExecutions must be a whole number from 1.');
    await registry.keepProvisioned(deployed, qualifier, count);
    return json(describe(count), 202);
  },

  GetProvisionedConcurrencyConfig({ registry }, { request, target }) {
    if (request.query.get('List') === 'ALL') {
      const { deployed } = registry.get(target);
      return json({
        ProvisionedConcurrencyConfigs: [...deployed.provisioned].map(([qualifier, count]) => ({
          FunctionArn: `${deployed.configuration.arn}:${qualifier}`,
          ...describe(count),
        })),
        NextMarker: null,
      });
    }
    const { deployed, qualifier } = publishedTarget(registry, target);
    const count = deployed.provisioned.get(qualifier);
    if (count !== undefined) return json(describe(count));
    throw new AwsError(
      'ProvisionedConcurrencyConfigNotFoundException',
      'No Provisioned Concurrency Config found for this function',
      404,
    );
  },

  async DeleteProvisionedConcurrencyConfig({ registry }, { target }) {
    const { deployed, qualifier } = publishedTarget(registry, target);
    await registry.keepProvisioned(deployed, qualifier, 0);
    return nothing;
  },
};

function publishedTarget(registry: FunctionRegistry, target: string): Target & { qualifier: string } {
  const { deployed, qualifier } = registry.get(target);
  if (qualifier !== undefined && qualifier !== latest) return { deployed, qualifier };
  throw invalid('Provisioned concurrency needs a version or an alias.');
}

function describe(count: number): object {
  return {
    RequestedProvisionedConcurrentExecutions: count,
    AvailableProvisionedConcurrentExecutions: count,
    AllocatedProvisionedConcurrentExecutions: count,
    Status: 'READY',
    LastModified: new Date().toISOString().replace('Z', '+0000'),
  };
}
