import { AwsError, notSupported } from '../../../core/errors.ts';
import type { AwsRequest, AwsResponse } from '../../../core/service.ts';
import { aliasOperations } from './aliases.ts';
import { type ApiOperation, type ApiParts, objectOf } from './call.ts';
import { concurrencyOperations } from './concurrency.ts';
import { eventInvokeConfigOperations } from './event-invoke-configs.ts';
import { changeOperations } from './function-changes.ts';
import { functionOperations } from './functions.ts';
import { invoke } from './invoke.ts';
import { mappingOperations } from './mappings.ts';
import { permissionOperations } from './permissions.ts';
import { routeOf } from './routes.ts';
import { tagOperations } from './tags.ts';
import { versionOperations } from './versions.ts';

const operations: Record<string, ApiOperation> = {
  Invoke: invoke,
  ...functionOperations,
  ...changeOperations,
  ...versionOperations,
  ...aliasOperations,
  ...concurrencyOperations,
  ...eventInvokeConfigOperations,
  ...permissionOperations,
  ...mappingOperations,
  ...tagOperations,
};

/** Lambda's REST API, errors included. */
export async function handleLambdaRequest(parts: ApiParts, request: AwsRequest): Promise<AwsResponse> {
  try {
    const route = routeOf(request.method, request.path);
    const operation = route && operations[route.operation];
    if (!operation) throw notSupported('Lambda', route?.operation ?? `${request.method} ${request.path}`);
    const { name, part } = route;
    const target = qualified(name, request.query.get('Qualifier'));
    const input = route.operation === 'Invoke' ? {} : readInput(request.body);
    return await operation(parts, { request, target, part, input });
  } catch (error) {
    if (error instanceof AwsError) return errorResponse(error);
    throw error;
  }
}

function qualified(name: string, qualifier: string | null): string {
  return qualifier && !name.endsWith(`:${qualifier}`) ? `${name}:${qualifier}` : name;
}

function readInput(body: Buffer): Record<string, unknown> {
  if (body.length === 0) return {};
  try {
    return objectOf(JSON.parse(body.toString('utf8')));
  } catch (error) {
    throw new AwsError('InvalidRequestContentException', `Could not parse request body into json: ${error}`);
  }
}

function errorResponse(error: AwsError): AwsResponse {
  return {
    status: error.status,
    headers: { 'content-type': 'application/json', 'x-amzn-errortype': error.code },
    body: JSON.stringify({ Type: 'User', ...error.details, message: error.message, Message: error.message }),
  };
}
