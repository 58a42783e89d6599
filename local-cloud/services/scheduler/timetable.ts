import type { Cloud } from '../../core/cloud.ts';
import { createFirings, type Timed } from '../../core/firings.ts';
import { readSchedule } from '../../core/schedule-expression.ts';
import type { StateNamespace } from '../../core/state.ts';
import { type createInvocations, invocationOf } from './invocations.ts';
import type { Schedule, Schedules } from './schedules.ts';

/** Invokes targets when their schedules are due. */
export interface Timetable {
  start(): Promise<void>;
  /** Begins with a schedule, or looks again once it has changed. */
  changed(schedule: Schedule): Promise<void>;
  /** Removes a schedule; what was due before is still delivered. */
  remove(schedule: Schedule): Promise<void>;
  nextOf(schedule: Schedule): number | undefined;
  stop(): Promise<void>;
}

export function createTimetable(
  cloud: Cloud,
  state: StateNamespace,
  schedules: Schedules,
  invocations: ReturnType<typeof createInvocations>,
): Timetable {
  const firings = createFirings(cloud.logger, state, cloud.clock);

  async function remove(schedule: Schedule): Promise<void> {
    await firings.remove(schedule.arn);
    await schedules.remove(schedule);
  }

  function timedOf(schedule: Schedule): Timed | undefined {
    const { arn: id, expression, timeZone, startAt, windowMinutes, target } = schedule;
    const rhythm = readSchedule(expression, timeZone);
    if (!schedule.enabled || !rhythm) return undefined;
    const spread = windowMinutes * 60_000;
    // One time only comes once: what was due while nothing ran is made up for as long as its target may wait.
    const late = rhythm.kind === 'at' ? target.maximumEventAgeInSeconds * 1000 : 0;
    return {
      ...{ id, expression: JSON.stringify([expression, timeZone, startAt ?? null]) },
      ...{ spread, lateness: Math.max(spread, late) },
      next: (after, anchor) => nextOf(schedule, rhythm, after, anchor),
      fire: (due, writes) => invocations.accept([invocationOf(schedule, due, cloud.clock.now())], writes),
      async over() {
        if (schedule.deleteWhenOver) await remove(schedule);
      },
    };
  }

  return {
    start: () => firings.start(schedules.all().flatMap((schedule) => timedOf(schedule) ?? [])),
    async changed(schedule) {
      const timed = timedOf(schedule);
      if (timed) await firings.put(timed);
      // What is due while it is disabled is not made up for.
      else await firings.remove(schedule.arn);
    },
    remove,
    nextOf: ({ arn }) => firings.nextOf(arn),
    stop: () => firings.stop(),
  };
}

/** A rate is due at once, or at its start; start and end are no matter of one time. */
function nextOf(
  { startAt, endAt }: Schedule,
  rhythm: NonNullable<ReturnType<typeof readSchedule>>,
  after: number,
  anchor: number,
): number | undefined {
  if (rhythm.kind === 'at') return rhythm.next(after, anchor);
  const begin = startAt ?? anchor;
  const isFirst = rhythm.kind === 'rate' && after < begin;
  const due = isFirst ? begin : rhythm.next(Math.max(after, (startAt ?? 0) - 1), begin);
  return due === undefined || (endAt !== undefined && due > endAt) ? undefined : due;
}
