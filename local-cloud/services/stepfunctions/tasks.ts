import type { Caller, Wanted } from '../../core/access.ts';
import type { BusEntry, Cloud } from '../../core/cloud.ts';
import { AwsError } from '../../core/errors.ts';
import { callAws } from '../../gateway/aws-call.ts';
import { wantedOfEvents } from '../eventbridge/wanted.ts';
import type { TaskCall } from './run.ts';
import { callSdk } from './sdk-call.ts';
import { StateError } from './state-error.ts';
import { taskName } from './task-resources.ts';

/** The execution a task belongs to. */
export interface TaskOwner {
  executionArn: string;
  machineArn: string;
  /** What the state machine acts as. */
  role: Caller & { type: 'role' };
  /** Nobody waits for the execution's answer. */
  background: boolean;
}

/** With the trace that the call is part of. */
export type Task = TaskOwner & { traceHeader?: string };

type Parameters = Record<string, unknown>;
type Integration = (cloud: Cloud, parameters: Parameters, caller: Task) => Promise<unknown>;

/** Does what a Task state asks for. Rejects with a `StateError` under the name AWS gives the failure. */
export async function callTask(cloud: Cloud, call: TaskCall, owner: TaskOwner): Promise<unknown> {
  const name = taskName(call.resource);
  const caller = { ...owner, ...(call.traceHeader === undefined ? {} : { traceHeader: call.traceHeader }) };
  if (!name) {
    allow(cloud, 'Lambda', caller, { action: 'lambda:InvokeFunction', resource: call.resource });
    return invoke(cloud, call.resource, call.input, caller);
  }
  const integration = byName[`${name.service}:${name.action}`];
  const isSdk = name.service.startsWith('aws-sdk:');
  if ((!integration && !isSdk) || typeof call.input !== 'object' || call.input === null) {
    throw new StateError('States.Runtime', `The resource ${call.resource} cannot be called with this input.`);
  }
  const parameters = call.input as Parameters;
  if (integration) return integration(cloud, parameters, caller);
  return callSdk(cloud, owner.role, name.service.slice('aws-sdk:'.length), name.action, parameters);
}

const byName: Record<string, Integration | undefined> = {
  'lambda:invoke': invokeFunction,
  'events:putEvents': putEvents,
  'sqs:sendMessage': (cloud, parameters, caller) => {
    const body = parameters['MessageBody'];
    const message = typeof body === 'string' ? body : JSON.stringify(body);
    const input = { ...parameters, MessageBody: message };
    return request(cloud, caller, 'sqs', 'SQS', 'AmazonSQS.SendMessage', input);
  },
  'dynamodb:getItem': table('GetItem'),
  'dynamodb:putItem': table('PutItem'),
  'dynamodb:updateItem': table('UpdateItem'),
  'dynamodb:deleteItem': table('DeleteItem'),
  'states:startExecution': startExecution,
};

/** Throws, under the name that AWS gives the failure, unless the state machine's role may. */
export function allow(cloud: Cloud, prefix: string, { role }: TaskOwner, ...wanted: Wanted[]): void {
  try {
    cloud.ports.access.require(role, ...wanted);
  } catch (error) {
    throw error instanceof AwsError ? new StateError(`${prefix}.${error.code}`, error.message) : error;
  }
}

const traced = ({ traceHeader }: Task) => (traceHeader === undefined ? {} : { traceHeader });

async function invoke(cloud: Cloud, functionArn: string, payload: unknown, caller: Task): Promise<unknown> {
  const options = { ...traced(caller), background: caller.background };
  const answer = await named('Lambda', cloud.ports.functions.invoke(functionArn, payload, options));
  if (answer.functionError === undefined) return answer.payload;
  const failure = answer.payload as { errorType?: unknown } | null;
  const error = typeof failure?.errorType === 'string' ? failure.errorType : 'Lambda.Unknown';
  throw new StateError(error, JSON.stringify(answer.payload));
}

async function invokeFunction(cloud: Cloud, parameters: Parameters, caller: Task): Promise<unknown> {
  const functionName = String(parameters['FunctionName']);
  const { region, accountId } = cloud;
  const resource = functionName.startsWith('arn:')
    ? functionName
    : `arn:aws:lambda:${region}:${accountId}:function:${functionName}`;
  allow(cloud, 'Lambda', caller, { action: 'lambda:InvokeFunction', resource });
  const payload = parameters['Payload'] ?? {};
  if (parameters['InvocationType'] === 'Event') {
    await named('Lambda', cloud.ports.functions.enqueue(functionName, payload, traced(caller)));
    return { StatusCode: 202, SdkHttpMetadata: { HttpStatusCode: 202 } };
  }
  const result = await invoke(cloud, functionName, payload, caller);
  return {
    ExecutedVersion: '$LATEST',
    Payload: result,
    SdkHttpMetadata: { HttpStatusCode: 200 },
    StatusCode: 200,
  };
}

async function putEvents(cloud: Cloud, parameters: Parameters, caller: Task): Promise<unknown> {
  const given = parameters['Entries'];
  if (!Array.isArray(given))
    throw new StateError('EventBridge.ValidationException', 'Entries must be a list.');
  const prefix = `arn:aws:events:${cloud.region}:${cloud.accountId}`;
  allow(cloud, 'EventBridge', caller, ...wantedOfEvents('PutEvents', parameters, prefix));
  const entries = given.map((each: unknown) => busEntry(each as Parameters, caller));
  const ids = await named('EventBridge', cloud.ports.buses.put(entries));
  return {
    Entries: ids.map((id) => ({ EventId: id })),
    FailedEntryCount: 0,
    SdkHttpMetadata: { HttpStatusCode: 200 },
  };
}

/** As AWS does, the execution and its machine become resources of the event. */
function busEntry(entry: Parameters, caller: Task): BusEntry {
  const { Source: source, DetailType: detailType, Detail: detail, Resources: resources } = entry;
  if (typeof source !== 'string' || typeof detailType !== 'string') {
    throw new StateError('EventBridge.FailedEntry', 'An entry needs Source and DetailType.');
  }
  const others = Array.isArray(resources) ? resources.filter((each) => typeof each === 'string') : [];
  const busName = entry['EventBusName'];
  return {
    source,
    detailType,
    detail: typeof detail === 'string' ? parseDetail(detail) : (detail ?? {}),
    resources: [...others, caller.executionArn, caller.machineArn],
    ...(typeof busName === 'string' ? { busName } : {}),
    ...(typeof entry['Time'] === 'string' ? { time: new Date(entry['Time']) } : {}),
    ...traced(caller),
  };
}

function parseDetail(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new StateError('EventBridge.FailedEntry', 'Detail is malformed.');
  }
}

/** Answers as StartExecution does in an integration. */
export async function startExecution(cloud: Cloud, parameters: Parameters, caller: Task) {
  const { StateMachineArn: arn, Input: input, Name: name } = parameters;
  const text = typeof input === 'string' ? input : JSON.stringify(input ?? {});
  allow(cloud, 'StepFunctions', caller, { action: 'states:StartExecution', resource: String(arn) });
  const options = { ...(typeof name === 'string' ? { name } : {}), ...traced(caller) };
  const started = cloud.ports.stateMachines.start(String(arn), text, options);
  const { executionArn } = await named('StepFunctions', started, true);
  return {
    ExecutionArn: executionArn,
    StartDate: new Date().toISOString(),
    SdkHttpMetadata: { HttpStatusCode: 200 },
  };
}

function table(operation: string): Integration {
  return (cloud, parameters, caller) =>
    request(cloud, caller, 'dynamodb', 'DynamoDB', `DynamoDB_20120810.${operation}`, parameters);
}

async function request(
  cloud: Cloud,
  { role }: Task,
  service: string,
  prefix: string,
  target: string,
  input: Parameters,
) {
  const answer = await named(prefix, callAws(cloud, role, service, target, input), true);
  return { ...answer, SdkHttpMetadata: { HttpStatusCode: 200 } };
}

/**
 * Names a service's error as Step Functions does: `Lambda.TooManyRequestsException`. Where the API's own names lack the
 * ending, the SDK that AWS calls with adds it.
 */
async function named<T>(prefix: string, work: Promise<T>, addsEnding = false): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof AwsError) {
      const ending = addsEnding && !error.code.endsWith('Exception') ? 'Exception' : '';
      throw new StateError(`${prefix}.${error.code}${ending}`, error.message);
    }
    throw new StateError(
      `${prefix}.SdkClientException`,
      error instanceof Error ? error.message : String(error),
    );
  }
}
