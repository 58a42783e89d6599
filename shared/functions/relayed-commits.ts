import { type Envelope, streamPath } from '../messages/envelope.ts';
import { type FinishedWork, headerOf, placeBeneath, type TracePlace } from '../runtime/tracing.ts';

/** A commit on its way to the bus. */
export interface RelayedCommit {
  readonly sequence: string;
  readonly events: readonly Envelope[];
  /** Where the relaying stands in the trace of the request that recorded the commit; none where that is not traced. */
  readonly place: TracePlace | undefined;
}

/** What was decoded of one record of the stream. */
export function relayedCommit(sequence: string, events: readonly Envelope[]): RelayedCommit {
  return { sequence, events, place: placeBeneath(events[0]?.trace) };
}

/** The header of each event, which puts what follows from it beneath the relaying of its commit. */
export function headersBeneath(commits: readonly RelayedCommit[]): (event: Envelope) => string | undefined {
  const headers = new Map<Envelope, string>();
  for (const { events, place } of commits) {
    if (place) for (const event of events) headers.set(event, headerOf(place));
  }
  return (event) => headers.get(event) ?? event.trace;
}

/**
 * The relaying of commits as the traces of their requests tell it: how long each waited for the relay since it was
 * recorded, and how long the bus took. The relay runs in a trace of its own, since it takes commits of many requests.
 */
export function relayWork(
  commits: readonly RelayedCommit[],
  refused: ReadonlySet<Envelope>,
  taken: number,
  published: number,
): FinishedWork[] {
  return commits.flatMap(({ events, place }) => {
    const last = events.at(-1);
    if (!place || !last) return [];
    // Clocks differ by a little: nothing was relayed before it was recorded.
    const from = Math.min(Date.parse(last.time), taken);
    const annotations = {
      correlationId: last.correlationId,
      stream: streamPath(last.stream),
      version: last.version,
      events: events.length,
      waitMilliseconds: taken - from,
    };
    const steps = [
      { name: 'wait', from, to: taken },
      { name: 'publish', from: taken, to: published },
    ];
    const failed = events.some((event) => refused.has(event));
    return [{ place, name: 'relay', from, to: published, failed, annotations, steps }];
  });
}
