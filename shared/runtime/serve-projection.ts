import type { ReadModel } from '../definition/read-model.ts';
import { type Envelope, streamPath } from '../messages/envelope.ts';
import { projectEvent } from '../read-models/projector.ts';
import { createRowStore } from '../read-models/row-store.ts';
import { documents, eventStore, generations } from './clients.ts';
import { log } from './log.ts';
import { recordMetric } from './metrics.ts';
import { setting } from './settings.ts';
import { type Annotations, tracing } from './tracing.ts';

/** What EventBridge hands to a target: one of our envelopes in its own. */
export interface BusEvent {
  readonly id: string;
  readonly detail: Envelope;
}

/**
 * Makes the Lambda handler of a read model: the first step of its state machine. A failure is thrown, for the state
 * machine retries it and, in the end, tells the error bus.
 */
export function serveProjection(model: ReadModel): (event: BusEvent) => Promise<{ applied: number }> {
  return async ({ detail }) => {
    log.resetKeys();
    log.appendKeys({ correlationId: detail.correlationId, eventId: detail.id });
    const readModel = `${setting('SERVICE')}/${setting('FUNCTION')}`;
    const trace = await tracing();
    const applied = await trace.step('## projection', { ...annotationsOf(detail), readModel }, async () => {
      const count = await projectToAll(model, detail);
      const lag = Date.now() - Date.parse(detail.time);
      trace.annotate({ applied: count, lagMilliseconds: lag });
      if (count > 0) recordMetric('ProjectionLag', lag, 'Milliseconds', { ReadModel: readModel });
      return count;
    });
    return { applied };
  };
}

/**
 * Projects into the table that serves and, during a rebuild, into the new one before it. Each is asked for again just
 * before it is written, for readers may have turned meanwhile. Later events are left to their own notifications, so
 * that none reaches one table alone.
 */
async function projectToAll(model: ReadModel, event: Envelope): Promise<number> {
  const first = setting('READ_MODEL_TABLE');
  let count = 0;
  for (const table of await generations.writtenTables(first)) {
    if (!(await generations.writtenTables(first)).includes(table)) continue;
    const rows = createRowStore(await documents(), table, model);
    count = await projectEvent(event, rows, await eventStore(), event.version);
  }
  return count;
}

/** By what an event's further way is found again in traces. */
export function annotationsOf(event: Envelope): Annotations {
  return { correlationId: event.correlationId, stream: streamPath(event.stream), version: event.version };
}
