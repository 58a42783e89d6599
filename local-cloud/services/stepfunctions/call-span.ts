import { causeOf, type ExecutionSpan } from './execution-trace.ts';
import type { StateError } from './state-error.ts';
import { taskName } from './task-resources.ts';

/** How X-Ray names a service that a Task calls, and the parameter that names its resource. */
const SERVICES: Record<string, { name: string; parameter: string; field: string }> = {
  lambda: { name: 'Lambda', parameter: 'FunctionName', field: 'function_name' },
  dynamodb: { name: 'DynamoDB', parameter: 'TableName', field: 'table_name' },
  sqs: { name: 'SQS', parameter: 'QueueUrl', field: 'queue_url' },
  events: { name: 'EventBridge', parameter: 'EventBusName', field: 'event_bus_name' },
  states: { name: 'SFN', parameter: 'StateMachineArn', field: 'state_machine_arn' },
};

/** The call that a Task makes, as a step beneath its state. */
export function beginCall(span: ExecutionSpan, resource: string, input: unknown) {
  const task = taskName(resource) ?? { service: 'lambda', action: 'invoke' };
  const called = task.service.replace('aws-sdk:', '');
  const service = SERVICES[called === 'sfn' ? 'states' : called === 'eventbridge' ? 'events' : called];
  const given =
    taskName(resource) === undefined
      ? resource
      : service && typeof input === 'object' && input !== null
        ? Reflect.get(input, service.parameter)
        : undefined;
  const operation = task.action.charAt(0).toUpperCase() + task.action.slice(1);
  const name = service?.name ?? called;
  const call = span.begin(name, {
    namespace: 'aws',
    aws: {
      operation,
      ...(service && typeof given === 'string'
        ? { [service.field]: given, resource_names: [given.split(':').pop() ?? given] }
        : {}),
    },
  });
  return {
    ...(call.header === undefined ? {} : { header: call.header }),
    succeeded: () => call.end({ http: { response: { status: 200 } } }),
    /** What the service refused is an error of the caller; all else is a fault. */
    failed({ error, cause }: StateError) {
      const refused = error.startsWith(`${name}.`);
      call.end({
        ...(refused ? { error: true, http: { response: { status: 400 } } } : { fault: true }),
        ...causeOf(error, cause),
      });
    },
  };
}
