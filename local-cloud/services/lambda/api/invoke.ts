import { AwsError } from '../../../core/errors.ts';
import type { AwsResponse } from '../../../core/service.ts';
import type { ApiCall, ApiParts } from './call.ts';

/** Invoke: waits for the answer, takes an event, or only tells whether it could. */
export async function invoke(parts: ApiParts, { request, target }: ApiCall): Promise<AwsResponse> {
  const { registry, invoker, asynchronous } = parts;
  const payload = readPayload(request.body);
  const traceHeader = request.headers['x-amzn-trace-id'];
  const invocationType = request.headers['x-amz-invocation-type'] ?? 'RequestResponse';
  if (invocationType === 'DryRun') {
    const { version } = registry.pick(target).revision.configuration;
    return { status: 204, headers: { 'x-amz-executed-version': version } };
  }
  if (invocationType === 'Event') {
    const requestId = await asynchronous.enqueue(target, payload, traceHeader);
    return { status: 202, headers: { 'x-amzn-requestid': requestId } };
  }
  if (invocationType !== 'RequestResponse') {
    throw new AwsError('InvalidParameterValueException', `Invalid invocation type: ${invocationType}`);
  }
  const invocation = await invoker.invoke(target, payload, traceHeader ? { traceHeader } : {});
  const headers: Record<string, string> = {
    'content-type': 'application/json',
    'x-amzn-requestid': invocation.requestId,
    'x-amz-executed-version': invocation.executedVersion,
  };
  if (invocation.functionError) headers['x-amz-function-error'] = invocation.functionError;
  if (request.headers['x-amz-log-type'] === 'Tail') {
    headers['x-amz-log-result'] = Buffer.from(invocation.logTail()).toString('base64');
  }
  return { status: 200, headers, body: JSON.stringify(invocation.payload) };
}

function readPayload(body: Buffer): string {
  const text = body.length === 0 ? '{}' : body.toString('utf8');
  try {
    JSON.parse(text);
  } catch (error) {
    throw new AwsError('InvalidRequestContentException', `Could not parse request body into json: ${error}`);
  }
  return text;
}
