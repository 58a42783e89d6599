import { Cron } from 'croner';
import { type TimeZone, timeZone } from './time-zone.ts';

/** When something that is scheduled is due; all times in epoch milliseconds. */
export interface Schedule {
  readonly kind: 'rate' | 'cron' | 'at';
  /** Of a rate, in milliseconds. */
  readonly period?: number;
  /** The first time after `after`, or undefined when there is none. A rate counts from `anchor`. */
  next(after: number, anchor: number): number | undefined;
}

const unitMilliseconds: Record<string, number | undefined> = {
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
};

/**
 * Reads `rate(5 minutes)`, `cron(0 12 * * ? *)` or `at(2030-01-01T00:00:00)` in a time zone; undefined when it is none
 * of them, or there is no such zone. What falls into the hour over which clocks jump is left out, and what falls into
 * the hour that they show twice is due once: https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
 */
export function readSchedule(expression: string, zoneName = 'UTC'): Schedule | undefined {
  const zone = timeZone(zoneName);
  const [, kind, content = ''] = /^(rate|cron|at)\((.*)\)$/u.exec(expression) ?? [];
  if (!zone) return undefined;
  if (kind === 'rate') return rateSchedule(content);
  if (kind === 'cron') return cronSchedule(content, zone);
  return kind === 'at' ? oneTime(content, zone) : undefined;
}

function rateSchedule(text: string): Schedule | undefined {
  const [, count = '0', unit = '', plural] = /^(\d+) (minute|hour|day)(s?)$/u.exec(text) ?? [];
  const period = Number(count) * (unitMilliseconds[unit] ?? 0);
  if (period <= 0 || !Number.isSafeInteger(period) || (Number(count) === 1) !== (plural === ''))
    return undefined;
  return {
    ...{ kind: 'rate', period },
    next: (after, anchor) => anchor + (Math.floor(Math.max(after - anchor, 0) / period) + 1) * period,
  };
}

function oneTime(text: string, zone: TimeZone): Schedule | undefined {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/u.test(text)) return undefined;
  const wall = Date.parse(`${text}Z`);
  if (Number.isNaN(wall) || !new Date(wall).toISOString().startsWith(text)) return undefined;
  const time = zone.timeOf(wall);
  return { kind: 'at', next: (after) => (time !== undefined && time > after ? time : undefined) };
}

function cronSchedule(text: string, zone: TimeZone): Schedule | undefined {
  const fields = text.trim().split(/\s+/u);
  const [minute = '', hour = '', day = '', month = '', weekday = '', year = ''] = fields;
  if (fields.length !== 6 || (day === '?') === (weekday === '?')) return undefined;
  const pattern = [
    '0',
    stepped(minute, 59),
    stepped(hour, 23),
    day === '?' ? '*' : stepped(day, 31),
    stepped(month, 12),
    weekday === '?' ? '*' : stepped(weekday, 7),
    stepped(year, 2199),
  ].join(' ');
  let cron: Cron;
  try {
    // AWS numbers the days of the week 1 to 7 from Sunday, as Quartz does.
    cron = new Cron(pattern, { timezone: 'UTC', paused: true, alternativeWeekdays: true });
  } catch {
    return undefined;
  }
  return {
    kind: 'cron',
    next(after) {
      let wall = cron.nextRun(new Date(zone.wallOf(after)))?.getTime();
      for (; wall !== undefined; wall = cron.nextRun(new Date(wall))?.getTime()) {
        const time = zone.timeOf(wall);
        if (time !== undefined && time > after) return time;
      }
      return undefined;
    },
  };
}

/** `5/10` (from 5, every 10) as the range that croner wants. */
function stepped(field: string, maximum: number): string {
  return field.replace(/(^|,)(\d+)\/(\d+)/gu, (_, before: string, from: string, step: string) => {
    return `${before}${from}-${maximum}/${step}`;
  });
}
