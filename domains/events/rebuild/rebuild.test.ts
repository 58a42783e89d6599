import { describe, expect, test } from 'vitest';
import { fold } from '#shared/definition/aggregate.ts';
import { givenEventsOf } from '#shared/testing/given.ts';
import {
  cancel,
  fail,
  noteCopied,
  noteEmptied,
  noteProgress,
  noteSwitched,
  plan,
  RebuildCancelled,
  RebuildCopied,
  type RebuildEvent,
  RebuildFailed,
  RebuildPlanned,
  RebuildProgressed,
  RebuildResumed,
  RebuildStarted,
  RebuildSwitched,
  RebuildTableEmptied,
  rebuild,
  resume,
  startRebuildOf,
} from './rebuild.ts';

const given = givenEventsOf(rebuild);
const model = 'observability/alerts';
const estimate = {
  items: 10,
  bytes: 4_000,
  rows: 3,
  readUnits: 1,
  writeUnits: 6,
  dollars: 0.01,
  seconds: 16,
  segments: 2,
};
const copied = { items: 10, events: 12, rows: 3, rowsPerSecond: 100 };
const reason = 'It was the wrong one.';

const planning = [RebuildStarted({ model })];
const emptying = [...planning, RebuildPlanned(estimate)];
const copying = [...emptying, RebuildTableEmptied({})];
const switching = [...copying, RebuildProgressed(copied), RebuildCopied(copied)];
const switched = [...switching, RebuildSwitched({})];
const cancelled = [...copying, RebuildCancelled({ reason })];
const failed = [...copying, RebuildFailed({ reason })];

describe('a rebuild', () => {
  test('is started once', () => {
    given().when(startRebuildOf, { model }).thenRecords(RebuildStarted({ model }));
    given(...planning)
      .when(startRebuildOf, { model })
      .thenNothing();
  });

  test('goes from step to step, each once', () => {
    given(...planning)
      .when(plan, estimate)
      .thenRecords(RebuildPlanned(estimate));
    given(...emptying)
      .when(plan, estimate)
      .thenNothing();
    given(...emptying)
      .when(noteEmptied, {})
      .thenRecords(RebuildTableEmptied({}));
    given(...copying)
      .when(noteEmptied, {})
      .thenNothing();
    given(...copying)
      .when(noteProgress, copied)
      .thenRecords(RebuildProgressed(copied));
    given(...copying)
      .when(noteCopied, copied)
      .thenRecords(RebuildCopied(copied));
    given(...switching)
      .when(noteProgress, copied)
      .thenNothing();
    given(...switching)
      .when(noteCopied, copied)
      .thenNothing();
    given(...switching)
      .when(noteSwitched, {})
      .thenRecords(RebuildSwitched({}));
    given(...switched)
      .when(noteSwitched, {})
      .thenNothing();
  });

  test('that was left is woken while it runs', () => {
    given(...copying)
      .when(resume, {})
      .thenRecords(RebuildResumed({}));
    given(...copying, RebuildResumed({}))
      .when(noteProgress, copied)
      .thenRecords(RebuildProgressed(copied));
    given(...switched)
      .when(resume, {})
      .thenNothing();
  });

  test('is cancelled until everything is copied', () => {
    for (const history of [planning, emptying, copying])
      given(...history)
        .when(cancel, { reason })
        .thenRecords(RebuildCancelled({ reason }));
    given(...cancelled)
      .when(cancel, { reason })
      .thenNothing();
    given(...switching)
      .when(cancel, { reason })
      .thenRefused('rebuild-switching');
    given(...switched)
      .when(cancel, { reason })
      .thenRefused('rebuild-over');
    given(...cancelled)
      .when(noteCopied, copied)
      .thenNothing();
  });

  test('fails while it runs', () => {
    given(...copying)
      .when(fail, { reason })
      .thenRecords(RebuildFailed({ reason }));
    given(...failed)
      .when(fail, { reason })
      .thenNothing();
  });

  test('keeps others from its model as long as it runs', () => {
    const held = (history: readonly RebuildEvent[]) => rebuild.unique?.['model']?.(fold(rebuild, history));
    expect(held([])).toBeUndefined();
    for (const history of [planning, emptying, copying, switching]) expect(held(history)).toBe(model);
    for (const history of [switched, cancelled, failed]) expect(held(history)).toBeUndefined();
  });
});
