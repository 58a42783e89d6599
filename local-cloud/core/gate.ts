/** Lets work pass, and stands still on demand: what comes meanwhile waits. */
export class Gate {
  readonly #passing = new Set<Promise<unknown>>();
  #held: Promise<void> | undefined;

  async pass<Result>(work: () => Promise<Result>): Promise<Result> {
    while (this.#held) await this.#held;
    const passing = work();
    this.#passing.add(passing);
    try {
      return await passing;
    } finally {
      this.#passing.delete(passing);
    }
  }

  /** Resolves once nothing passes any more; nothing does until what it answers is called. One at a time. */
  async hold(): Promise<() => void> {
    while (this.#held) await this.#held;
    let open = () => {};
    this.#held = new Promise((resolve) => {
      open = resolve;
    });
    await Promise.allSettled([...this.#passing]);
    return () => {
      this.#held = undefined;
      open();
    };
  }
}
