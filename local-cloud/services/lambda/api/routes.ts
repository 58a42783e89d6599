import { AwsError } from '../../../core/errors.ts';

/** One operation of Lambda's REST API. `{name}` is a function's name or ARN, `{part}` what is named within it. */
export interface ApiRoute {
  operation: string;
  method: string;
  path: string;
}

/** The operations, also those that are not supported and are refused by their name. */
export const apiRoutes: ApiRoute[] = [
  ...routesOf('/2015-03-31/functions', ['POST CreateFunction', 'GET ListFunctions']),
  ...routesOf('/2015-03-31/functions/{name}', ['GET GetFunction', 'DELETE DeleteFunction']),
  ...routesOf('/2015-03-31/functions/{name}/invocations', ['POST Invoke']),
  ...routesOf('/2015-03-31/functions/{name}/code', ['PUT UpdateFunctionCode']),
  ...routesOf('/2015-03-31/functions/{name}/configuration', [
    'GET GetFunctionConfiguration',
    'PUT UpdateFunctionConfiguration',
  ]),
  ...routesOf('/2015-03-31/functions/{name}/versions', ['POST PublishVersion', 'GET ListVersionsByFunction']),
  ...routesOf('/2015-03-31/functions/{name}/aliases', ['POST CreateAlias', 'GET ListAliases']),
  ...routesOf('/2015-03-31/functions/{name}/aliases/{part}', [
    'GET GetAlias',
    'PUT UpdateAlias',
    'DELETE DeleteAlias',
  ]),
  ...routesOf('/2015-03-31/functions/{name}/policy', ['GET GetPolicy', 'POST AddPermission']),
  ...routesOf('/2015-03-31/functions/{name}/policy/{part}', ['DELETE RemovePermission']),
  ...routesOf('/2015-03-31/event-source-mappings', [
    'POST CreateEventSourceMapping',
    'GET ListEventSourceMappings',
  ]),
  ...routesOf('/2015-03-31/event-source-mappings/{part}', [
    'GET GetEventSourceMapping',
    'PUT UpdateEventSourceMapping',
    'DELETE DeleteEventSourceMapping',
  ]),
  ...routesOf('/2017-10-31/functions/{name}/concurrency', [
    'PUT PutFunctionConcurrency',
    'DELETE DeleteFunctionConcurrency',
  ]),
  ...routesOf('/2019-09-30/functions/{name}/concurrency', ['GET GetFunctionConcurrency']),
  ...routesOf('/2019-09-30/functions/{name}/provisioned-concurrency', [
    'PUT PutProvisionedConcurrencyConfig',
    'GET GetProvisionedConcurrencyConfig',
    'DELETE DeleteProvisionedConcurrencyConfig',
  ]),
  ...routesOf('/2019-09-25/functions/{name}/event-invoke-config', [
    'PUT PutFunctionEventInvokeConfig',
    'POST UpdateFunctionEventInvokeConfig',
    'GET GetFunctionEventInvokeConfig',
    'DELETE DeleteFunctionEventInvokeConfig',
  ]),
  ...routesOf('/2019-09-25/functions/{name}/event-invoke-config/list', [
    'GET ListFunctionEventInvokeConfigs',
  ]),
  ...routesOf('/2017-03-31/tags/{name}', ['GET ListTags', 'POST TagResource', 'DELETE UntagResource']),
  ...routesOf('/2016-08-19/account-settings', ['GET GetAccountSettings']),
  ...routesOf('/2014-11-13/functions/{name}/invoke-async', ['POST InvokeAsync']),
  ...routesOf('/2021-11-15/functions/{name}/response-streaming-invocations', [
    'POST InvokeWithResponseStream',
  ]),
  ...routesOf('/2021-10-31/functions/{name}/url', [
    'POST CreateFunctionUrlConfig',
    'GET GetFunctionUrlConfig',
    'PUT UpdateFunctionUrlConfig',
    'DELETE DeleteFunctionUrlConfig',
  ]),
  ...routesOf('/2021-10-31/functions/{name}/urls', ['GET ListFunctionUrlConfigs']),
  ...routesOf('/2018-10-31/layers', ['GET ListLayers']),
  ...routesOf('/2018-10-31/layers/{part}/versions', ['POST PublishLayerVersion', 'GET ListLayerVersions']),
  ...routesOf('/2020-04-22/code-signing-configs', [
    'POST CreateCodeSigningConfig',
    'GET ListCodeSigningConfigs',
  ]),
  ...routesOf('/2020-06-30/functions/{name}/code-signing-config', [
    'GET GetFunctionCodeSigningConfig',
    'PUT PutFunctionCodeSigningConfig',
    'DELETE DeleteFunctionCodeSigningConfig',
  ]),
  ...routesOf('/2021-07-20/functions/{name}/runtime-management-config', [
    'GET GetRuntimeManagementConfig',
    'PUT PutRuntimeManagementConfig',
  ]),
  ...routesOf('/2024-08-31/functions/{name}/recursion-config', [
    'GET GetFunctionRecursionConfig',
    'PUT PutFunctionRecursionConfig',
  ]),
];

const compiled = apiRoutes.map(({ operation, method, path }) => ({
  operation,
  method,
  pattern: new RegExp(`^${path.replaceAll(/\{(\w+)\}/gu, '(?<$1>[^/]+)')}/?$`, 'u'),
}));

/** What a request asks for; undefined where Lambda knows no such thing. */
export function routeOf(
  method: string,
  path: string,
): { operation: string; name: string; part: string } | undefined {
  for (const route of compiled) {
    const match = route.method === method ? route.pattern.exec(path) : null;
    if (!match) continue;
    const { name = '', part = '' } = match.groups ?? {};
    return { operation: route.operation, name: decoded(name), part: decoded(part) };
  }
  return undefined;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new AwsError('ValidationException', `"${text}" is no part of an address.`);
  }
}

function routesOf(path: string, operations: string[]): ApiRoute[] {
  return operations.map((each) => {
    const [method = '', operation = ''] = each.split(' ');
    return { method, operation, path };
  });
}
