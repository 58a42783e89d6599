import { setTimeout as delay } from 'node:timers/promises';
import type { StateNamespace } from './state.ts';

/** The time of the services of one world: that of the machine, and what it was moved ahead. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
  /** The machine's time of a time of this clock: what is measured bears that one. */
  machineTime(time: number): number;
  /**
   * Calls `work` once this many milliseconds of this clock have passed, and answers how to call it off. `what` tells a
   * person what is waited for. The process does not stay alive for it.
   */
  after(milliseconds: number, what: string, work: () => void): () => void;
}

interface Wait {
  readonly due: number;
  readonly what: string;
  readonly work: () => void;
  timer?: NodeJS.Timeout;
}

/** What a timer of Node can wait, in milliseconds. */
const longest = 2 ** 31 - 1;
/** Real milliseconds in which what a wait has caused comes to its own next wait. */
const pause = 25;
const key = 'ahead';

/** A clock that can be moved ahead. How far it is ahead outlasts restarts, for times that were kept are its times. */
export class MovableClock implements Clock {
  readonly #state: StateNamespace | undefined;
  readonly #waits = new Set<Wait>();
  #ahead: number;
  #moving: Promise<unknown> = Promise.resolve();

  constructor(ahead = 0, state?: StateNamespace) {
    this.#ahead = ahead;
    this.#state = state;
  }

  static async open(state: StateNamespace): Promise<MovableClock> {
    return new MovableClock((await state.get<number>(key)) ?? 0, state);
  }

  /** Milliseconds before the machine's time. */
  get ahead(): number {
    return this.#ahead;
  }

  /** What is waited for, what comes first before the others. */
  get waits(): { due: number; what: string }[] {
    return [...this.#waits].map(({ due, what }) => ({ due, what })).sort((one, other) => one.due - other.due);
  }

  now(): number {
    return Date.now() + this.#ahead;
  }

  machineTime(time: number): number {
    return time - this.#ahead;
  }

  after(milliseconds: number, what: string, work: () => void): () => void {
    const wait: Wait = { due: this.now() + Math.max(0, milliseconds), what, work };
    this.#waits.add(wait);
    this.#arm(wait);
    return () => {
      clearTimeout(wait.timer);
      this.#waits.delete(wait);
    };
  }

  /**
   * Moves ahead, from one wait to the next, so that each ends at its own time and what it causes begins there: an hour
   * has sixty ticks of a schedule of a minute. Moves follow each other. Answers how many waits ended.
   */
  advance(milliseconds: number): Promise<number> {
    const move = this.#moving.then(() => this.#advance(milliseconds));
    this.#moving = move.catch(() => undefined);
    return move;
  }

  async #advance(milliseconds: number): Promise<number> {
    const target = this.now() + milliseconds;
    let ended = 0;
    for (;;) {
      let next = Number.POSITIVE_INFINITY;
      for (const { due } of this.#waits) next = Math.min(next, due);
      if (next > target) break;
      await this.#moveTo(next);
      const due = [...this.#waits].filter((wait) => wait.due <= this.now());
      for (const wait of due) this.#end(wait);
      ended += due.length;
      await delay(pause);
    }
    await this.#moveTo(target);
    return ended;
  }

  /** Never back: what has happened meanwhile took time of its own. */
  async #moveTo(time: number): Promise<void> {
    this.#ahead = Math.max(this.#ahead, time - Date.now());
    await this.#state?.put(key, this.#ahead);
    for (const wait of this.#waits) this.#arm(wait);
  }

  #arm(wait: Wait): void {
    clearTimeout(wait.timer);
    const left = wait.due - this.now();
    const ring = () => (wait.due <= this.now() ? this.#end(wait) : this.#arm(wait));
    wait.timer = setTimeout(ring, Math.min(longest, Math.max(1, left))).unref();
  }

  #end(wait: Wait): void {
    if (!this.#waits.delete(wait)) return;
    clearTimeout(wait.timer);
    wait.work();
  }
}
