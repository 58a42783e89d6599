import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { decodeCommit } from '../event-store/commit.ts';
import { publish } from '../event-store/publish.ts';
import type { Envelope } from '../messages/envelope.ts';
import { reportFailure } from '../runtime/failure.ts';
import { setting } from '../runtime/settings.ts';
import { tracing } from '../runtime/tracing.ts';

/** A record of the event store's table stream: one commit, as it was written. */
export interface StreamRecord {
  readonly eventName?: string;
  readonly dynamodb?: {
    readonly SequenceNumber?: string;
    readonly NewImage?: Readonly<Record<string, StreamValue>>;
  };
}

/** Stream records carry bytes as base64 text, where the SDK has them as bytes. */
interface StreamValue {
  readonly S?: string;
  readonly N?: string;
  readonly B?: string;
}

export interface BatchResult {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
}

let client: EventBridgeClient | undefined;

/**
 * Relays commits from the event store's stream to the bus. The commit is the outbox: nothing else publishes. What the
 * bus did not take is reported from its first record on, and Lambda offers the batch again from there.
 */
export async function handler(batch: { readonly Records: readonly StreamRecord[] }): Promise<BatchResult> {
  client ??= (await tracing()).client(new EventBridgeClient({}));
  const published: { sequence: string; events: Envelope[] }[] = [];
  let unreadable: string | undefined;
  for (const record of batch.Records) {
    if (record.eventName !== 'INSERT' || !record.dynamodb?.NewImage) continue;
    const sequence = record.dynamodb.SequenceNumber ?? '';
    try {
      published.push({ sequence, events: [...decodeCommit(itemOf(record.dynamodb.NewImage)).events] });
    } catch (error) {
      await reportFailure(error);
      unreadable = sequence;
      break;
    }
  }
  const refused = new Set(
    await publish(
      client,
      setting('EVENTS_BUS'),
      published.flatMap(({ events }) => events),
    ),
  );
  const first =
    published.find(({ events }) => events.some((event) => refused.has(event)))?.sequence ?? unreadable;
  return { batchItemFailures: first === undefined ? [] : [{ itemIdentifier: first }] };
}

function itemOf(image: Readonly<Record<string, StreamValue>>): Record<string, AttributeValue> {
  return Object.fromEntries(
    Object.entries(image).map(([name, value]) => [
      name,
      value.B === undefined ? (value as AttributeValue) : { B: Buffer.from(value.B, 'base64') },
    ]),
  );
}
