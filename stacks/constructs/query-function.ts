import { kebabCase } from '#shared/definition/domain.ts';
import type { AnyQuery } from '#shared/definition/query.ts';
import { Construct } from '../cdktf.ts';
import { readModelVariable } from '../names.ts';
import { allow, type Statement } from '../policy.ts';
import { absoluteRoute } from '../routes.ts';
import { SkafuStack } from '../skafu-stack.ts';
import { ApiRoute } from './api-route.ts';
import type { HttpApi } from './http-api.ts';
import { PlatformFunction } from './platform-function.ts';
import type { ReadModelTable } from './read-model-table.ts';

interface Props {
  query: AnyQuery;
  api: HttpApi;
  /** The tables of the read models that it asks, by the read model's name. */
  tables: Readonly<Record<string, ReadModelTable>>;
  permissions: Statement[];
}

/** A query: its route, and the function that answers from read models or from AWS itself. */
export class QueryFunction extends Construct {
  constructor(scope: Construct, name: string, { query, api, tables, permissions }: Props) {
    super(scope, kebabCase(name));
    const handler = new PlatformFunction(this, 'function', {
      name: kebabCase(name),
      kind: query.installationOnly ? 'liveQuery' : 'query',
      environment: Object.fromEntries(
        Object.entries(tables).map(([model, table]) => [readModelVariable(model), table.tableName]),
      ),
      permissions: [
        ...Object.values(tables).flatMap((table) => [
          allow('dynamodb:GetItem').on(table.arn),
          allow('dynamodb:Query').on(table.listsArn),
        ]),
        ...permissions,
      ],
    });
    new ApiRoute(this, 'api', {
      api,
      route: absoluteRoute(SkafuStack.of(this).domain, query.route),
      handler,
    });
  }
}
