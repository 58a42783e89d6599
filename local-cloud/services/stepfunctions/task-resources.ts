/** What a Task state can call, besides a Lambda function by its ARN. */
export const integrations = [
  'lambda:invoke',
  'events:putEvents',
  'sqs:sendMessage',
  'dynamodb:getItem',
  'dynamodb:putItem',
  'dynamodb:updateItem',
  'dynamodb:deleteItem',
  'states:startExecution',
];

/** `{ service: 'dynamodb', action: 'putItem' }` of an integration ARN; undefined for any other ARN. */
export function taskName(resource: string): { service: string; action: string } | undefined {
  const [, service, action] = /^arn:[\w-]+:states:[\w-]*:\d*:([\w-]+):(.+)$/u.exec(resource) ?? [];
  return service === undefined || action === undefined ? undefined : { service, action };
}

/** Whether the local cloud can run a Task with this Resource. */
export function isSupportedResource(resource: string): boolean {
  const name = taskName(resource);
  if (name) return integrations.includes(`${name.service}:${name.action}`);
  return /^arn:[\w-]+:lambda:[\w-]+:\d{12}:function:.+$/u.test(resource);
}
