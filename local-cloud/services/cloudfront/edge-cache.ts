import type { CachePolicy } from './model.ts';
import type { OriginResponse } from './origins.ts';

const entryLimit = 1000;
// What CloudFront caches without being told so by the origin.
const cacheableStatus = new Set([200, 203, 204, 206, 300, 301, 302, 307, 404, 410]);

interface Entry {
  response: OriginResponse;
  storedAt: number;
  expiresAt: number;
}

/** Answers of origins kept as long as the cache policy and their Cache-Control allow, in memory. */
export class EdgeCache {
  private readonly entries = new Map<string, Entry>();
  private readonly now: () => number;

  constructor(now: () => number = Date.now) {
    this.now = now;
  }

  /** The kept answer with its `age`, or undefined. */
  find(key: string): OriginResponse | undefined {
    const entry = this.entries.get(key);
    if (!entry) return undefined;
    if (entry.expiresAt <= this.now()) {
      this.entries.delete(key);
      return undefined;
    }
    const age = String(Math.floor((this.now() - entry.storedAt) / 1000));
    return { ...entry.response, headers: { ...entry.response.headers, age } };
  }

  keep(key: string, response: OriginResponse, policy: CachePolicy): void {
    const seconds = timeToLive(response, policy);
    if (seconds <= 0 || !cacheableStatus.has(response.status) || response.headers['set-cookie']) return;
    const oldest = this.entries.size >= entryLimit ? this.entries.keys().next().value : undefined;
    if (oldest !== undefined) this.entries.delete(oldest);
    const storedAt = this.now();
    const kept = { ...response, headers: { ...response.headers } };
    this.entries.set(key, { response: kept, storedAt, expiresAt: storedAt + seconds * 1000 });
  }
}

/** Seconds: what the origin asks for, within the policy's bounds. */
function timeToLive(response: OriginResponse, policy: CachePolicy): number {
  const control = String(response.headers['cache-control'] ?? '');
  if (/\b(no-store|no-cache|private)\b/.test(control)) return policy.minimumTtl;
  const [, shared] = /s-maxage=(\d+)/.exec(control) ?? [];
  const [, own] = /max-age=(\d+)/.exec(control) ?? [];
  const asked = shared ?? own;
  const wanted = asked === undefined ? policy.defaultTtl : Number(asked);
  return Math.min(Math.max(wanted, policy.minimumTtl), policy.maximumTtl);
}
