import type { Wanted } from '../../core/access.ts';
import { passRole } from '../../core/pass-role.ts';
import type { AwsRequest } from '../../core/service.ts';
import { routeOf } from './api/routes.ts';
import { parseFunctionName } from './configuration.ts';

/** Where the action is not called as the operation. */
const actions: Record<string, string> = { Invoke: 'InvokeFunction' };

/** What a request to Lambda has to be allowed to do; `prefix` is `arn:aws:lambda:<region>:<account>:`. */
export function wantedOfLambda({ method, path, query, body }: AwsRequest, prefix: string): readonly Wanted[] {
  const route = routeOf(method, path);
  if (!route) return [];
  const { operation, name, part } = route;
  const action = `lambda:${actions[operation] ?? operation}`;
  if (operation.endsWith('EventSourceMapping') && part)
    return [{ action, resource: `${prefix}event-source-mapping:${part}` }];
  if (operation === 'CreateFunction') {
    const { FunctionName, Role } = fieldsOf(body);
    const made = `${prefix}function:${parseFunctionName(String(FunctionName)).name}`;
    return [{ action, resource: made }, ...passRole('lambda.amazonaws.com', Role)];
  }
  if (!name) return [{ action, resource: '*' }];
  if (name.includes(':event-source-mapping:')) return [{ action, resource: name }];
  const { name: functionName, qualifier } = parseFunctionName(name);
  const version = query.get('Qualifier') ?? qualifier;
  const resource = `${prefix}function:${functionName}${version ? `:${version}` : ''}`;
  const passed = operation === 'UpdateFunctionConfiguration' ? [fieldsOf(body)['Role']] : [];
  return [{ action, resource }, ...passRole('lambda.amazonaws.com', ...passed)];
}

/** What is no object has no fields; the operation says so. */
function fieldsOf(body: Buffer): Record<string, unknown> {
  try {
    return { ...(JSON.parse(body.toString('utf8')) as Record<string, unknown>) };
  } catch {
    return {};
  }
}
