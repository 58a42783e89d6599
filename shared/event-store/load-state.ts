import { type Aggregate, fold } from '../definition/aggregate.ts';
import type { StreamName } from '../messages/envelope.ts';
import type { DomainEvent } from '../messages/event.ts';
import type { Head } from './commit.ts';
import type { EventStore } from './event-store.ts';
import { fingerprintOf } from './fingerprints.ts';
import type { Tail } from './loaded-stream.ts';
import { reveal } from './personal-events.ts';
import { snapshotInterval } from './snapshot.ts';

export interface LoadedState<State> {
  readonly head: Head;
  readonly state: State;
  /** Head after the commit of each recent command, by the command's id. */
  readonly commands: ReadonlyMap<string, Head>;
}

/**
 * The state of a stream as the store has it now, for decisions and reactions: from its snapshot where one fits, else from
 * all its events, and with what it tells of people in clear text, unless they were forgotten.
 */
export async function loadState<State, Event extends DomainEvent>(
  store: Pick<EventStore, 'load' | 'loadTail' | 'personal'>,
  aggregate: Aggregate<State, Event>,
  stream: StreamName,
): Promise<LoadedState<State>> {
  const loaded = await loadSealed(store, aggregate, stream);
  return { ...loaded, state: await reveal(store.personal, stream.tenant, loaded.state) };
}

async function loadSealed<State, Event extends DomainEvent>(
  store: Pick<EventStore, 'load' | 'loadTail'>,
  aggregate: Aggregate<State, Event>,
  stream: StreamName,
): Promise<LoadedState<State>> {
  const fingerprint = fingerprintOf(aggregate);
  if (fingerprint === undefined) {
    const { head, events, commands } = await store.load(stream);
    return { head, state: fold(aggregate, events), commands };
  }
  const tail = await store.loadTail(stream, fingerprint);
  return { head: tail.head, state: stateAt(aggregate, tail), commands: tail.commands };
}

function stateAt<State, Event extends DomainEvent>(from: Aggregate<State, Event>, tail: Tail): State {
  // The fingerprint says that this very code made it.
  return tail.snapshot ? fold(from, tail.events, tail.snapshot.state as State) : fold(from, tail.events);
}

/**
 * Makes a snapshot of the stream as it stands. Repeating it does no harm, an older one never overwrites a newer. Throws
 * when the state holds what JSON cannot keep, for then a snapshot would be another state.
 */
export async function snapshotState<State, Event extends DomainEvent>(
  store: Pick<EventStore, 'loadTail' | 'keepSnapshot'>,
  aggregate: Aggregate<State, Event>,
  stream: StreamName,
): Promise<void> {
  const fingerprint = fingerprintOf(aggregate);
  if (fingerprint === undefined) throw new Error(`The build knows no fingerprint of ${aggregate.type}.`);
  const tail = await store.loadTail(stream, fingerprint);
  if (tail.events.length === 0) return;
  const state = stateAt(aggregate, tail);
  assertPlain(state, aggregate.type);
  const commands = new Map([...tail.commands].slice(-snapshotInterval));
  await store.keepSnapshot({ head: tail.head, fingerprint, state, commands });
}

function assertPlain(value: unknown, path: string): void {
  if (typeof value === 'object' && value !== null) {
    const prototype = Object.getPrototypeOf(value) as unknown;
    if (Array.isArray(value) || prototype === Object.prototype || prototype === null) {
      for (const [name, each] of Object.entries(value)) assertPlain(each, `${path}.${name}`);
      return;
    }
  } else if (typeof value !== 'function' && typeof value !== 'symbol' && typeof value !== 'bigint') {
    if (typeof value !== 'number' || Number.isFinite(value)) return;
  }
  throw new Error(`${path} holds what JSON cannot keep, so there can be no snapshot of it.`);
}
