import type { Next } from '#shared/definition/process-manager.ts';
import { processAggregate } from '#shared/processes/process.ts';
import type { StepName } from '#shared/processes/process-events.ts';

// Tells one channel after the other that nobody has acknowledged an alert. One process for each episode.

export const alertEscalationProcess = processAggregate('observability/alert-escalation-process');

/** What the escalation of an episode goes by. */
export interface EscalationFacts {
  readonly episode: 'unacknowledged' | 'acknowledged' | 'over';
  /** When the episode began; RFC 3339, UTC. */
  readonly raisedAt: string;
  /** The channels that want to be told, and after how many minutes. */
  readonly channels: readonly { readonly channelId: string; readonly name: string; readonly after: number }[];
}

/** Which step is next, and when. An acknowledgement takes back what has not reached anybody. */
export function nextEscalation(facts: EscalationFacts, done: readonly StepName[], now: string): Next {
  if (facts.episode !== 'unacknowledged') {
    const why = facts.episode === 'over' ? 'The alert was resolved.' : 'The alert was acknowledged.';
    return done.length === 0 ? { complete: why } : { compensate: why };
  }
  const told = new Set(done.map(({ on }) => on));
  const [first] = facts.channels
    .filter(({ channelId }) => !told.has(channelId))
    .toSorted((left, right) => left.after - right.after || (left.channelId < right.channelId ? -1 : 1));
  if (!first) {
    return done.length === 0
      ? { complete: 'No channel wants to be told.' }
      : { waitFor: 'somebody to acknowledge the alert' };
  }
  const dueAt = new Date(Date.parse(facts.raisedAt) + first.after * 60_000).toISOString();
  if (dueAt <= now) return { step: 'tellChannel', on: first.channelId };
  return { waitFor: `somebody to acknowledge the alert, or else tells ${first.name}`, until: dueAt };
}
