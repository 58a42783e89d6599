import type { Wanted } from '../../core/access.ts';
import type { AwsRequest } from '../../core/service.ts';
import { parseFunctionName } from './configuration.ts';

const functions = /^\/2015-03-31\/functions\/([^/]+)(\/configuration|\/invocations)?$/u;

/** What a request to Lambda has to be allowed to do; `prefix` is `arn:aws:lambda:<region>:<account>:`. */
export function wantedOfLambda({ method, path, query }: AwsRequest, prefix: string): readonly Wanted[] {
  const mapping = /^\/2015-03-31\/event-source-mappings\/([^/]*)$/u.exec(path);
  if (mapping?.[1]) {
    const resource = `${prefix}event-source-mapping:${mapping[1]}`;
    return [{ action: 'lambda:GetEventSourceMapping', resource }];
  }
  if (path.startsWith('/2015-03-31/event-source-mappings'))
    return [{ action: 'lambda:ListEventSourceMappings', resource: '*' }];
  const [, reference, part] = functions.exec(path) ?? [];
  if (reference === undefined) {
    return /\/functions\/?$/u.test(path) ? [{ action: 'lambda:ListFunctions', resource: '*' }] : [];
  }
  const { name, qualifier } = parseFunctionName(decodeURIComponent(reference));
  const version = query.get('Qualifier') ?? qualifier;
  const resource = `${prefix}function:${name}${version ? `:${version}` : ''}`;
  const action =
    part === '/invocations' ? 'InvokeFunction' : part ? 'GetFunctionConfiguration' : 'GetFunction';
  return method === 'GET' || part === '/invocations' ? [{ action: `lambda:${action}`, resource }] : [];
}
