import type { Operation } from '../../core/service.ts';
import { clientAsTerraform, poolAsTerraform } from './api-settings.ts';
import type { Cognito } from './context.ts';
import { describeClient, describePool } from './describe-pool.ts';
import { invalidParameter, resourceNotFound } from './errors.ts';
import { newClientId, newClientSecret, newPoolId, poolIdentity } from './identities.ts';
import { requiredText } from './input.ts';

/** Making and removing pools and app clients through the API. */
export function makeOperations(cognito: Cognito): Record<string, Operation> {
  const { cloud, registry, made } = cognito;
  return {
    async CreateUserPool(input) {
      requiredText(input, 'PoolName');
      const identity = poolIdentity(cloud, newPoolId(cloud), Date.now());
      const pool = await made.addPool(poolAsTerraform(input), identity);
      return { UserPool: describePool(pool, 0) };
    },

    async DeleteUserPool(input) {
      const pool = registry.pool(requiredText(input, 'UserPoolId'));
      if (pool.deletionProtection === 'ACTIVE') {
        throw invalidParameter(
          'The user pool cannot be deleted because deletion protection is activated. Deletion protection must be inactivated first.',
        );
      }
      await forgetPool(cognito, pool.id);
      await made.removePool(pool.id);
      return {};
    },

    async CreateUserPoolClient(input) {
      const pool = registry.pool(requiredText(input, 'UserPoolId'));
      requiredText(input, 'ClientName');
      const secret = input['GenerateSecret'] === true ? newClientSecret() : undefined;
      const client = await made.addClient(clientAsTerraform(input), {
        id: newClientId(),
        poolId: pool.id,
        createdAt: Date.now(),
        ...(secret !== undefined && { secret }),
      });
      return { UserPoolClient: describeClient(client) };
    },

    async DeleteUserPoolClient(input) {
      const pool = registry.pool(requiredText(input, 'UserPoolId'));
      const client = registry.clientsOf(pool.id).find(({ id }) => id === input['ClientId']);
      if (!client) throw resourceNotFound(`User pool client ${String(input['ClientId'])} does not exist.`);
      await made.removeClient(client.id);
      return {};
    },
  };
}

/** Removes the people of a pool, with their sign-ins and codes. */
export async function forgetPool(cognito: Cognito, poolId: string): Promise<void> {
  const pool = cognito.registry.pools.get(poolId);
  for (const { username } of cognito.directory.list(poolId)) {
    await cognito.sessions.endAll(poolId, username);
    if (!pool) continue;
    await cognito.codes.forget(pool, username);
    await cognito.authEvents.forget(pool, username);
  }
  await cognito.directory.removeAll(poolId);
}
