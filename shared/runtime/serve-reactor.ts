import { noDefinitions } from '../definition/definitions.ts';
import type {
  AggregateReactor,
  ErrorsReactor,
  PlatformEvent,
  PlatformReactor,
  ScheduledReactor,
} from '../definition/reactor.ts';
import { eventStore } from './clients.ts';
import { type FailureContext, failureOf, reportFailure } from './failure.ts';
import { idFrom } from './ids.ts';
import { log } from './log.ts';
import { recordMetric } from './metrics.ts';
import { beginningWith, causeOf, contextFor, ownName, rowsFrom } from './reaction-context.ts';
import { annotationsOf, type BusEvent } from './serve-projection.ts';
import { type Annotations, tracing } from './tracing.ts';

/** A subject that changes this often while it is acted upon is left to the next event. */
const maximumRounds = 10;

/** Makes the Lambda handler of a reactor on an aggregate. */
export function serveReactor<State>(
  reactor: AggregateReactor<State>,
  store = eventStore,
  rows = rowsFrom(reactor.readModels),
  definitions = noDefinitions,
): (event: BusEvent) => Promise<void> {
  return ({ detail: event }) => {
    const lagMilliseconds = Date.now() - Date.parse(event.time);
    recordLag(lagMilliseconds);
    const about = { correlationId: event.correlationId, event };
    return reporting({ ...annotationsOf(event), lagMilliseconds }, about, async () => {
      const { tenant, stream } = event;
      const context = contextFor(await store(), rows, causeOf(event), definitions);
      // Two reactions may run at once, and the one with the older state finish last. Whoever finishes looks again, so
      // the last to act has always acted on the newest state.
      let acted = -1;
      for (let round = 0; round < maximumRounds; round++) {
        const { state, version } = await context.load(reactor.follows, tenant, stream.id);
        if (version === acted) return;
        await reactor.react({ tenant, id: stream.id, state, version, event }, context);
        acted = version;
      }
    });
  };
}

/** Makes the Lambda handler of a reactor on events of AWS, or on the clock. */
export function servePlatformReactor(
  reactor: PlatformReactor | ScheduledReactor,
  store = eventStore,
  rows = rowsFrom(reactor.readModels),
  definitions = noDefinitions,
): (event: PlatformEvent) => Promise<void> {
  return (event) =>
    reporting({ correlationId: event.id }, { correlationId: event.id }, async () =>
      reactor.react(event, contextFor(await store(), rows, beginningWith(event.id), definitions)),
    );
}

/** What a queue hands to its function: events of the errors bus. */
export interface QueuedEvents {
  readonly Records: readonly { readonly messageId: string; readonly body: string }[];
}

/** Makes the Lambda handler of a reactor on the errors bus. */
export function serveErrorsReactor(
  reactor: ErrorsReactor,
  store = eventStore,
  rows = rowsFrom(reactor.readModels),
): (batch: QueuedEvents) => Promise<void> {
  return async ({ Records: records }) => {
    // The same messages that come again as one batch are known by this, and recorded once.
    const batch = idFrom('batch', ...records.map(({ messageId }) => messageId).sort());
    log.resetKeys();
    log.appendKeys({ correlationId: batch });
    const trace = await tracing();
    try {
      const events = records.map(({ body }) => JSON.parse(body) as PlatformEvent);
      await trace.step('## reaction', { correlationId: batch, reactor: ownName() }, async () =>
        reactor.react(events, contextFor(await store(), rows, beginningWith(batch))),
      );
    } catch (error) {
      // Whoever records failures must not report one of its own: it would be told of that, and fail again.
      log.error('Failures could not be recorded', { failure: failureOf(error) });
      throw error;
    }
  };
}

/** One metric tells all reactors, for the alarm; the other which of them it was. */
export function recordLag(milliseconds: number): void {
  recordMetric('ReactionLag', milliseconds, 'Milliseconds', { Reactor: ownName() });
  recordMetric('ReactionLag', milliseconds, 'Milliseconds', {});
}

/** Failures go to the error bus and are thrown on, so that the delivery is tried again. */
export async function reporting(
  annotations: Annotations,
  about: FailureContext & { readonly correlationId: string },
  work: () => Promise<void>,
): Promise<void> {
  log.resetKeys();
  log.appendKeys({ correlationId: about.correlationId });
  const trace = await tracing();
  const reactor = ownName();
  try {
    await trace.step('## reaction', { ...annotations, reactor }, work);
  } catch (error) {
    await reportFailure(error, about);
    throw error;
  }
}
