import { DeleteMessageBatchCommand, ReceiveMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { names } from './project.ts';

/** The queues into which something comes, and where each message says what it is. */
const queues: Readonly<Record<string, (body: string) => string>> = {
  [names.direct]: (body) => body,
  [names.routed]: (body) => (JSON.parse(body) as { detail: { id: string } }).detail.id,
  [names.echoed]: (body) => (JSON.parse(body) as { responsePayload: { got: string } }).responsePayload.got,
};

/** What came to each queue, over all restarts. */
export interface Arrivals {
  readonly came: ReadonlyMap<string, Set<string>>;
  /** Receipts whose deletion was acknowledged, by queue and message id: they must not come again. */
  readonly deleted: Set<string>;
  /** Message ids that came although their deletion had been acknowledged. */
  readonly revived: string[];
}

export function noArrivals(): Arrivals {
  return {
    came: new Map(Object.keys(queues).map((queue) => [queue, new Set()])),
    deleted: new Set(),
    revived: [],
  };
}

export const missingOf = ({ came }: Arrivals, queue: string, id: string) => !came.get(queue)?.has(id);

/** Takes what is in the queues now, and deletes it there. */
export async function takeArrivals(client: SQSClient, arrivals: Arrivals): Promise<void> {
  for (const [queue, idOf] of Object.entries(queues)) {
    for (;;) {
      const { Messages = [] } = await client.send(
        new ReceiveMessageCommand({ QueueUrl: queue, MaxNumberOfMessages: 10 }),
      );
      if (Messages.length === 0) break;
      for (const { Body = '', MessageId = '' } of Messages) {
        arrivals.came.get(queue)?.add(idOf(Body));
        if (arrivals.deleted.has(MessageId)) arrivals.revived.push(MessageId);
      }
      const Entries = Messages.map(({ MessageId = '', ReceiptHandle = '' }) => ({
        Id: MessageId,
        ReceiptHandle,
      }));
      const { Successful = [] } = await client.send(
        new DeleteMessageBatchCommand({ QueueUrl: queue, Entries }),
      );
      for (const { Id = '' } of Successful) arrivals.deleted.add(Id);
    }
  }
}
