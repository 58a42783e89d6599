import { type Domain, kebabCase } from '#shared/definition/domain.ts';
import type { AnyQuery } from '#shared/definition/query.ts';
import type { AnyReactor } from '#shared/definition/reactor.ts';
import type { ReadModel } from '#shared/definition/read-model.ts';
import { recordPersonal } from '#shared/messages/personal.ts';
import type { Construct } from './cdktf.ts';
import { CacheTable } from './constructs/cache-table.ts';
import { CommandFunction } from './constructs/command-function.ts';
import type { EventsBus } from './constructs/events-bus.ts';
import type { HttpApi } from './constructs/http-api.ts';
import { KeysTable } from './constructs/keys-table.ts';
import { Projection } from './constructs/projection.ts';
import { QueryFunction } from './constructs/query-function.ts';
import { ReactorFunction } from './constructs/reactor-function.ts';
import type { ReadModelTable } from './constructs/read-model-table.ts';
import { Snapshots } from './constructs/snapshots.ts';
import type { UserPool } from './constructs/user-pool.ts';
import { allow, fromManifest, type Statement } from './policy.ts';
import type { Settings } from './settings.ts';
import { SkafuStack } from './skafu-stack.ts';

interface Props {
  /** Whose API it adds routes to, whose bus it follows, and whose users it may read. */
  platform: { api: HttpApi; eventsBus: EventsBus; users: UserPool };
  /** All there are, for functions that look at every one. */
  domains: readonly Domain[];
  settings: Settings;
}

/** What a domain's manifest lists, as AWS resources. */
export class DomainStack extends SkafuStack {
  private readonly manifest: Domain;
  private readonly users: UserPool;

  constructor(
    scope: Construct,
    manifest: Domain,
    { platform: { api, eventsBus, users }, domains, settings }: Props,
  ) {
    super(scope, manifest.name, settings);
    this.manifest = manifest;
    this.users = users;
    requireDistinctNames(manifest);
    const tables = new Map<string, ReadModelTable>();
    for (const [name, model] of Object.entries(manifest.readModels)) {
      const permissions = this.permissionsOf(name);
      tables.set(name, new Projection(this, name, { model, eventsBus, permissions }).table);
    }
    const derives = ({ uses = [] }: Pick<AnyReactor, 'uses'>) => uses.includes('keys');
    const secrets = [...Object.values(manifest.commands), ...Object.values(manifest.reactors)].some(derives);
    const keys = secrets ? new KeysTable(this, 'keys') : undefined;
    for (const [name, command] of Object.entries(manifest.commands)) {
      new CommandFunction(this, name, {
        command,
        api,
        keys: derives(command) ? keys : undefined,
        permissions: [...this.permissionsOf(name), ...this.personalKeysFor([manifest], 'PutItem')],
      });
    }
    const caches = Object.values(manifest.queries).some((query) => query.uses.includes('cache'));
    const cache = caches ? new CacheTable(this, 'cache') : undefined;
    for (const [name, query] of Object.entries(manifest.queries)) {
      new QueryFunction(this, name, {
        query,
        api,
        tables: this.tablesOf(name, query, tables),
        cache: query.uses.includes('cache') ? cache : undefined,
        users: query.uses.includes('user-pool') ? users : undefined,
        domains,
        permissions: [
          ...this.permissionsOf(name),
          ...(readsRecords(query) ? this.personalKeysFor(domains) : []),
        ],
      });
    }
    for (const [name, reactor] of Object.entries(manifest.reactors)) {
      new ReactorFunction(this, name, {
        reactor,
        eventsBus,
        tables: this.tablesOf(name, reactor, tables),
        keys: derives(reactor) ? keys : undefined,
        domains,
        permissions: [...this.permissionsOf(name), ...this.personalKeysFor([manifest], 'PutItem')],
      });
    }
    if (Object.keys(manifest.aggregates).length > 0) new Snapshots(this, 'keep-snapshots', { eventsBus });
  }

  /** Reading the keys of people, and making them where new ones come to be known; if these domains tell of any. */
  private personalKeysFor(domains: readonly Domain[], ...more: 'PutItem'[]): Statement[] {
    if (!domains.some(({ aggregates }) => recordPersonal(Object.values(aggregates)))) return [];
    const actions = ['GetItem', ...more].map((action) => `dynamodb:${action}`);
    return [allow(...actions).on(this.personalKeysArn)];
  }

  private permissionsOf(name: string): Statement[] {
    const { environment, region } = this.settings;
    const values = { environment, region, account: this.account, userPool: this.users.poolId };
    return (this.manifest.permissions[name] ?? []).map((permission) => fromManifest(permission, values));
  }

  private tablesOf(
    name: string,
    { readModels = {} }: { readModels?: Readonly<Record<string, ReadModel>> },
    tables: ReadonlyMap<string, ReadModelTable>,
  ): Record<string, ReadModelTable> {
    return Object.fromEntries(
      Object.keys(readModels).map((model) => {
        const table = tables.get(model);
        if (table && this.manifest.readModels[model] === readModels[model]) return [model, table];
        throw new Error(`${name} reads ${model}, which is no read model of ${this.domain}.`);
      }),
    );
  }
}

/** Whether what it answers may hold what events tell of people. */
function readsRecords({ readModels, uses }: AnyQuery): boolean {
  return Object.keys(readModels).length > 0 || uses.includes('event-store') || uses.includes('read-models');
}

/** Commands, queries, read models and reactors become functions side by side, so no two may share a name. */
function requireDistinctNames({ name, commands, queries, readModels, reactors }: Domain): void {
  const seen = new Set<string>();
  for (const part of [commands, queries, readModels, reactors].flatMap((parts) => Object.keys(parts))) {
    if (seen.has(kebabCase(part)))
      throw new Error(`The domain ${name} has two parts called ${part}: rename one.`);
    seen.add(kebabCase(part));
  }
}
