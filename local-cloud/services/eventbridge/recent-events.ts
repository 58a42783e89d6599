import type { Event } from './event.ts';

export interface RecentEvent {
  readonly busName: string;
  readonly event: Event;
  /** Names of the rules that it matched. */
  readonly rules: readonly string[];
}

const most = 200;

/** The last events with the rules that each matched, for people who ask why something did not happen. */
export class RecentEvents {
  readonly #events: RecentEvent[] = [];

  add(recent: RecentEvent): void {
    this.#events.push(recent);
    if (this.#events.length >= 2 * most) this.#events.splice(0, most);
  }

  /** The newest first. */
  all(): RecentEvent[] {
    return this.#events.slice(-most).reverse();
  }
}
