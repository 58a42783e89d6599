import type { CallCount } from '../../telemetry/index.ts';

/** Adds up requests as the service map shows them. */
export class Tally {
  readonly #times = new Map<number, number>();
  #start = Number.POSITIVE_INFINITY;
  #end = 0;
  #ok = 0;
  #error = 0;
  #throttle = 0;
  #fault = 0;
  #total = 0;
  #totalResponseTime = 0;

  add(count: CallCount): void {
    this.cover(count);
    this.#ok += count.ok;
    this.#error += count.error;
    this.#throttle += count.throttle;
    this.#fault += count.fault;
    this.#total += count.count;
    this.#totalResponseTime += count.totalResponseTime;
    const { responseTime } = count;
    this.#times.set(responseTime, (this.#times.get(responseTime) ?? 0) + count.count);
  }

  /** Takes in the time of requests that are counted elsewhere. */
  cover({ startTime, endTime }: CallCount): void {
    this.#start = Math.min(this.#start, startTime);
    this.#end = Math.max(this.#end, endTime);
  }

  times(): object {
    return { StartTime: this.#start, EndTime: this.#end };
  }

  statistics(): object {
    return {
      OkCount: this.#ok,
      ErrorStatistics: {
        ThrottleCount: this.#throttle,
        OtherCount: Math.max(0, this.#error - this.#throttle),
        TotalCount: this.#error,
      },
      FaultStatistics: { OtherCount: this.#fault, TotalCount: this.#fault },
      TotalCount: this.#total,
      TotalResponseTime: Math.round(this.#totalResponseTime * 1e6) / 1e6,
    };
  }

  /** By response time in whole milliseconds. */
  histogram(): { Value: number; Count: number }[] {
    return [...this.#times]
      .sort(([one], [other]) => one - other)
      .map(([value, count]) => ({ Value: value, Count: count }));
  }
}
