import { describe, expect, test } from 'vitest';
import { isFollowed, type ReadModel, remove } from '#shared/definition/read-model.ts';
import type { Envelope } from '#shared/messages/envelope.ts';
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
} from '#shared/processes/process-events.ts';
import { processTimers } from './process-timers.ts';
import { processes } from './processes.ts';

const soon = '2026-01-02T04:00:00.000Z';
const step = { step: 'tellChannel', on: 'c1' };
const begun = [
  ProcessStarted({ subject: { type: 'alert', id: 'a1' }, key: '1' }),
  ProcessWaiting({ for: 'somebody', until: soon }),
];
const atStep = ProcessStepStarted({ ...step, attempt: 1, claim: 'x', until: soon });

const envelope = (event: ProcessEvent, version: number): Envelope => ({
  specversion: '1.0',
  id: `escalation-process/p1/${version}`,
  source: 'skafu.observability',
  type: event.type,
  schemaVersion: 1,
  stream: { type: 'escalation-process', id: 'p1' },
  version,
  commit: version,
  time: `2026-01-02T03:00:0${version}.000Z`,
  actor: { type: 'service', id: 'observability/escalate-alert' },
  tenant: 'skafu',
  correlationId: 'request-1',
  causationId: 'alert/a1/1',
  data: event.data,
});

function rowAfter<Row>(model: ReadModel<Row>, events: readonly ProcessEvent[]): Row | undefined {
  return events.reduce<Row | undefined>((row, event, index) => {
    const after = model.project(row, envelope(event, index + 1));
    return after === remove ? undefined : after;
  }, undefined);
}

describe('the list of processes', () => {
  test('follows the processes of every domain, and nothing else', () => {
    for (const model of [processes, processTimers]) {
      expect(isFollowed(model, 'alert-escalation-process')).toBe(true);
      expect(isFollowed(model, 'alert')).toBe(false);
    }
  });

  test('says what a process is about, waits for, and when it looks again', () => {
    const row = rowAfter(processes, begun);
    expect(row).toEqual({
      processId: 'p1',
      domain: 'observability',
      type: 'escalation-process',
      subject: { type: 'alert', id: 'a1' },
      key: '1',
      status: 'running',
      startedAt: '2026-01-02T03:00:01.000Z',
      changedAt: '2026-01-02T03:00:02.000Z',
      correlationId: 'request-1',
      done: [],
      waitingFor: 'somebody',
      until: soon,
      version: 2,
    });
    expect(row && processes.listed(row)).toEqual({ list: 'running', order: '2026-01-02T03:00:02.000Z#p1' });
  });

  test('says which step it is at, which failed and why, and forgets that with the next', () => {
    expect(rowAfter(processes, [...begun, atStep])).toMatchObject({
      step: { ...step, attempt: 1 },
      until: soon,
    });
    const failed = [
      ...begun,
      atStep,
      ProcessStepFailed({ ...step, attempt: 1, reason: 'down', retryAt: soon }),
    ];
    expect(rowAfter(processes, failed)).toMatchObject({ step: { attempt: 1 }, reason: 'down', until: soon });
    const row = rowAfter(processes, [...failed, atStep, ProcessStepDone(step)]);
    expect(row).toMatchObject({ done: [step] });
    expect(row).not.toHaveProperty('reason');
    expect(row).not.toHaveProperty('step');
  });

  test('keeps how it ended, apart from those that are not over', () => {
    const undone = [
      ...begun,
      atStep,
      ProcessStepDone(step),
      ProcessCompensating({ reason: 'Acknowledged.' }),
      ProcessStepCompensated(step),
    ];
    expect(rowAfter(processes, undone)).toMatchObject({ status: 'compensating', done: [] });
    const row = rowAfter(processes, [
      ...undone,
      ProcessEnded({ outcome: 'compensated', reason: 'Acknowledged.' }),
    ]);
    expect(row).toMatchObject({ status: 'compensated', reason: 'Acknowledged.' });
    expect(row && processes.listed(row).list).toBe('ended');
  });

  test('does not make a row of a stream whose beginning it does not know', () => {
    expect(rowAfter(processes, [atStep])).toBeUndefined();
  });
});

describe('the timers of processes', () => {
  test.each([
    ['waits until a time', ProcessWaiting({ for: 'x', until: soon })],
    ['is at a step that should be over by then', atStep],
    ['tries a step again', ProcessStepFailed({ ...step, attempt: 1, reason: 'down', retryAt: soon })],
  ])('name when a process is to be woken that %s', (_, event) => {
    const row = rowAfter(processTimers, [...begun, event]);
    expect(row).toEqual({ type: 'escalation-process', id: 'p1', dueAt: soon });
    expect(row && processTimers.listed(row)).toEqual({ list: 'due', order: `${soon}#p1` });
  });

  test.each([
    ['waits for an event alone', ProcessWaiting({ for: 'x' })],
    ['has done a step', ProcessStepDone(step)],
    ['gave a step up', ProcessStepFailed({ ...step, attempt: 5, reason: 'down' })],
    ['begins to be undone', ProcessCompensating({ reason: 'x' })],
    ['has undone a step', ProcessStepCompensated(step)],
    ['is over', ProcessEnded({ outcome: 'completed', reason: 'x' })],
  ])('hold none of a process that %s', (_, event) => {
    expect(rowAfter(processTimers, [...begun, event])).toBeUndefined();
  });
});
