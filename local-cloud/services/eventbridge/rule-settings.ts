import { AwsError } from '../../core/errors.ts';
import { readSchedule, type Schedule } from '../../core/schedule-expression.ts';
import { compilePattern } from './pattern.ts';
import type { Rule } from './registry.ts';

export interface RuleSettings {
  name: string;
  busName: string;
  enabled: boolean;
  description?: string | undefined;
  roleArn?: string | undefined;
  eventPattern?: string | undefined;
  scheduleExpression?: string | undefined;
  tags?: Record<string, string> | undefined;
}

/** Checks and compiles what a rule says. Throws `ValidationException` or `InvalidEventPatternException`. */
export function compileRule(settings: RuleSettings): Omit<Rule, 'arn'> {
  const { name, busName, enabled, description, roleArn, eventPattern, scheduleExpression, tags } = settings;
  if (eventPattern === undefined && scheduleExpression === undefined) {
    throw new AwsError(
      'ValidationException',
      'Parameter(s) EventPattern or ScheduleExpression must be specified.',
    );
  }
  if (scheduleExpression !== undefined && busName !== 'default') {
    throw new AwsError(
      'ValidationException',
      'ScheduleExpression is supported only on the default event bus.',
    );
  }
  return {
    name,
    busName,
    enabled,
    ...(description === undefined ? {} : { description }),
    ...(roleArn === undefined ? {} : { roleArn }),
    ...(tags === undefined ? {} : { tags }),
    ...(eventPattern === undefined ? {} : { eventPattern, matches: compilePattern(eventPattern) }),
    ...(scheduleExpression === undefined
      ? {}
      : { scheduleExpression, schedule: parseSchedule(scheduleExpression) }),
  };
}

/** `rate(5 minutes)` or `cron(0 12 * * ? *)` in UTC. Throws `ValidationException`. */
function parseSchedule(expression: string): Schedule {
  const schedule = readSchedule(expression);
  if (schedule && schedule.kind !== 'at') return schedule;
  throw new AwsError('ValidationException', 'Parameter ScheduleExpression is not valid.');
}
