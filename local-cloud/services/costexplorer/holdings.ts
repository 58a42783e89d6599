import type { Cloud } from '../../core/cloud.ts';
import type { Service } from '../../core/service.ts';

const HOUR = 3_600_000;
/** How often what stands is counted. */
const EVERY_MILLISECONDS = 5 * 60_000;

/** The hours of the calendar month (UTC) that a time is in, by which AWS divides monthly prices. */
export function hoursOfMonth(time: number): number {
  const date = new Date(time);
  return new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate() * 24;
}

/** The parts of a span that lie in each hour, with the share of a month they are. */
export function monthShares(from: number, to: number): { time: number; months: number }[] {
  const shares: { time: number; months: number }[] = [];
  for (let start = from; start < to; ) {
    const end = Math.min(to, (Math.floor(start / HOUR) + 1) * HOUR);
    shares.push({ time: start, months: (end - start) / HOUR / hoursOfMonth(start) });
    start = end;
  }
  return shares;
}

/**
 * Meters what is paid for by the time it stands, while the cloud runs: counted every five minutes and at the end, for
 * the time since. A span longer than two counts (a machine that slept) is paid for as two.
 */
export function createHoldingsMeter(cloud: Cloud) {
  let services: Service[] = [];
  let countedUntil = Date.now();
  let timer: NodeJS.Timeout | undefined;
  let counting = Promise.resolve();

  async function countUntil(now: number): Promise<void> {
    const holdings = await Promise.all(services.map((service) => service.holdings?.()));
    const shares = monthShares(Math.max(countedUntil, now - 2 * EVERY_MILLISECONDS), now);
    countedUntil = now;
    for (const { amount, ...holding } of holdings.flatMap((each) => each ?? [])) {
      for (const { time, months } of shares) {
        cloud.telemetry.usage({ ...holding, quantity: amount * months, time });
      }
    }
  }

  function count(): Promise<void> {
    counting = counting
      .then(() => countUntil(Date.now()))
      .catch((error: unknown) => {
        cloud.logger.error('What stands could not be counted for the bill.', { reason: String(error) });
      });
    return counting;
  }

  return {
    begin(all: Service[]): void {
      services = all;
      countedUntil = Date.now();
      timer = setInterval(() => void count(), EVERY_MILLISECONDS).unref();
    },
    async end(): Promise<void> {
      if (!timer) return;
      clearInterval(timer);
      await count();
    },
  };
}
