import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import type { Rows } from '#shared/definition/query.ts';
import { scheduledReactor } from '#shared/definition/reactor.ts';
import { publish } from '#shared/event-store/publish.ts';
import type { Envelope } from '#shared/messages/envelope.ts';
import { recordMetric } from '#shared/runtime/metrics.ts';
import { setting } from '#shared/runtime/settings.ts';
import { due, type ProcessTimerRow, processTimers } from '../read-models/process-timers.ts';

/** As many pages as surely end before the function's time does; those beyond have their turn a minute later. */
const pagesPerRun = 10;

let client: EventBridgeClient | undefined;

/**
 * Wakes processes whose time has come: each is told of its own last event once more, which only its process manager
 * acts on, in the lineage that the process belongs to. One that does not move on is woken again each minute.
 */
export const wakeProcesses = scheduledReactor({
  every: '1 minute',
  readModels: { processTimers },
  uses: ['events-bus'],
  react: async (_, context) => {
    // Alerts, and so the processes about them, are the installation's own.
    const tenant = context.installationTenant;
    const now = new Date().toISOString();
    const rows = await context.rows(processTimers, tenant);
    const woken = await dueBefore(now, rows);
    const oldest = woken[0] ? Date.parse(now) - Date.parse(woken[0].dueAt) : 0;
    recordMetric('ProcessTimerLag', oldest, 'Milliseconds', {});
    const events = await Promise.all(
      woken.map(async ({ type, id }) => (await context.history({ type }, tenant, id)).at(-1)),
    );
    const known = events.filter((event): event is Envelope => event !== undefined);
    if (known.length === 0) return;
    client ??= new EventBridgeClient({});
    const refused = await publish(client, setting('EVENTS_BUS'), known);
    if (refused.length > 0)
      throw new Error(`The bus refused to wake ${refused.length} of ${known.length} processes.`);
  },
});

/** Those whose time has come, the longest due first. Some that never move on must not keep the others from being woken. */
async function dueBefore(now: string, rows: Rows<ProcessTimerRow>): Promise<ProcessTimerRow[]> {
  const found: ProcessTimerRow[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < pagesPerRun; page++) {
    const { items, nextCursor } = await rows.list(due, { limit: 100, cursor, ascending: true });
    const woken = items.filter(({ dueAt }) => dueAt <= now);
    found.push(...woken);
    if (!nextCursor || woken.length < items.length) break;
    cursor = nextCursor;
  }
  return found;
}
