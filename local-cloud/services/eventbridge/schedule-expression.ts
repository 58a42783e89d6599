import { Cron } from 'croner';
import { AwsError } from '../../core/errors.ts';

/** When a scheduled rule fires; all times in epoch milliseconds. */
export interface Schedule {
  /** The first time after `after`, or undefined when there is none. A rate counts from `anchor`. */
  next(after: number, anchor: number): number | undefined;
}

const unitMilliseconds: Record<string, number | undefined> = {
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
};

/** Parses `rate(5 minutes)` or `cron(0 12 * * ? *)` (UTC). Throws `ValidationException`. */
export function parseSchedule(expression: string): Schedule {
  const rate = /^rate\((\d+) (minute|hour|day)(s?)\)$/u.exec(expression);
  if (rate) {
    const [, count = '0', unit = '', plural] = rate;
    const period = Number(count) * (unitMilliseconds[unit] ?? 0);
    if (period <= 0 || (Number(count) === 1) !== (plural === '')) throw invalidSchedule();
    return {
      next: (after, anchor) => anchor + (Math.floor(Math.max(after - anchor, 0) / period) + 1) * period,
    };
  }
  const cron = /^cron\((.*)\)$/u.exec(expression);
  if (!cron) throw invalidSchedule();
  return cronSchedule(cron[1] ?? '');
}

function cronSchedule(text: string): Schedule {
  const fields = text.trim().split(/\s+/u);
  const [minute = '', hour = '', day = '', month = '', weekday = '', year = ''] = fields;
  if (fields.length !== 6 || (day === '?') === (weekday === '?')) throw invalidSchedule();
  const pattern = [
    '0',
    stepped(minute, 59),
    stepped(hour, 23),
    day === '?' ? '*' : stepped(day, 31),
    stepped(month, 12),
    weekday === '?' ? '*' : stepped(weekday, 7),
    stepped(year, 2199),
  ].join(' ');
  try {
    // AWS numbers the days of the week 1 to 7 from Sunday, as Quartz does.
    const cron = new Cron(pattern, { timezone: 'UTC', paused: true, alternativeWeekdays: true });
    return { next: (after) => cron.nextRun(new Date(after))?.getTime() };
  } catch {
    throw invalidSchedule();
  }
}

/** `5/10` (from 5, every 10) as the range that croner wants. */
function stepped(field: string, maximum: number): string {
  return field.replace(/(^|,)(\d+)\/(\d+)/gu, (_, before: string, from: string, step: string) => {
    return `${before}${from}-${maximum}/${step}`;
  });
}

function invalidSchedule(): AwsError {
  return new AwsError('ValidationException', 'Parameter ScheduleExpression is not valid.');
}
