import type { Attributes } from '../../core/service.ts';
import type { StateNamespace } from '../../core/state.ts';
import { readPoolClient } from './client-settings.ts';
import type { Group, PoolClient, UserPool } from './model.ts';
import { type PoolIdentity, readUserPool } from './pool-settings.ts';
import type { Registry } from './registry.ts';

/** As `aws_cognito_user_pool` would say it. */
interface MadePool {
  desired: Attributes;
  identity: PoolIdentity;
}

interface MadeClient {
  desired: Attributes;
  identity: Pick<PoolClient, 'id' | 'poolId' | 'createdAt' | 'secret'>;
}

/**
 * Pools, clients and groups that came through the API and not from the Terraform: on disk before they are acknowledged.
 * What the Terraform names is changed in memory alone, and is at the next start as the Terraform says.
 */
export class MadeByClients {
  private readonly state: StateNamespace;
  private readonly registry: Registry;
  private readonly pools = new Map<string, MadePool>();
  private readonly groups = new Set<string>();

  constructor(state: StateNamespace, registry: Registry) {
    this.state = state;
    this.registry = registry;
  }

  async load(): Promise<void> {
    for (const { value } of await this.state.list<MadePool>('made-pool/')) this.setPool(value);
    for (const { value } of await this.state.list<MadeClient>('made-client/')) {
      this.registry.clients.set(value.identity.id, readPoolClient(value.desired, value.identity));
    }
    for (const { value } of await this.state.list<Group>('made-group/')) this.setGroup(value);
  }

  async addPool(desired: Attributes, identity: PoolIdentity): Promise<UserPool> {
    const pool = readUserPool(desired, identity);
    const made: MadePool = { desired, identity };
    await this.state.put(`made-pool/${pool.id}`, made);
    this.setPool(made);
    return pool;
  }

  /** Keeps other settings of a pool; one of the Terraform keeps none. */
  async changePool(id: string, settings: Attributes): Promise<void> {
    const made = this.pools.get(id);
    if (!made) return;
    const changed: MadePool = { ...made, desired: { ...made.desired, ...settings } };
    await this.state.put(`made-pool/${id}`, changed);
    this.setPool(changed);
  }

  async addClient(desired: Attributes, identity: MadeClient['identity']): Promise<PoolClient> {
    const client = readPoolClient(desired, identity);
    await this.state.put(`made-client/${client.id}`, { desired, identity } satisfies MadeClient);
    this.registry.clients.set(client.id, client);
    return client;
  }

  async removeClient(id: string): Promise<void> {
    await this.state.delete(`made-client/${id}`);
    this.registry.clients.delete(id);
  }

  async addGroup(group: Group): Promise<void> {
    await this.state.put(`made-group/${keyOf(group)}`, group);
    this.setGroup(group);
  }

  async changeGroup(group: Group): Promise<void> {
    if (this.groups.has(keyOf(group))) await this.addGroup(group);
    else this.registry.addGroup(group);
  }

  async removeGroup(group: Group): Promise<void> {
    await this.state.delete(`made-group/${keyOf(group)}`);
    this.groups.delete(keyOf(group));
    this.registry.groups.delete(keyOf(group));
  }

  /** With the clients and groups of the pool. */
  async removePool(id: string): Promise<void> {
    for (const client of this.registry.clientsOf(id)) await this.removeClient(client.id);
    for (const group of this.registry.groupsOf(id)) await this.removeGroup(group);
    await this.state.delete(`made-pool/${id}`);
    this.pools.delete(id);
    this.registry.pools.delete(id);
  }

  private setPool(made: MadePool): void {
    this.pools.set(made.identity.id, made);
    this.registry.pools.set(made.identity.id, readUserPool(made.desired, made.identity));
  }

  private setGroup(group: Group): void {
    this.groups.add(keyOf(group));
    this.registry.addGroup(group);
  }
}

const keyOf = ({ poolId, name }: Group) => `${poolId}/${name}`;
