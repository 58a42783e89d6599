import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { decodeCommit, isCommit } from '../event-store/commit.ts';
import { publish } from '../event-store/publish.ts';
import { reportFailure, reportingFailures } from '../runtime/failure.ts';
import { setting } from '../runtime/settings.ts';
import { tracing } from '../runtime/tracing.ts';
import { headersBeneath, type RelayedCommit, relayedCommit, relayWork } from './relayed-commits.ts';

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
export function handler(batch: { readonly Records: readonly StreamRecord[] }): Promise<BatchResult> {
  return reportingFailures(() => relay(batch.Records));
}

async function relay(records: readonly StreamRecord[]): Promise<BatchResult> {
  const trace = await tracing();
  client ??= trace.client(new EventBridgeClient({}));
  const bus = client;
  return trace.step('## relay', { records: records.length }, async () => {
    const taken = Date.now();
    const { commits, unreadable } = await readable(records);
    const events = commits.flatMap((commit) => commit.events);
    const refused = new Set(await publish(bus, setting('EVENTS_BUS'), events, headersBeneath(commits)));
    await trace.tell(relayWork(commits, refused, taken, Date.now()));
    const first =
      commits.find((commit) => commit.events.some((event) => refused.has(event)))?.sequence ?? unreadable;
    return { batchItemFailures: first === undefined ? [] : [{ itemIdentifier: first }] };
  });
}

/** The commits up to the first that cannot be read, and the sequence number of that one. */
async function readable(
  records: readonly StreamRecord[],
): Promise<{ commits: RelayedCommit[]; unreadable?: string }> {
  const commits: RelayedCommit[] = [];
  for (const { eventName, dynamodb } of records) {
    if (eventName !== 'INSERT' || !dynamodb?.NewImage || !isCommit(dynamodb.NewImage)) continue;
    const sequence = dynamodb.SequenceNumber ?? '';
    try {
      commits.push(relayedCommit(sequence, decodeCommit(itemOf(dynamodb.NewImage)).events));
    } catch (error) {
      await reportFailure(error);
      return { commits, unreadable: sequence };
    }
  }
  return { commits };
}

function itemOf(image: Readonly<Record<string, StreamValue>>): Record<string, AttributeValue> {
  return Object.fromEntries(
    Object.entries(image).map(([name, value]) => [
      name,
      value.B === undefined ? (value as AttributeValue) : { B: Buffer.from(value.B, 'base64') },
    ]),
  );
}
