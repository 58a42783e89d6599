import type { ExecutionRecord } from './execution-record.ts';
import type { HistoryEvent } from './history.ts';

export interface RecentExecution {
  readonly record: ExecutionRecord;
  readonly events: readonly HistoryEvent[];
}

const most = 200;
/** Events of one execution that are kept: a loop may make very many. */
const mostEvents = 2_000;

/** The last EXPRESS executions that ended: AWS keeps no history of them. */
export class RecentExecutions {
  readonly #byArn = new Map<string, RecentExecution>();

  add(record: ExecutionRecord, events: readonly HistoryEvent[]): void {
    this.#byArn.set(record.arn, { record, events: events.slice(0, mostEvents) });
    const [oldest] = this.#byArn.keys();
    if (this.#byArn.size > most && oldest !== undefined) this.#byArn.delete(oldest);
  }

  get(arn: string): RecentExecution | undefined {
    return this.#byArn.get(arn);
  }

  /** The newest first. */
  of(machineArn: string): RecentExecution[] {
    return [...this.#byArn.values()].filter(({ record }) => record.machineArn === machineArn).reverse();
  }
}
