import { expect, it } from 'vitest';
import type { AlarmStateRecord } from '../record.ts';
import { type Moment, type Suppressed, suppress } from './suppression.ts';

const ok: AlarmStateRecord = { value: 'OK', reason: '', updated: 0, transitioned: 0 };
const alarm: AlarmStateRecord = { ...ok, value: 'ALARM' };

/** The seconds at which actions are taken, when at each moment the suppressor and the alarm do what is said. */
function actionsOf(moments: (Partial<Moment> & { now: number })[]): number[] {
  let last: Suppressed = {};
  return moments.flatMap((moment) => {
    const given = { isSuppressorInAlarm: false, before: undefined, waitPeriod: 6, extensionPeriod: 6 };
    last = suppress(last.suppression, { ...given, ...moment });
    return last.act ? [moment.now] : [];
  });
}

it('takes actions once the wait period is over, when the suppressor did not go into ALARM', () => {
  expect(actionsOf([{ now: 2, before: ok }, { now: 4 }, { now: 8 }, { now: 9 }])).toEqual([8]);
});

it('takes no actions while the suppressor is in ALARM, and those of the state it has once the extension is over', () => {
  const isSuppressorInAlarm = true;
  expect(
    actionsOf([
      { now: 2, before: ok },
      { now: 4, isSuppressorInAlarm },
      { now: 20, isSuppressorInAlarm },
      { now: 21 },
      { now: 23, before: alarm },
      { now: 27 },
      { now: 28 },
    ]),
  ).toEqual([27]);
});

it('takes no actions after an extension in which nothing had changed', () => {
  expect(actionsOf([{ now: 2, isSuppressorInAlarm: true }, { now: 3 }, { now: 10 }])).toEqual([]);
});

it('acts at once without a wait period', () => {
  expect(actionsOf([{ now: 2, before: ok, waitPeriod: 0 }])).toEqual([2]);
});

it('goes on with the actions at once when the suppressor leaves ALARM and there is no extension', () => {
  const extensionPeriod = 0;
  expect(
    actionsOf([
      { now: 2, before: ok, isSuppressorInAlarm: true, extensionPeriod },
      { now: 3, extensionPeriod },
    ]),
  ).toEqual([3]);
});
