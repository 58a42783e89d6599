import type { Wanted } from '../../core/access.ts';

/** What an operation of SQS has to be allowed to do: a batch is the action of its parts. `prefix` ends before the name. */
export function wantedOfQueues(
  operation: string,
  input: Record<string, unknown>,
  prefix: string,
): readonly Wanted[] {
  const action = `sqs:${operation.replace(/Batch$/u, '')}`;
  if (operation === 'ListQueues') return [{ action, resource: '*' }];
  const name =
    input['QueueName'] ??
    String(input['QueueUrl'] ?? '')
      .split('/')
      .at(-1);
  return [{ action, resource: `${prefix}${name}` }];
}
