import { describe, expect, test } from 'vitest';
import { fold } from '../definition/aggregate.ts';
import { givenEventsOf } from '../testing/given.ts';
import { compensate, end, failStep, finishStep, processAggregate, startStep, wait } from './process.ts';
import {
  ProcessCompensating,
  ProcessEnded,
  type ProcessEvent,
  ProcessStarted,
  ProcessStepCompensated,
  ProcessStepDone,
  ProcessStepFailed,
  ProcessStepStarted,
  ProcessWaiting,
} from './process-events.ts';

const journey = processAggregate('testing/journey-process');
const given = givenEventsOf(journey);

const about = { subject: { type: 'order', id: 'o1' }, key: '1' };
const started = ProcessStarted(about);
const before = '2026-01-02T03:00:00.000Z';
const after = '2026-01-02T04:00:00.000Z';
const room = { step: 'book', on: 'room' };
const atRoom = ProcessStepStarted({ ...room, attempt: 1, claim: 'a', until: after });
const over = ProcessEnded({ outcome: 'completed', reason: 'Arrived.' });

describe('a process', () => {
  test('begins with the first thing that it has to remember', () => {
    given()
      .when(wait, { ...about, for: 'a room' })
      .thenRecords(started, ProcessWaiting({ for: 'a room', until: undefined }));
    given()
      .when(startStep, { ...about, ...room, attempt: 1, claim: 'a', until: after })
      .thenRecords(started, atRoom);
  });

  test('does not begin only to end or to be undone', () => {
    given()
      .when(end, { ...about, outcome: 'completed', reason: 'Nothing to do.' })
      .thenNothing();
    given()
      .when(compensate, { ...about, reason: 'Nothing to do.' })
      .thenNothing();
  });

  test('says once what it waits for, and again when that or its time is another', () => {
    const waiting = ProcessWaiting({ for: 'a room', until: after });
    given(started, waiting)
      .when(wait, { ...about, for: 'a room', until: after })
      .thenNothing();
    given(started, waiting)
      .when(wait, { ...about, for: 'a room', until: before })
      .thenRecords(ProcessWaiting({ for: 'a room', until: before }));
    given(started, waiting)
      .when(wait, { ...about, for: 'a car', until: after })
      .thenRecords(ProcessWaiting({ for: 'a car', until: after }));
  });

  test('lets one at a step alone, until the time of whoever claimed it is over', () => {
    const claim = { ...about, ...room, attempt: 2, claim: 'b', until: '2026-01-02T05:00:00.000Z' };
    given(started, atRoom).when(startStep, claim).thenNothing();
    given(started, atRoom)
      .when(startStep, claim, { now: after })
      .thenRecords(ProcessStepStarted({ ...room, attempt: 2, claim: 'b', until: claim.until }));
  });

  test('records an end of the step alone that it is at', () => {
    given(started, atRoom)
      .when(finishStep, { ...about, ...room })
      .thenRecords(ProcessStepDone(room));
    given(started, atRoom)
      .when(finishStep, { ...about, step: 'book', on: 'car' })
      .thenNothing();
    given(started)
      .when(finishStep, { ...about, ...room })
      .thenNothing();
    given()
      .when(failStep, { ...about, ...room, attempt: 1, reason: 'full' })
      .thenNothing();
    given(started, atRoom)
      .when(failStep, { ...about, ...room, attempt: 1, reason: 'full' })
      .thenRecords(ProcessStepFailed({ ...room, attempt: 1, reason: 'full' }));
  });

  test('that is undone takes back what was done', () => {
    const undoing = ProcessCompensating({ reason: 'Ill.' });
    given(started, atRoom, ProcessStepDone(room))
      .when(compensate, { ...about, reason: 'Ill.' })
      .thenRecords(undoing);
    const history: ProcessEvent[] = [started, atRoom, ProcessStepDone(room), undoing, atRoom];
    given(...history)
      .when(compensate, { ...about, reason: 'Again.' })
      .thenNothing();
    given(...history)
      .when(finishStep, { ...about, ...room })
      .thenRecords(ProcessStepCompensated(room));
    expect(fold(journey, [...history, ProcessStepCompensated(room)])).toMatchObject({
      status: 'compensating',
      done: [],
    });
  });

  test('that is over changes no more', () => {
    for (const [decide, input] of [
      [wait, { ...about, for: 'a room' }],
      [startStep, { ...about, ...room, attempt: 1, claim: 'a', until: after }],
      [finishStep, { ...about, ...room }],
      [compensate, { ...about, reason: 'Ill.' }],
      [end, { ...about, outcome: 'failed', reason: 'Ill.' }],
    ] as const)
      given(started, over)
        .when(decide as typeof wait, input as never)
        .thenNothing();
  });

  test('does not heed events that came without its beginning', () => {
    expect(fold(journey, [over])).toEqual({ status: 'unknown' });
  });
});
