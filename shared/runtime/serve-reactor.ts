import { type Definitions, noDefinitions } from '../definition/definitions.ts';
import type {
  AggregateReactor,
  ErrorsReactor,
  PlatformEvent,
  PlatformReactor,
  ReactionContext,
  ScheduledReactor,
} from '../definition/reactor.ts';
import type { ReadModel } from '../definition/read-model.ts';
import type { EventStore } from '../event-store/event-store.ts';
import { loadState } from '../event-store/load-state.ts';
import type { Actor } from '../messages/envelope.ts';
import { createRows } from '../read-models/rows.ts';
import { documents, eventStore, generations } from './clients.ts';
import { execute } from './execute.ts';
import { type FailureContext, failureOf, reportFailure } from './failure.ts';
import { idFrom } from './ids.ts';
import { log } from './log.ts';
import { recordMetric } from './metrics.ts';
import { annotationsOf, type BusEvent } from './serve-projection.ts';
import { tableSetting } from './serve-query.ts';
import { setting } from './settings.ts';
import { type Annotations, traceHeader, tracing } from './tracing.ts';

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
      const context = contextFor(await store(), rows, event.correlationId, event.id, definitions);
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
      reactor.react(event, contextFor(await store(), rows, event.id, event.id, definitions)),
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
        reactor.react(events, contextFor(await store(), rows, batch, batch)),
      );
    } catch (error) {
      // Whoever records failures must not report one of its own: it would be told of that, and fail again.
      log.error('Failures could not be recorded', { failure: failureOf(error) });
      throw error;
    }
  };
}

function ownName(): string {
  return `${setting('SERVICE')}/${setting('FUNCTION')}`;
}

/** One metric tells all reactors, for the alarm; the other which of them it was. */
function recordLag(milliseconds: number): void {
  recordMetric('ReactionLag', milliseconds, 'Milliseconds', { Reactor: ownName() });
  recordMetric('ReactionLag', milliseconds, 'Milliseconds', {});
}

/** Failures go to the error bus and are thrown on, so that the delivery is tried again. */
async function reporting(
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

/** Reads rows from the tables that the environment names for these models. */
function rowsFrom(models: Readonly<Record<string, ReadModel>> = {}): ReactionContext['rows'] {
  return async (of, tenant) => {
    const name = Object.keys(models).find((key) => models[key] === of);
    if (!name) throw new Error('A reactor reads only the read models that it names.');
    const table = await generations.servingTable(setting(tableSetting(name)));
    return createRows(await documents(), table, tenant);
  };
}

function contextFor(
  store: EventStore,
  rows: ReactionContext['rows'],
  correlationId: string,
  causationId: string,
  definitions: Definitions = noDefinitions,
): ReactionContext {
  const actor: Actor = { type: 'service', id: ownName() };
  return {
    environment: setting('ENVIRONMENT'),
    installationTenant: setting('INSTALLATION_TENANT'),
    definitions,
    rows,
    async load(of, tenant, id) {
      const { state, head } = await loadState(store, of, { tenant, type: of.type, id });
      return { state, version: head.version };
    },
    async history(of, tenant, id) {
      return (await store.load({ tenant, type: of.type, id })).events;
    },
    async execute(on, tenant, id, decide, input) {
      const time = Date.now();
      const head = await execute({
        store,
        aggregate: on,
        stream: { tenant, type: on.type, id },
        decide,
        input,
        context: { actor, now: new Date(time).toISOString() },
        origin: {
          domain: on.domain,
          // A second delivery of what woke us is known by this, and answers what the first recorded.
          commandId: idFrom('reaction', actor.id, decide.name, causationId, tenant, on.type, id),
          actor,
          correlationId,
          causationId,
          trace: traceHeader(),
          time,
        },
        mustExist: false,
      });
      return { version: head.version };
    },
  };
}
