import { createHash, randomUUID } from 'node:crypto';
import type { Head, Origin } from '#shared/event-store/commit.ts';
import type { EventStore } from '#shared/event-store/event-store.ts';
import type { Envelope, StreamName } from '#shared/messages/envelope.ts';
import type { DomainEvent } from '#shared/messages/event.ts';
import { Counted } from '#shared/testing/counter.ts';

/** A stream that no other test knows. */
export function newStream(tenant = 'skafu'): StreamName {
  return { tenant, type: 'counter', id: randomUUID() };
}

export function originOf(changes: Partial<Origin> = {}): Origin {
  return {
    domain: 'testing',
    commandId: randomUUID(),
    actor: { type: 'user', id: 'sub-1' },
    correlationId: 'correlation-1',
    causationId: 'command-1',
    time: Date.now(),
    ...changes,
  };
}

export const countedTimes = (times: number): DomainEvent[] =>
  Array.from({ length: times }, () => Counted({ by: 1 }));

/** Events of about 270 bytes as stored, each with what only it has: the example that costs are reckoned with. */
export const alertsRaised = (count: number): DomainEvent[] =>
  Array.from({ length: count }, (_, index) => ({
    type: 'AlertRaised',
    data: {
      episode: createHash('sha256').update(`${index}`).digest('hex').slice(0, 16),
      reason: `Threshold Crossed: 1 datapoint [${(index * 7919) % 1000}.${(index * 104_729) % 1000}] was greater than 5.0.`,
      ruleName: 'Errors of the checkout',
      severity: 'critical',
      metric: { namespace: 'AWS/Lambda', metricName: 'Errors', dimensions: { FunctionName: 'checkout' } },
    },
  }));

/** Appends at the end of the stream as it stands, and answers the new end. Throws when somebody else was first. */
export async function record(
  store: EventStore,
  stream: StreamName,
  events: readonly DomainEvent[],
  origin: Partial<Origin> = {},
): Promise<Head> {
  const { head } = await store.load(stream);
  const appended = await store.append(head, events, originOf(origin));
  if ('head' in appended) return appended.head;
  throw new Error('Somebody else was first.');
}

/** One commit after the other, each of so many events; answers all events of the stream. */
export async function recordCommits(
  store: EventStore,
  stream: StreamName,
  sizes: readonly number[],
): Promise<readonly Envelope[]> {
  let { head } = await store.load(stream);
  for (const size of sizes) {
    const appended = await store.append(head, countedTimes(size), originOf());
    if (!('head' in appended)) throw new Error('Somebody else was first.');
    head = appended.head;
  }
  return (await store.load(stream)).events;
}

/** The element at the index; throws where there is none. */
export function at<Element>(elements: readonly Element[], index: number): Element {
  const found = elements.at(index);
  if (found === undefined) throw new Error(`There is no element ${index}.`);
  return found;
}
