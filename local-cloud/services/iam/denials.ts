import type { Wanted } from '../../core/access.ts';
import type { Logger } from '../../core/logger.ts';

export interface Denial extends Wanted {
  readonly who: string;
  readonly reason: string;
}

/** How often something was refused, and when last. */
export interface DenialCount extends Denial {
  readonly count: number;
  /** RFC 3339. */
  readonly lastAt: string;
}

/** Different refusals that are kept; the oldest give way. */
const most = 500;

/** What was refused since the start: each kind once in the log, and counted. */
export class Denials {
  readonly #counts = new Map<string, DenialCount>();
  readonly #logger: Logger;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  note(denial: Denial): void {
    const { who, action, resource, reason } = denial;
    const key = JSON.stringify([who, action, resource, reason]);
    const before = this.#counts.get(key);
    if (!before) this.#logger.warn('A call was refused by the policies.', { who, action, resource, reason });
    this.#counts.delete(key);
    this.#counts.set(key, { ...denial, count: (before?.count ?? 0) + 1, lastAt: new Date().toISOString() });
    const [oldest] = this.#counts.keys();
    if (this.#counts.size > most && oldest !== undefined) this.#counts.delete(oldest);
  }

  /** The last one first. */
  all(): DenialCount[] {
    return [...this.#counts.values()].reverse();
  }
}
