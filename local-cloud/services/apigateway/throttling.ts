import type { Throttle } from './model.ts';

interface Bucket {
  tokens: number;
  filledAt: number;
}

/** Token buckets: `burst` requests at once, refilled at `rate` a second. */
export class Throttling {
  private readonly buckets = new Map<string, Bucket>();
  private readonly now: () => number;

  /** `now` answers milliseconds of a clock that never goes back. */
  constructor(now: () => number = () => performance.now()) {
    this.now = now;
  }

  /** True when one more request may pass. */
  admits(key: string, { rate, burst }: Throttle): boolean {
    const now = this.now();
    const bucket = this.buckets.get(key) ?? { tokens: burst, filledAt: now };
    this.buckets.set(key, bucket);
    bucket.tokens = Math.min(burst, bucket.tokens + ((now - bucket.filledAt) / 1000) * rate);
    bucket.filledAt = now;
    if (bucket.tokens < 1) return false;
    bucket.tokens -= 1;
    return true;
  }
}
