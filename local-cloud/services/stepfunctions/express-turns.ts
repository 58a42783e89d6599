import { type Release, Turns } from '../../core/turns.ts';
import type { ExecutionRecord } from './execution-record.ts';
import type { StateMachine } from './machines.ts';

/** EXPRESS executions of one state machine that are under way at once; the others wait on disk. */
const atOnce = 500;

interface Owner {
  /** Resolves when it has ended. */
  launch(record: ExecutionRecord, machine: StateMachine): Promise<unknown>;
  /** What is on disk of one that waited; undefined when it is not to be begun any more. */
  find(arn: string): Promise<{ record: ExecutionRecord; machine: StateMachine } | undefined>;
  onFailure(arn: string, error: unknown): void;
}

/** Begins EXPRESS executions at once, or when so many others of their state machine are not under way any more. */
export class ExpressTurns {
  readonly #owner: Owner;
  readonly #byMachine = new Map<string, Turns>();
  readonly #waiting = new Set<string>();

  constructor(owner: Owner) {
    this.#owner = owner;
  }

  begin(record: ExecutionRecord, machine: StateMachine): void {
    const turns = this.#byMachine.get(machine.arn) ?? new Turns(atOnce);
    this.#byMachine.set(machine.arn, turns);
    const release = turns.takeFree();
    if (release) this.#launch(record, machine, release);
    else this.#beginLater(turns, record.arn);
  }

  isWaiting(arn: string): boolean {
    return this.#waiting.has(arn);
  }

  #launch(record: ExecutionRecord, machine: StateMachine, release: Release): void {
    this.#owner.launch(record, machine).then(release, release);
  }

  /** Keeps the name alone, since very many may wait. */
  #beginLater(turns: Turns, arn: string): void {
    this.#waiting.add(arn);
    turns
      .take()
      .then(async (release) => {
        this.#waiting.delete(arn);
        const found = await this.#owner.find(arn);
        if (found) this.#launch(found.record, found.machine, release);
        else release();
      })
      .catch((error: unknown) => this.#owner.onFailure(arn, error));
  }
}
