import { type Domain, kebabCase } from '#shared/definition/domain.ts';
import type { AnyQuery } from '#shared/definition/query.ts';
import type { Construct } from './cdktf.ts';
import { CommandFunction } from './constructs/command-function.ts';
import type { EventsBus } from './constructs/events-bus.ts';
import type { HttpApi } from './constructs/http-api.ts';
import { Projection } from './constructs/projection.ts';
import { QueryFunction } from './constructs/query-function.ts';
import { ReactorFunction } from './constructs/reactor-function.ts';
import type { ReadModelTable } from './constructs/read-model-table.ts';
import { fromManifest, type Statement } from './policy.ts';
import type { Settings } from './settings.ts';
import { SkafuStack } from './skafu-stack.ts';

interface Props {
  /** Whose API it adds routes to, and whose bus it follows. */
  platform: { api: HttpApi; eventsBus: EventsBus };
  settings: Settings;
}

/** What a domain's manifest lists, as AWS resources. */
export class DomainStack extends SkafuStack {
  private readonly manifest: Domain;

  constructor(scope: Construct, manifest: Domain, { platform: { api, eventsBus }, settings }: Props) {
    super(scope, manifest.name, settings);
    this.manifest = manifest;
    requireDistinctNames(manifest);
    const tables = new Map<string, ReadModelTable>();
    for (const [name, model] of Object.entries(manifest.readModels)) {
      const permissions = this.permissionsOf(name);
      tables.set(name, new Projection(this, name, { model, eventsBus, permissions }).table);
    }
    for (const [name, command] of Object.entries(manifest.commands)) {
      new CommandFunction(this, name, { command, api, permissions: this.permissionsOf(name) });
    }
    for (const [name, query] of Object.entries(manifest.queries)) {
      const permissions = this.permissionsOf(name);
      new QueryFunction(this, name, { query, api, tables: this.tablesOf(name, query, tables), permissions });
    }
    for (const [name, reactor] of Object.entries(manifest.reactors)) {
      new ReactorFunction(this, name, { reactor, eventsBus, permissions: this.permissionsOf(name) });
    }
  }

  private permissionsOf(name: string): Statement[] {
    const { environment, region } = this.settings;
    const values = { environment, region, account: this.account };
    return (this.manifest.permissions[name] ?? []).map((permission) => fromManifest(permission, values));
  }

  private tablesOf(name: string, { readModels }: AnyQuery, tables: ReadonlyMap<string, ReadModelTable>) {
    return Object.fromEntries(
      Object.keys(readModels).map((model) => {
        const table = tables.get(model);
        if (table && this.manifest.readModels[model] === readModels[model]) return [model, table];
        throw new Error(`The query ${name} reads ${model}, which is no read model of ${this.domain}.`);
      }),
    );
  }
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
