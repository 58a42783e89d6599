import type { Wanted } from '../../core/access.ts';
import type { AwsRequest } from '../../core/service.ts';
import { routeOf } from './api/routes.ts';
import { parseFunctionName } from './configuration.ts';

/** Where the action is not called as the operation. */
const actions: Record<string, string> = { Invoke: 'InvokeFunction' };

/** What a request to Lambda has to be allowed to do; `prefix` is `arn:aws:lambda:<region>:<account>:`. */
export function wantedOfLambda({ method, path, query }: AwsRequest, prefix: string): readonly Wanted[] {
  const route = routeOf(method, path);
  if (!route) return [];
  const { operation, name, part } = route;
  const action = `lambda:${actions[operation] ?? operation}`;
  if (operation.endsWith('EventSourceMapping') && part)
    return [{ action, resource: `${prefix}event-source-mapping:${part}` }];
  if (!name) return [{ action, resource: '*' }];
  if (name.includes(':event-source-mapping:')) return [{ action, resource: name }];
  const { name: functionName, qualifier } = parseFunctionName(name);
  const version = query.get('Qualifier') ?? qualifier;
  return [{ action, resource: `${prefix}function:${functionName}${version ? `:${version}` : ''}` }];
}
