import type { Cloud } from '../../core/cloud.ts';
import type { Operation } from '../../core/service.ts';
import type { Queues } from './queues.ts';

const BILLED_BYTES = 64 * 1024;

/** Counts one request for the bill: every 64 KB of messages that it carries count as one. */
export function recordRequest(cloud: Cloud, queueArn: string, operation: string, bytes = 0): void {
  cloud.telemetry.usage({
    service: 'Amazon Simple Queue Service',
    usageType: 'Requests-RBP',
    operation,
    resource: queueArn,
    quantity: Math.max(1, Math.ceil(bytes / BILLED_BYTES)),
    time: Date.now(),
  });
}

/** The operations, each counted once it was answered. */
export function counted(
  cloud: Cloud,
  queues: Queues,
  operations: Record<string, Operation>,
): Record<string, Operation> {
  const wrapped = Object.entries(operations).map(([name, run]): [string, Operation] => [
    name,
    async (input, request) => {
      const url = input['QueueUrl'];
      // Before it is run: a request may delete the queue.
      const queue = typeof url === 'string' ? queues.named(url.split('/').at(-1) ?? '') : undefined;
      const answer = await run(input, request);
      const arn = queue?.settings.arn ?? '';
      recordRequest(cloud, arn, name, messageBytes(input) + messageBytes(answer));
      return answer;
    },
  ]);
  return Object.fromEntries(wrapped);
}

/** Bytes of the message bodies in a request or an answer, alone or in a batch. */
function messageBytes(value: object | undefined): number {
  const { MessageBody, Body, Entries, Messages } = (value ?? {}) as Record<string, unknown>;
  const own = [MessageBody, Body].filter((body) => typeof body === 'string');
  const parts = [Entries, Messages].flatMap((list) => (Array.isArray(list) ? (list as object[]) : []));
  return (
    own.reduce((sum, body) => sum + Buffer.byteLength(body), 0) +
    parts.reduce((sum, part) => sum + messageBytes(part), 0)
  );
}
