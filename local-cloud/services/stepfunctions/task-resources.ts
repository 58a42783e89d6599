/** What a Task state calls, from its Resource. */
export interface TaskName {
  /** `dynamodb`, or `aws-sdk:dynamodb` of an SDK integration. */
  service: string;
  /** As written, with what follows the dot: `sendMessage.waitForTaskToken`. */
  resource: string;
  /** `sendMessage` */
  action: string;
  /** What it waits for after the call has been answered. */
  pattern: 'request' | 'waitForTaskToken' | 'sync' | 'sync:2';
}

/** Optimised integrations, and what else than the answer each can wait for. */
const optimised: Readonly<Record<string, readonly TaskName['pattern'][] | undefined>> = {
  'lambda:invoke': ['request', 'waitForTaskToken'],
  'events:putEvents': ['request', 'waitForTaskToken'],
  'sqs:sendMessage': ['request', 'waitForTaskToken'],
  'dynamodb:getItem': ['request'],
  'dynamodb:putItem': ['request'],
  'dynamodb:updateItem': ['request'],
  'dynamodb:deleteItem': ['request'],
  'states:startExecution': ['request', 'waitForTaskToken', 'sync', 'sync:2'],
};

/** The parts of an integration's ARN; undefined for a function, an activity or anything else. */
export function taskName(arn: string): TaskName | undefined {
  const [, service, resource] = /^arn:[\w-]+:states:[\w-]*:\d*:((?:aws-sdk:)?[\w-]+):(.+)$/u.exec(arn) ?? [];
  if (service === undefined || resource === undefined || service === 'activity') return undefined;
  const [action = '', pattern = 'request'] = resource.split(/\.(.*)/u);
  return { service, resource, action, pattern: pattern as TaskName['pattern'] };
}

/** The ARN of an activity. */
export const isActivity = (arn: string) => /^arn:[\w-]+:states:[\w-]+:\d{12}:activity:.+$/u.test(arn);

const isFunction = (arn: string) => /^arn:[\w-]+:lambda:[\w-]+:\d{12}:function:.+$/u.test(arn);

/** Why a Task with this Resource cannot run in a machine of a type; undefined when it can. */
export function resourceProblem(arn: string, sdkServices: readonly string[]): string | undefined {
  const unsupported = `The local cloud does not support the resource ${arn}`;
  const name = taskName(arn);
  if (!name) return isFunction(arn) || isActivity(arn) ? undefined : unsupported;
  if (name.service.startsWith('aws-sdk:')) {
    const isKnown = sdkServices.includes(name.service.slice('aws-sdk:'.length));
    return isKnown && ['request', 'waitForTaskToken'].includes(name.pattern) ? undefined : unsupported;
  }
  return optimised[`${name.service}:${name.action}`]?.includes(name.pattern) ? undefined : unsupported;
}

/** Why an EXPRESS machine cannot have it: its tasks end with their call. */
export function expressProblem(arn: string): string | undefined {
  const pattern = taskName(arn)?.pattern ?? 'request';
  if (isActivity(arn)) return 'Express state machine does not support Activity ARN';
  if (pattern === 'request') return undefined;
  return `Express state machine does not support '.${pattern.replace(':2', '')}' service integration`;
}
