import { randomUUID } from 'node:crypto';
import type { Head, Origin } from '#shared/event-store/commit.ts';
import type { DomainEvent } from '#shared/messages/event.ts';

/** What one append takes: who does it and why, and the events. */
export interface AppendInput {
  readonly events: readonly DomainEvent[];
  readonly origin: Origin;
}

export const eventType = 'AlertRuleChanged';

/** An event of 200 bytes of data, of which no two are alike. */
function eventOf(): DomainEvent {
  const data = {
    rule: randomUUID(),
    value: Math.random() * 100,
    threshold: 90,
    at: new Date().toISOString(),
  };
  const note = 'The value crossed the threshold of the rule and was seen by everybody on call in time. ';
  const missing = 200 - JSON.stringify({ ...data, note: '' }).length;
  return { type: eventType, data: { ...data, note: note.repeat(3).slice(0, missing) } };
}

/** Who recorded an event and why, as a request of a signed-in person says it. */
export function originOf(): Origin {
  const commandId = randomUUID();
  return {
    domain: 'observability',
    commandId,
    actor: { type: 'user', id: randomUUID() },
    correlationId: randomUUID(),
    causationId: commandId,
    trace: `Root=1-${randomUUID().slice(0, 8)}-${randomUUID().replaceAll('-', '').slice(0, 24)};Parent=53995c3f42cd8ad8;Sampled=1`,
    time: Date.now(),
  };
}

/** The head of a stream that nobody has written to. */
export const newHead = (): Head => ({
  stream: { tenant: 'skafu', type: 'alert-rule', id: randomUUID() },
  commit: 0,
  version: 0,
  hash: new Uint8Array(),
});

/** Inputs of so many events each, made before the clock runs and handed out in turn. */
export function inputs(count: number): () => AppendInput {
  const made = Array.from({ length: 64 }, () => ({
    events: Array.from({ length: count }, eventOf),
    origin: originOf(),
  }));
  let turn = 0;
  return () => {
    const input = made[turn++ % made.length];
    if (!input) throw new Error('No input was made.');
    return input;
  };
}
