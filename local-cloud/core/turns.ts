/** Gives a turn back; more than once does no harm. */
export type Release = () => void;

/**
 * Lets so many work at once and the others wait, first come, first served. AWS has machines for all of them; here, work
 * that is begun all at once only makes each part of it slow, and keeps those who wait for an answer from getting one.
 */
export class Turns {
  readonly #waiting: ((release: Release) => void)[] = [];
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
    return this.takeFree() ?? new Promise((resolve) => this.#waiting.push(resolve));
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

  #releaseOnce(): Release {
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      const next = this.#waiting.shift();
      if (next) next(this.#releaseOnce());
      else this.#free += 1;
    };
  }
}
