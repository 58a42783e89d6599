import { Problem } from '../messages/problem.ts';
import type { CacheTable } from './cache-table.ts';
import { reportFailure } from './failure.ts';

/** An answer with when it was had, and when it will be asked for again; RFC 3339. */
export type Cached<Answer> = Answer & { readonly cachedAt: string; readonly expiresAt: string };

export interface CacheOptions {
  readonly seconds: number;
  /** Take no answer that is older than this call. */
  readonly refresh?: boolean | undefined;
  readonly now?: () => number;
  /** Between two looks for what another caller is asking, in milliseconds. */
  readonly step?: number;
}

/** How long one caller may take to ask while others wait for its answer, and how long those wait; milliseconds. */
const claimed = 30_000;
const patience = 20_000;

/**
 * An answer that is dear: asked for at most once in `seconds`, by however many functions side by side, since all keep it
 * in one table. One of them asks; the others wait for what it hears. A failure is told to who asked and not kept.
 */
export async function cached<Answer extends object>(
  table: CacheTable,
  key: string,
  ask: () => Promise<Answer>,
  { seconds, refresh = false, now = Date.now, step = 200 }: CacheOptions,
): Promise<Cached<Answer>> {
  const began = now();
  let claim: number;
  for (;;) {
    const kept = await table.read(key);
    if (kept && kept.expiresAt > now() && (!refresh || kept.cachedAt >= began)) {
      // Only this function writes under its key, and a new form of answer takes a new key.
      return dated(kept.answer as Answer, kept.cachedAt, kept.expiresAt);
    }
    claim = now() + claimed;
    if (await table.claim(key, { until: claim, now: now(), seen: kept?.cachedAt })) break;
    if (now() - began > patience) throw stillAsked();
    await new Promise((resolve) => setTimeout(resolve, step));
  }

  const answer = await ask().catch(async (error: unknown) => {
    await table.release(key, claim);
    throw error;
  });
  const cachedAt = now();
  // Whole seconds, as the table keeps them, so that everybody is told the same.
  const expiresAt = Math.floor(cachedAt / 1000 + seconds) * 1000;
  // It has been paid for: who asked gets it even where it cannot be kept.
  await table.write(key, { answer, cachedAt, expiresAt }).catch((error: unknown) => reportFailure(error));
  return dated(answer, cachedAt, expiresAt);
}

function dated<Answer extends object>(answer: Answer, cachedAt: number, expiresAt: number): Cached<Answer> {
  return {
    ...answer,
    cachedAt: new Date(cachedAt).toISOString(),
    expiresAt: new Date(expiresAt).toISOString(),
  };
}

function stillAsked(): Problem {
  const detail = 'Another request is still waiting for this answer; try again in 5 seconds.';
  return new Problem(503, 'still-asked', 'Still being asked', detail, { headers: { 'retry-after': '5' } });
}
