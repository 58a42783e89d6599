import { errorsReactor } from '#shared/definition/reactor.ts';
import { idFrom } from '#shared/runtime/ids.ts';
import { log } from '#shared/runtime/log.ts';
import { failure, record } from '../failure/failure.ts';
import { reportedIn } from '../failure/reported.ts';
import type { Reported } from '../failure/storm.ts';

/** The stream of all failures with one fingerprint. */
export function failureId(fingerprint: string): string {
  return idFrom('failure', fingerprint);
}

/** Records what the errors bus is told, one commit for each cause in a batch. */
export const recordFailures = errorsReactor({
  react: async (events, context) => {
    const groups = new Map<string, Reported[]>();
    for (const event of events) {
      const reported = reportedIn(event);
      if (reported) groups.set(reported.fingerprint, [...(groups.get(reported.fingerprint) ?? []), reported]);
      else
        log.warn('The errors bus was told something else', { eventId: event.id, type: event['detail-type'] });
    }
    for (const [fingerprint, occurrences] of groups) {
      const id = failureId(fingerprint);
      await context.execute(failure, context.installationTenant, id, record, { occurrences });
    }
  },
});
