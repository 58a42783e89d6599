import {
  type EventBridgeClient,
  PutEventsCommand,
  type PutEventsRequestEntry,
} from '@aws-sdk/client-eventbridge';
import { type Envelope, streamPath } from '../messages/envelope.ts';

/** PutEvents takes this many entries and bytes in one call. */
const maximumEntries = 10;
const maximumCallBytes = 256 * 1024;
/** Above this an event goes without its data: the bus takes 256 KB, and its own envelope and ours want room. */
export const maximumDetailBytes = 200 * 1024;

/** The X-Ray header under which an event's further way is traced. */
export type TraceHeaderOf = (event: Envelope) => string | undefined;

const ownTrace: TraceHeaderOf = (event) => event.trace;

type Entry = PutEventsRequestEntry & { Detail: string };

/** One entry of the bus for an event; one too large says where its data is to be had instead. */
export function entryOf(event: Envelope, bus: string, traceHeaderOf = ownTrace): Entry {
  const trace = traceHeaderOf(event);
  const detail = JSON.stringify(event);
  const fits = Buffer.byteLength(detail) <= maximumDetailBytes;
  const { data: _, ...withoutData } = event;
  return {
    EventBusName: bus,
    Source: event.source,
    DetailType: event.type,
    Time: new Date(event.time),
    Detail: fits
      ? detail
      : JSON.stringify({
          ...withoutData,
          dataref: `event-store:${streamPath(event.stream)}@${event.version}`,
        }),
    ...(trace ? { TraceHeader: trace } : {}),
  };
}

/**
 * Puts events on the bus, in as few calls as it takes.
 *
 * @returns the events that the bus did not take; the caller offers them again
 */
export async function publish(
  client: EventBridgeClient,
  bus: string,
  events: readonly Envelope[],
  traceHeaderOf = ownTrace,
): Promise<Envelope[]> {
  const refused: Envelope[] = [];
  for (const batch of batches(events, bus, traceHeaderOf)) {
    const { Entries: answers } = await client.send(
      new PutEventsCommand({ Entries: batch.map(({ entry }) => entry) }),
    );
    refused.push(...batch.filter((_, index) => answers?.[index]?.ErrorCode).map(({ event }) => event));
  }
  return refused;
}

function* batches(
  events: readonly Envelope[],
  bus: string,
  traceHeaderOf: TraceHeaderOf,
): Generator<{ event: Envelope; entry: Entry }[]> {
  let batch: { event: Envelope; entry: Entry }[] = [];
  let bytes = 0;
  for (const event of events) {
    const entry = entryOf(event, bus, traceHeaderOf);
    const size = Buffer.byteLength(entry.Detail) + 512;
    if (batch.length > 0 && (batch.length === maximumEntries || bytes + size > maximumCallBytes)) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push({ event, entry });
    bytes += size;
  }
  if (batch.length > 0) yield batch;
}
