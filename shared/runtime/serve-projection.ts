import type { ReadModel } from '../definition/read-model.ts';
import type { Envelope } from '../messages/envelope.ts';
import { projectEvent } from '../read-models/projector.ts';
import { createRowStore } from '../read-models/row-store.ts';
import { documents, eventStore } from './clients.ts';
import { log } from './log.ts';
import { recordMetric } from './metrics.ts';
import { setting } from './settings.ts';

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
    const rows = createRowStore(await documents(), setting('READ_MODEL_TABLE'), model);
    const applied = await projectEvent(detail, rows, await eventStore());
    const readModel = `${setting('SERVICE')}/${setting('FUNCTION')}`;
    if (applied > 0)
      recordMetric('ProjectionLag', Date.now() - Date.parse(detail.time), 'Milliseconds', {
        ReadModel: readModel,
      });
    return { applied };
  };
}
