import { expect } from 'vitest';
import { isFollowed, type ReadModel, remove } from '#shared/definition/read-model.ts';
import type { EventStore } from '#shared/event-store/event-store.ts';
import { loadState } from '#shared/event-store/load-state.ts';
import type { Envelope } from '#shared/messages/envelope.ts';
import { rowKey } from '#shared/read-models/row-store.ts';
import type { CounterEvent } from '#shared/testing/counter.ts';
import { aggregateOf, type Outcome } from './model-run.ts';
import { type ModelName, modelNames, models } from './model-steps.ts';

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
  for (const stream of outcome.streams) await expectSameState(store, stream);
  expectAnswers(outcome, events);
}

/** From a snapshot or from all events, a stream has one state and one end. */
async function expectSameState(store: EventStore, stream: Outcome['streams'][number]): Promise<void> {
  const of = aggregateOf(stream);
  const { events, head } = await store.load(stream);
  const state = (events as unknown as CounterEvent[]).reduce(of.evolve, of.initial);
  const loaded = await loadState(store, of, stream);
  expect({ state: loaded.state, version: loaded.head.version }).toEqual({ state, version: head.version });
}

/** A command was recorded once or not at all, and every answer to it says where that led. */
function expectAnswers({ answers }: Outcome, events: readonly Envelope[]): void {
  const recorded = new Map<string, Envelope[]>();
  for (const event of events)
    recorded.set(event.causationId, [...(recorded.get(event.causationId) ?? []), event]);
  for (const [commandId, heads] of answers) {
    const ofCommand = recorded.get(commandId) ?? [];
    expect(new Set(ofCommand.map(({ commit }) => commit)).size, `commits of ${commandId}`).toBeLessThan(2);
    const last = ofCommand.at(-1);
    if (last) expect(new Set(heads.map(({ version }) => version))).toEqual(new Set([last.version]));
  }
  expect([...recorded.keys()].filter((commandId) => !answers.has(commandId))).toEqual([]);
}
