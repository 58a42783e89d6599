import { type Definitions, noDefinitions } from '../definition/definitions.ts';
import type { ReactionContext } from '../definition/reactor.ts';
import type { ReadModel } from '../definition/read-model.ts';
import type { EventStore } from '../event-store/event-store.ts';
import { loadState } from '../event-store/load-state.ts';
import type { Actor, Envelope } from '../messages/envelope.ts';
import { createRows } from '../read-models/rows.ts';
import { documents, generations } from './clients.ts';
import { execute } from './execute.ts';
import { idFrom } from './ids.ts';
import { tableSetting } from './serve-query.ts';
import { setting } from './settings.ts';
import { traceHeader } from './tracing.ts';

/** What follows from an event belongs to what the event belongs to. */
export const causeOf = ({ id, correlationId }: Envelope) => ({ correlationId, causationId: id });

/** What nothing of ours caused begins something new. */
export const beginningWith = (id: string) => ({ correlationId: id, causationId: id });

/** What a reaction is given; what it executes is known again by `key`, the reaction that it belongs to. */
export function contextFor(
  store: EventStore,
  rows: ReactionContext['rows'],
  { correlationId, causationId }: { correlationId: string; causationId: string },
  definitions: Definitions = noDefinitions,
  key: readonly string[] = ['reaction', ownName(), causationId],
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
          commandId: idFrom(...key, decide.name, tenant, on.type, id),
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

/** As whom a reactor acts and is told of. */
export function ownName(): string {
  return `${setting('SERVICE')}/${setting('FUNCTION')}`;
}

/** Reads rows from the tables that the environment names for these models. */
export function rowsFrom(models: Readonly<Record<string, ReadModel>> = {}): ReactionContext['rows'] {
  return async (of, tenant) => {
    const name = Object.keys(models).find((key) => models[key] === of);
    if (!name) throw new Error('A reactor reads only the read models that it names.');
    const table = await generations.servingTable(setting(tableSetting(name)));
    return createRows(await documents(), table, tenant);
  };
}
