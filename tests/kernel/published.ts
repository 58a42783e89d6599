import { DeleteMessageCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';

/** An event as a bus hands it to a target. */
export interface Published<Detail> {
  readonly source: string;
  readonly 'detail-type': string;
  readonly detail: Detail;
}

/**
 * Takes events from the queue behind a bus until one satisfies the condition.
 *
 * @returns all that were taken, that one last
 */
export async function publishedUntil<Detail>(
  queue: string,
  isLast: (event: Published<Detail>) => boolean,
): Promise<Published<Detail>[]> {
  const client = new SQSClient({});
  const events: Published<Detail>[] = [];
  const until = Date.now() + 20_000;
  while (Date.now() < until) {
    const { Messages: messages = [] } = await client.send(
      new ReceiveMessageCommand({ QueueUrl: queue, MaxNumberOfMessages: 1, WaitTimeSeconds: 1 }),
    );
    for (const { Body: body = '', ReceiptHandle: handle } of messages) {
      await client.send(new DeleteMessageCommand({ QueueUrl: queue, ReceiptHandle: handle }));
      const event = JSON.parse(body) as Published<Detail>;
      events.push(event);
      if (isLast(event)) {
        client.destroy();
        return events;
      }
    }
  }
  throw new Error(`The event did not come; what came is ${JSON.stringify(events)}.`);
}
