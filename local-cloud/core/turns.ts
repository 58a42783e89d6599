/** Gives a turn back; more than once does no harm. */
export type Release = () => void;

/** One who waits, and who came next: taking the first of an array would move all others, and very many may wait. */
interface Waiting {
  begin(release: Release): void;
  next?: Waiting;
}

/**
 * Lets so many work at once and the others wait, first come, first served. AWS has machines for all of them; here, work
 * that is begun all at once only makes each part of it slow, and keeps those who wait for an answer from getting one.
 */
export class Turns {
  #first: Waiting | undefined;
  #last: Waiting | undefined;
  #free: number;

  constructor(limit: number) {
    this.#free = limit;
  }

  /** A turn where one is free and nobody waits for it. */
  takeFree(): Release | undefined {
    if (this.#free === 0) return undefined;
    this.#free -= 1;
    return this.#releaseOnce();
  }

  /** A turn as soon as there is one. */
  async take(): Promise<Release> {
    return this.takeFree() ?? new Promise((begin) => this.#queue({ begin }));
  }

  /** Does the work in a turn of its own. */
  async during<Result>(work: () => Promise<Result>): Promise<Result> {
    const release = await this.take();
    try {
      return await work();
    } finally {
      release();
    }
  }

  #queue(waiting: Waiting): void {
    if (this.#last) this.#last.next = waiting;
    else this.#first = waiting;
    this.#last = waiting;
  }

  #unqueue(): Waiting | undefined {
    const first = this.#first;
    this.#first = first?.next;
    if (!this.#first) this.#last = undefined;
    return first;
  }

  #releaseOnce(): Release {
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      const next = this.#unqueue();
      if (next) next.begin(this.#releaseOnce());
      else this.#free += 1;
    };
  }
}
