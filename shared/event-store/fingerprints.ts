import type { AnyAggregate } from '../definition/aggregate.ts';

/** Fingerprint of each aggregate's code, by `domain/type`. */
const fingerprints = new Map<string, string>();

/**
 * Tells which code folds the aggregates. The build computes a fingerprint over everything that a state follows from, so
 * a snapshot of other code is known as such. A process that was not built knows none, and folds all events.
 */
export function rememberFingerprints(known: Readonly<Record<string, string>>): void {
  for (const [name, fingerprint] of Object.entries(known)) fingerprints.set(name, fingerprint);
}

export function fingerprintOf({ domain, type }: Pick<AnyAggregate, 'domain' | 'type'>): string | undefined {
  return fingerprints.get(`${domain}/${type}`);
}
