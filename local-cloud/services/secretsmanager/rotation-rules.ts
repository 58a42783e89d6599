import type { Input } from '../../core/input.ts';
import { integer, object, text } from '../../core/input.ts';
import { readSchedule, type Schedule } from '../../core/schedule-expression.ts';
import { invalid } from './secret-input.ts';
import type { RotationRules } from './secrets.ts';

const hour = 3_600_000;
const shortestRate = 4 * hour;

/** Reads `RotationRules`. Throws `InvalidParameterException` for what Secrets Manager would not keep. */
export function readRules(input: Input): RotationRules | undefined {
  const given = object(input, 'RotationRules');
  if (!given) return undefined;
  const days = integer(given, 'AutomaticallyAfterDays', 1, 1000);
  const expression = text(given, 'ScheduleExpression');
  const duration = text(given, 'Duration');
  if (days !== undefined && expression !== undefined) {
    throw invalid(
      'You can specify either AutomaticallyAfterDays or ScheduleExpression in RotationRules, but not both.',
    );
  }
  if (duration !== undefined && !/^[0-9]{1,2}h$/u.test(duration))
    throw invalid(`The Duration ${duration} is no number of hours such as 3h.`);
  const rules = {
    ...(days === undefined ? {} : { AutomaticallyAfterDays: days }),
    ...(expression === undefined ? {} : { ScheduleExpression: expression }),
    ...(duration === undefined ? {} : { Duration: duration }),
  };
  scheduleOf(rules);
  return rules;
}

/**
 * When rotation is due: every so many days, or by an expression that begins on the hour and is due every four hours at
 * most. https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_schedule.html
 */
export function scheduleOf({
  AutomaticallyAfterDays: days,
  ScheduleExpression,
}: RotationRules): { expression: string; schedule: Schedule } | undefined {
  const expression =
    ScheduleExpression ?? (days === undefined ? undefined : `rate(${days} day${days === 1 ? '' : 's'})`);
  if (expression === undefined) return undefined;
  const schedule = readSchedule(expression);
  const isAllowed =
    schedule?.kind === 'rate'
      ? (schedule.period ?? 0) >= shortestRate && !/minute/u.test(expression)
      : schedule?.kind === 'cron' && /^cron\(\s*0\s.*\*\s*\)$/u.test(expression);
  if (schedule && isAllowed) return { expression, schedule };
  throw invalid(
    `The ScheduleExpression ${expression} is not valid: a rate is in hours (at least 4) or days, and a cron expression begins in minute 0 and is of every year.`,
  );
}
