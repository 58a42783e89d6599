import { type Domain, kebabCase } from '#shared/definition/domain.ts';
import type { AnyQuery } from '#shared/definition/query.ts';
import { Construct } from '../cdktf.ts';
import { followedModels, tableArns } from '../followed-models.ts';
import { readModelVariable } from '../names.ts';
import { allow, type Statement } from '../policy.ts';
import { absoluteRoute } from '../routes.ts';
import { SkafuStack } from '../skafu-stack.ts';
import { ApiRoute } from './api-route.ts';
import type { CacheTable } from './cache-table.ts';
import type { HttpApi } from './http-api.ts';
import { PlatformFunction } from './platform-function.ts';
import type { ReadModelTable } from './read-model-table.ts';
import type { UserPool } from './user-pool.ts';

interface Props {
  query: AnyQuery;
  api: HttpApi;
  /** The tables of the read models that it asks, by the read model's name. */
  tables: Readonly<Record<string, ReadModelTable>>;
  /** Only where it uses them. */
  cache: CacheTable | undefined;
  users: UserPool | undefined;
  /** For those that look at all of them. */
  domains: readonly Domain[];
  permissions: Statement[];
}

/** A query: its route, and the function that answers from read models or from AWS itself. */
export class QueryFunction extends Construct {
  constructor(
    scope: Construct,
    name: string,
    { query, api, tables, cache, users, domains, permissions }: Props,
  ) {
    super(scope, kebabCase(name));
    const stack = SkafuStack.of(this);
    // A caller who has just recorded something is shown it, folded from the store where the projection is behind.
    const readsStore = Object.keys(tables).length > 0 || query.uses.includes('event-store');
    const models = query.uses.includes('read-models')
      ? followedModels(stack.settings.environment, domains)
      : [];
    const categories = domains.flatMap((domain) =>
      Object.keys(domain.aggregates).map((type) => ({ domain: domain.name, type: kebabCase(type) })),
    );
    const handler = new PlatformFunction(this, 'function', {
      name: kebabCase(name),
      kind: query.installationOnly ? 'liveQuery' : 'query',
      environment: {
        ...(readsStore ? { EVENT_STORE_TABLE: stack.platform.eventStoreTable } : {}),
        ...Object.fromEntries(
          Object.entries(tables).map(([model, table]) => [readModelVariable(model), table.tableName]),
        ),
        ...(cache ? { CACHE_TABLE: cache.tableName } : {}),
        ...(users ? { USER_POOL_ID: users.poolId } : {}),
        ...(query.uses.includes('categories') ? { CATEGORIES: JSON.stringify(categories) } : {}),
        ...(models.length > 0 ? { READ_MODELS: JSON.stringify(models) } : {}),
      },
      permissions: [
        ...(readsStore ? [allow('dynamodb:Query').on(stack.eventStoreArn)] : []),
        ...Object.values(tables).flatMap((table) => [
          allow('dynamodb:GetItem').on(...table.arns),
          allow('dynamodb:Query').on(...table.listsArns),
        ]),
        ...(cache
          ? [allow('dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem').on(cache.arn)]
          : []),
        ...(models.length > 0
          ? [allow('dynamodb:GetItem', 'dynamodb:BatchGetItem').on(...tableArns(stack, models))]
          : []),
        ...permissions,
      ],
    });
    new ApiRoute(this, 'api', {
      api,
      route: absoluteRoute(stack.domain, query.route),
      handler,
    });
  }
}
