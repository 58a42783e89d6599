import { notAuthorized, resourceNotFound } from './errors.ts';
import type { Group, PoolClient, UserPool } from './model.ts';

/** What the Terraform declares: pools, their app clients and groups. */
export class Registry {
  readonly pools = new Map<string, UserPool>();
  readonly clients = new Map<string, PoolClient>();
  readonly groups = new Map<string, Group>();

  pool(id: string): UserPool {
    const pool = this.pools.get(id);
    if (!pool) throw resourceNotFound(`User pool ${id} does not exist.`);
    return pool;
  }

  client(id: string): PoolClient {
    const client = this.clients.get(id);
    if (!client) throw resourceNotFound(`User pool client ${id} does not exist.`);
    return client;
  }

  clientOfPool(poolId: string, id: string): PoolClient {
    const client = this.client(id);
    if (client.poolId !== poolId) throw resourceNotFound(`User pool client ${id} does not exist.`);
    return client;
  }

  /** The pool of a client, or `NotAuthorizedException`, for sign-ins. */
  poolOfClient(client: PoolClient): UserPool {
    const pool = this.pools.get(client.poolId);
    if (!pool) throw notAuthorized('The user pool of this client does not exist.');
    return pool;
  }

  addGroup(group: Group): void {
    this.groups.set(`${group.poolId}/${group.name}`, group);
  }

  group(poolId: string, name: string): Group {
    const group = this.groups.get(`${poolId}/${name}`);
    if (!group) throw resourceNotFound('Group not found.');
    return group;
  }

  /** Groups of a pool in order of name. */
  groupsOf(poolId: string): Group[] {
    return [...this.groups.values()]
      .filter((group) => group.poolId === poolId)
      .sort((a, b) => a.name.localeCompare(b.name));
  }

  clientsOf(poolId: string): PoolClient[] {
    return [...this.clients.values()].filter((client) => client.poolId === poolId);
  }
}
