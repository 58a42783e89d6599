import { S3Client } from '@aws-sdk/client-s3';
import { createSealArchive, type FoundSeal } from '../event-store/seal-archive.ts';
import { sealedSince, sealStore } from '../event-store/seal-store.ts';
import { dynamodb } from '../runtime/clients.ts';
import { reportFailure, reportingFailures } from '../runtime/failure.ts';
import { log } from '../runtime/log.ts';
import { recordMetric } from '../runtime/metrics.ts';
import { setting } from '../runtime/settings.ts';
import { tracing } from '../runtime/tracing.ts';

/** Time that is left for keeping the seal when no segment is begun any more; of fifteen minutes. */
const longestReading = 12 * 60_000;

let client: S3Client | undefined;
let newest: FoundSeal | undefined;

/** Streams whose newest commits are gone: the store was altered by somebody who is not us. */
class StreamsCut extends Error {
  override readonly name = 'StreamsCut';
}

/**
 * Runs each minute, and seals the store when the newest seal is as old as `SEAL_SECONDS`. A run with nothing to seal
 * asks nobody while the function is warm. Records how long ago the part sealed longest ago was sealed.
 */
export function handler(): Promise<{ sealed: number }> {
  return reportingFailures(sealIfDue);
}

async function sealIfDue(): Promise<{ sealed: number }> {
  const trace = await tracing();
  client ??= trace.client(new S3Client({}));
  const archive = createSealArchive(client, setting('SEALS_BUCKET'));
  const interval = Number(setting('SEAL_SECONDS')) * 1000;
  const isDue = () => !newest || Date.now() - Date.parse(newest.seal.time) >= interval;
  if (isDue()) newest = await archive.newest();
  let sealed = 0;
  if (isDue() && (await archive.claim(Math.floor(Date.now() / interval)))) {
    const outcome = await sealStore(await dynamodb(), setting('EVENT_STORE_TABLE'), archive, newest, {
      readUnits: Number(setting('SEAL_READ_UNITS')),
      until: Date.now() + longestReading,
      now: Date.now,
    });
    newest = outcome.made;
    sealed = newest.seal.streams;
    log.info('Sealed the event store', {
      root: newest.seal.root,
      streams: sealed,
      commits: newest.seal.commits,
      readUnits: outcome.readUnits,
    });
    if (outcome.lost.length > 0) {
      log.error('Streams are not as they were sealed', { streams: outcome.lost.slice(0, 100) });
      await reportFailure(
        new StreamsCut(`${outcome.lost.length} streams are not as they were sealed: run verify.`),
      );
    }
  }
  const since = newest ? sealedSince(newest.seal) : undefined;
  if (since !== undefined) recordMetric('SealAge', (Date.now() - since) / 1000, 'Seconds', {});
  return { sealed };
}
