import { expect } from 'vitest';
import { fold } from '#shared/definition/aggregate.ts';
import { isFollowed, type ReadModel, remove } from '#shared/definition/read-model.ts';
import type { EventStore } from '#shared/event-store/event-store.ts';
import { loadState } from '#shared/event-store/load-state.ts';
import type { Envelope, StreamName } from '#shared/messages/envelope.ts';
import { rowKey } from '#shared/read-models/row-store.ts';
import { act, aggregateOf, type Outcome } from './model-run.ts';
import { type ModelName, modelNames, models } from './model-steps.ts';
import { at } from './recording.ts';

/** The rows that a model must have, each event taken once and in the order of its stream, by `tenant#key`. */
export function foldedRows(model: ReadModel, events: readonly Envelope[]): Map<string, unknown> {
  const rows = new Map<string, unknown>();
  for (const event of events) {
    if (!isFollowed(model, event.stream.type)) continue;
    const key = rowKey(event.tenant, model.key ? model.key(event) : event.stream.id);
    const after = model.project(rows.get(key), event);
    if (after === undefined || after === remove) rows.delete(key);
    else rows.set(key, after);
  }
  return rows;
}

/** Throws unless the store, what was answered from it, and the rows of every model agree with the events. */
export async function expectTruth(
  store: EventStore,
  outcome: Outcome,
  rowsOf: (model: ModelName) => Promise<ReadonlyMap<string, unknown>>,
): Promise<void> {
  const histories = await Promise.all(
    outcome.streams.map(async (stream) => (await store.load(stream)).events),
  );
  const events = histories.flat();
  for (const name of modelNames) {
    expect(await rowsOf(name), `rows of ${name}`).toEqual(foldedRows(models[name], events));
  }
  for (const [index, stream] of outcome.streams.entries()) {
    await expectSameState(store, stream);
    expectDecisions(outcome, stream, at(histories, index));
  }
}

/** From a snapshot or from all events, a stream has one state and one end. */
async function expectSameState(store: EventStore, stream: StreamName): Promise<void> {
  const of = aggregateOf(stream);
  const { events, head } = await store.load(stream);
  const loaded = await loadState(store, of, stream);
  expect({ state: loaded.state, version: loaded.head.version }).toEqual({
    state: fold(of, events),
    version: head.version,
  });
}

/** Each commit is what its command decides on the state that stood before, and each answer says where it led. */
function expectDecisions({ commands }: Outcome, stream: StreamName, events: readonly Envelope[]): void {
  const of = aggregateOf(stream);
  const decided = new Set<string>();
  for (let index = 0; index < events.length; ) {
    const { causationId, commit } = at(events, index);
    const recorded = events.filter((event) => event.commit === commit);
    const sent = commands.get(causationId);
    if (!sent || decided.has(causationId))
      throw new Error(`Command ${causationId} was recorded but not sent, or twice.`);
    decided.add(causationId);
    const before = fold(of, events.slice(0, index));
    expect(recorded.map(({ type, data }) => ({ type, data }))).toEqual(
      act(before, sent.intent, sent.context),
    );
    index += recorded.length;
    expect(new Set(sent.answers.map(({ version }) => version)), 'what was answered').toEqual(
      new Set([index]),
    );
  }
}
