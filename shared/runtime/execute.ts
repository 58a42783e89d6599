import { type Aggregate, type Decision, type DecisionContext, fold } from '../definition/aggregate.ts';
import type { Head, Origin } from '../event-store/commit.ts';
import type { EventStore } from '../event-store/event-store.ts';
import { loadState } from '../event-store/load-state.ts';
import { reveal, sealEvents } from '../event-store/personal-events.ts';
import { type KeyChanges, keyChanges, keysOf, noKeyChanges } from '../event-store/reservation.ts';
import type { StreamName } from '../messages/envelope.ts';
import type { DomainEvent } from '../messages/event.ts';
import { notFound, Problem, refused, versionMismatch } from '../messages/problem.ts';

/** How often two writers may meet before the caller is asked to come again. */
const maximumConflicts = 20;

export interface Execution<State, Input, Event extends DomainEvent> {
  readonly store: EventStore;
  readonly aggregate: Aggregate<State, Event>;
  readonly stream: StreamName;
  readonly decide: Decision<State, Input, Event>;
  readonly input: Input;
  readonly context: DecisionContext;
  readonly origin: Origin;
  /** Refuses a stream without events as unknown. */
  readonly mustExist: boolean;
  /** What the caller saw last (`If-Match`); refused when the stream has moved on. */
  readonly expectedVersion?: number | undefined;
}

/**
 * Loads, decides, records: the life of every command. When somebody else was first, their commit (it comes with the
 * refusal) is folded and the decision taken again. A command id that is already in the stream was recorded by an
 * earlier try: its answer is given again, nothing is recorded.
 */
export async function execute<State, Input, Event extends DomainEvent>(
  execution: Execution<State, Input, Event>,
): Promise<Head> {
  const { store, aggregate, stream, decide, input, context, origin } = execution;
  const loaded = await loadState(store, aggregate, stream);
  const earlier = loaded.commands.get(origin.commandId);
  if (earlier) return earlier;

  let { head, state } = loaded;
  for (let conflicts = 0; conflicts < maximumConflicts; conflicts++) {
    if (execution.mustExist && head.version === 0)
      throw notFound(`There is no ${aggregate.type} ${stream.id}.`);
    if (execution.expectedVersion !== undefined && execution.expectedVersion !== head.version) {
      throw versionMismatch(execution.expectedVersion, head.version);
    }
    const events = decide(state, input, context);
    if (events.length === 0) return head;
    const versions = new Map(aggregate.events.map((event) => [event.type, event.schemaVersion]));
    const keys = keyChangesOf(aggregate, state, events);
    const sealed = await sealEvents(store.personal, aggregate.events, events, {
      stream,
      actor: origin.actor,
    });
    const result = await store.append(head, sealed, origin, (type) => versions.get(type) ?? 1, keys);
    if ('head' in result) return result.head;
    if ('takenKey' in result) throw takenKey(aggregate, result.takenKey);
    if (result.conflict.commandId === origin.commandId) return result.conflict.head;
    const folded = fold(aggregate, result.conflict.events, state);
    state = await reveal(store.personal, stream.tenant, folded);
    head = result.conflict.head;
  }
  throw new Problem(503, 'busy', 'Busy', `Too many writers at ${aggregate.type} ${stream.id}; try again.`, {
    headers: { 'retry-after': '1' },
  });
}

function keyChangesOf<State, Event extends DomainEvent>(
  aggregate: Aggregate<State, Event>,
  before: State,
  events: readonly Event[],
): KeyChanges {
  const { unique } = aggregate;
  if (!unique) return noKeyChanges;
  return keyChanges(keysOf(unique, before), keysOf(unique, fold(aggregate, events, before)));
}

function takenKey({ type }: { type: string }, key: string): Problem {
  const [name = '', ...value] = key.split('=');
  const kind = type.replaceAll('-', ' ');
  return refused(`${name}-taken`, `Another ${kind} already has the ${name} "${value.join('=')}".`);
}
