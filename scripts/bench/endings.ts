/** What has to end whatever happens: children, folders, connections. They end in reverse. */
export class Endings {
  readonly #all: (() => void | Promise<void>)[] = [];

  add(end: () => void | Promise<void>): void {
    this.#all.push(end);
  }

  /** Ends everything, once. One that fails does not keep the others running; the first failure is thrown at the end. */
  async run(): Promise<void> {
    const failures: unknown[] = [];
    for (let end = this.#all.pop(); end; end = this.#all.pop()) {
      try {
        await end();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  }
}
