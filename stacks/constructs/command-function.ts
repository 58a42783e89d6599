import type { AnyCommand } from '#shared/definition/command.ts';
import { kebabCase } from '#shared/definition/domain.ts';
import { Construct } from '../cdktf.ts';
import { allow, type Statement } from '../policy.ts';
import { absoluteRoute } from '../routes.ts';
import { SkafuStack } from '../skafu-stack.ts';
import { ApiRoute } from './api-route.ts';
import type { HttpApi } from './http-api.ts';
import type { KeysTable } from './keys-table.ts';
import { PlatformFunction } from './platform-function.ts';

/** A command: its route, and the function that decides and appends. */
export class CommandFunction extends Construct {
  constructor(
    scope: Construct,
    name: string,
    props: { command: AnyCommand; api: HttpApi; keys: KeysTable | undefined; permissions: Statement[] },
  ) {
    super(scope, kebabCase(name));
    const stack = SkafuStack.of(this);
    const handler = new PlatformFunction(this, 'function', {
      name: kebabCase(name),
      kind: 'command',
      environment: {
        EVENT_STORE_TABLE: stack.platform.eventStoreTable,
        ...(props.keys ? { KEYS_TABLE: props.keys.tableName } : {}),
      },
      permissions: [
        allow('dynamodb:Query', 'dynamodb:PutItem').on(stack.eventStoreArn),
        ...(props.keys ? [allow('dynamodb:GetItem', 'dynamodb:PutItem').on(props.keys.arn)] : []),
        ...props.permissions,
      ],
    });
    new ApiRoute(this, 'api', {
      api: props.api,
      route: absoluteRoute(stack.domain, props.command.route),
      handler,
    });
  }
}
