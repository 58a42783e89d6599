import { randomUUID } from 'node:crypto';
import {
  type Aggregate,
  aggregate,
  type Decision,
  type DecisionContext,
} from '#shared/definition/aggregate.ts';
import { isFollowed } from '#shared/definition/read-model.ts';
import type { Head } from '#shared/event-store/commit.ts';
import type { EventStore } from '#shared/event-store/event-store.ts';
import { rememberFingerprints as learnFingerprints } from '#shared/event-store/fingerprints.ts';
import { snapshotState } from '#shared/event-store/load-state.ts';
import type { Envelope, StreamName } from '#shared/messages/envelope.ts';
import { projectEvent } from '#shared/read-models/projector.ts';
import type { RowStore } from '#shared/read-models/row-store.ts';
import { execute } from '#shared/runtime/execute.ts';
import { Closed, Counted, type Counter, type CounterEvent, counter } from '#shared/testing/counter.ts';
import {
  type CommandStep,
  type Crash,
  type DeliveryStep,
  type Intent,
  type ModelName,
  modelNames,
  models,
  type SnapshotStep,
  type Step,
  streamTypes,
} from './model-steps.ts';
import { at, originOf } from './recording.ts';

/** What the kernel stands on. */
export interface Ground {
  readonly store: EventStore;
  readonly rows: Readonly<Record<ModelName, RowStore>>;
  /** Awaited wherever another may come in between. */
  turn(): Promise<void>;
}

/** What a run leaves behind. */
export interface Outcome {
  readonly streams: readonly StreamName[];
  readonly commands: ReadonlyMap<string, Sent>;
}

/** A command that was sent, and what was answered: more than once where it was sent again. */
export interface Sent {
  readonly intent: Intent;
  readonly context: DecisionContext;
  readonly answers: Head[];
}

/** The aggregate of a stream, in a domain whose fingerprints no other test knows. */
export function aggregateOf({ type }: StreamName): Aggregate<Counter, CounterEvent> {
  const { events, initial, evolve } = counter;
  return aggregate<Counter, CounterEvent>(`modelling/${type}`, { events, initial, evolve });
}

/** Makes known which code folds the model's aggregates, as the build does: else there are no snapshots. */
export function tellFingerprints(): void {
  learnFingerprints(Object.fromEntries(streamTypes.map((type) => [`modelling/${type}`, 'this'])));
}

/** What it counts follows from the state, so that a decision on any other state shows. */
export const act: Decision<Counter, Intent, CounterEvent> = (state, { by, times, close }) => {
  if (state.closed) return [];
  if (close) return [Closed({})];
  return by === 0 ? [] : Array.from({ length: times }, () => Counted({ by: by + (state.total % 3) }));
};

/** A process was killed; the next one knows nothing of it. */
class Killed extends Error {}

/** What `first` answers; where it was killed, what `second` does. */
async function untilKilled<Answer>(
  first: () => Promise<Answer>,
  second: () => Promise<Answer>,
): Promise<Answer> {
  try {
    return await first();
  } catch (error) {
    if (!(error instanceof Killed)) throw error;
    return second();
  }
}

/** Does the work unless it is killed before, and twice where the first answer is lost. */
async function disturbed<Answer>(crash: Crash, work: () => Promise<Answer>): Promise<Answer> {
  if (crash === 'before') throw new Killed();
  if (crash === 'twice') await work();
  const answer = await work();
  if (crash === 'after') throw new Killed();
  return answer;
}

/**
 * Lets each process do its steps on the ground, all side by side, and then catches up as the platform does: with the last
 * event of each stream, to every model.
 */
export async function runModel(ground: Ground, scripts: readonly (readonly Step[])[]): Promise<Outcome> {
  const tenant = `tenant-${randomUUID()}`;
  const streams = streamTypes.map((type) => ({ tenant, type, id: randomUUID() }));
  const published: Envelope[] = [];
  const commands = new Map<string, Sent>();
  const actors = {
    command: (step: CommandStep) => send(ground, published, at(streams, step.stream), step, commands),
    snapshot: (step: SnapshotStep) => snapshot(ground, at(streams, step.stream), step),
    delivery: (step: DeliveryStep) => deliver(ground, published, step),
  };
  await Promise.all(
    scripts.map(async (script) => {
      for (const step of script) {
        await ground.turn();
        if (step.step === 'command') await actors.command(step);
        else if (step.step === 'snapshot') await actors.snapshot(step);
        else await actors.delivery(step);
      }
    }),
  );
  await catchUp(ground, streams);
  return { streams, commands };
}

/** The store as a process has it: others come in between, and what it records is published. */
function storeOf(ground: Ground, published: Envelope[], crash: Crash): EventStore {
  const { store, turn } = ground;
  return {
    ...store,
    async loadTail(...of) {
      await turn();
      return store.loadTail(...of);
    },
    async loadFrom(...of) {
      await turn();
      return store.loadFrom(...of);
    },
    async append(...of) {
      await turn();
      return disturbed(crash, async () => {
        const appended = await store.append(...of);
        if ('head' in appended) {
          const { stream, commit } = appended.head;
          const since = await store.loadFrom(stream, commit);
          published.push(...since.filter((event) => event.commit === commit));
        }
        return appended;
      });
    },
    async keepSnapshot(snapshot) {
      await turn();
      await disturbed(crash, () => store.keepSnapshot(snapshot));
    },
  };
}

/** A caller who gets no answer sends the command again with the same id, and so may one who got it. */
async function send(
  ground: Ground,
  published: Envelope[],
  stream: StreamName,
  step: CommandStep,
  commands: Map<string, Sent>,
): Promise<void> {
  const origin = originOf();
  const context = { actor: origin.actor, now: new Date(origin.time).toISOString() };
  const attempt = (crash: Crash) => async () => {
    await ground.turn();
    return execute({
      store: storeOf(ground, published, crash),
      aggregate: aggregateOf(stream),
      stream,
      decide: act,
      input: step.intent,
      context,
      origin: { ...origin, causationId: origin.commandId },
      mustExist: false,
    });
  };
  const answers = [await untilKilled(attempt(step.crash), attempt('never'))];
  commands.set(origin.commandId, { intent: step.intent, context, answers });
  if (step.repeated) answers.push(await attempt('never')());
}

/** A snapshot that was not kept is not made again: the next is due soon enough. */
async function snapshot(ground: Ground, stream: StreamName, step: SnapshotStep): Promise<void> {
  const store = storeOf(ground, [], step.crash);
  const nonsense = { total: -1_000_000, closed: true };
  const make = async () => {
    if (!step.stale) return snapshotState(store, aggregateOf(stream), stream);
    const { head, commands } = await store.load(stream);
    if (head.version > 0) await store.keepSnapshot({ head, fingerprint: 'other', state: nonsense, commands });
  };
  await untilKilled(make, async () => undefined);
}

/** What stands behind the bus tries again what died. */
async function deliver(ground: Ground, published: readonly Envelope[], step: DeliveryStep): Promise<void> {
  if (published.length === 0) return;
  const event = at(published, step.pick % published.length);
  const rows = ground.rows[step.model];
  if (!isFollowed(models[step.model], event.stream.type)) return;
  const told = step.bare ? { ...event, data: undefined, dataref: `event-store:${event.id}` } : event;
  const store = storeOf(ground, [], 'never');
  const dying: Pick<RowStore, 'position' | 'apply'> = {
    position: (stream) => rows.position(stream),
    apply: (next, from) => disturbed(step.crash, () => rows.apply(next, from)),
  };
  await untilKilled(
    () => projectEvent(told, dying, store),
    () => projectEvent(told, rows, store),
  );
}

async function catchUp(ground: Ground, streams: readonly StreamName[]): Promise<void> {
  const loaded = await Promise.all(streams.map((stream) => ground.store.load(stream)));
  const heads = loaded.flatMap(({ events }) => events.slice(-1));
  const store = storeOf(ground, [], 'never');
  await Promise.all(
    modelNames.flatMap((name) =>
      heads
        .filter(({ stream }) => isFollowed(models[name], stream.type))
        .map((head) => projectEvent(head, ground.rows[name], store)),
    ),
  );
}
