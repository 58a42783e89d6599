import { randomBytes } from 'node:crypto';
import type { Access } from '../../core/access.ts';
import { block, blocks } from '../../core/blocks.ts';
import { notSupported } from '../../core/errors.ts';
import type { Input } from '../../core/input.ts';
import type { Attributes, ResourceHandler } from '../../core/service.ts';
import { removeGroup, requireRole } from './operations.ts';
import { checkName, invalid, readScheduleInput } from './schedule-input.ts';
import type { Schedules } from './schedules.ts';
import type { Timetable } from './timetable.ts';

/** The Terraform types of EventBridge Scheduler. */
export function schedulerResources(
  access: () => Access,
  schedules: Schedules,
  timetable: Timetable,
): Record<string, ResourceHandler> {
  return {
    aws_scheduler_schedule_group: groupHandler(schedules, timetable),
    aws_scheduler_schedule: scheduleHandler(access, schedules, timetable),
  };
}

function groupHandler(schedules: Schedules, timetable: Timetable): ResourceHandler {
  return {
    async apply({ desired }, previous) {
      const name = nameOf(desired, previous);
      const standing = schedules.findGroup(name);
      const now = Date.now();
      const tags = Object.entries((desired['tags'] ?? {}) as Attributes);
      const { arn, createdAt } = await schedules.keepGroup({
        ...{ name, arn: schedules.groupArn(name), modifiedAt: now },
        createdAt: standing?.createdAt ?? now,
        tags: Object.fromEntries(tags.map(([key, value]) => [key, String(value)])),
      });
      const creation_date = new Date(createdAt).toISOString();
      return { ...desired, id: name, name, arn, state: 'ACTIVE', creation_date };
    },
    async remove(_address, previous) {
      const group = schedules.findGroup(String(previous['name']));
      if (group) await removeGroup(schedules, timetable, group);
    },
  };
}

function scheduleHandler(access: () => Access, schedules: Schedules, timetable: Timetable): ResourceHandler {
  async function removeOf(attributes: Attributes): Promise<void> {
    const found = schedules.find(String(attributes['group_name']), String(attributes['name']));
    if (found) await timetable.remove(found);
  }

  return {
    async apply({ desired }, previous) {
      const name = nameOf(desired, previous);
      const group = checkName(String(desired['group_name'] ?? 'default'), 'GroupName');
      schedules.existingGroup(group);
      if (previous && previous['id'] !== `${group}/${name}`) await removeOf(previous);
      const wanted = readScheduleInput(inputOf(desired));
      requireRole(access(), wanted.target.roleArn);
      const standing = schedules.find(group, name);
      const now = Date.now();
      const schedule = await schedules.keep({
        ...{ ...wanted, name, group, arn: schedules.arnOf(group, name) },
        ...{ createdAt: standing?.createdAt ?? now, modifiedAt: now },
      });
      await timetable.changed(schedule);
      const state = schedule.enabled ? 'ENABLED' : 'DISABLED';
      return { ...desired, id: `${group}/${name}`, name, group_name: group, arn: schedule.arn, state };
    },
    remove: (_address, previous) => removeOf(previous),
  };
}

/** The given name, or the one made before, or a new one after the prefix as Terraform makes it. */
function nameOf(desired: Attributes, previous: Attributes | undefined): string {
  if (desired['name'] !== undefined) return checkName(String(desired['name']));
  const prefix = String(desired['name_prefix'] ?? 'terraform-');
  const before = String(previous?.['name'] ?? '');
  return checkName(previous && before.startsWith(prefix) ? before : prefix + randomBytes(13).toString('hex'));
}

const unsupported = [
  'ecs_parameters',
  'kinesis_parameters',
  'sagemaker_pipeline_parameters',
  'sqs_parameters',
];

const numberOf = (value: unknown) => (value === undefined || value === null ? undefined : Number(value));

/** What the Terraform says, as the API would. */
function inputOf(desired: Attributes): Input {
  const target = block(desired['target']) ?? {};
  for (const name of unsupported) {
    if (blocks(target[name]).length > 0) throw notSupported('aws_scheduler_schedule', `with ${name}`);
  }
  const window = block(desired['flexible_time_window']);
  const retry = block(target['retry_policy']);
  const deadLetters = block(target['dead_letter_config']);
  const event = block(target['eventbridge_parameters']);
  return {
    ScheduleExpression: desired['schedule_expression'],
    ScheduleExpressionTimezone: desired['schedule_expression_timezone'],
    ...{ StartDate: seconds(desired, 'start_date'), EndDate: seconds(desired, 'end_date') },
    ...{ State: desired['state'], Description: desired['description'], KmsKeyArn: desired['kms_key_arn'] },
    ActionAfterCompletion: desired['action_after_completion'],
    FlexibleTimeWindow: window && {
      Mode: window['mode'],
      MaximumWindowInMinutes: numberOf(window['maximum_window_in_minutes']),
    },
    Target: {
      ...{ Arn: target['arn'], RoleArn: target['role_arn'], Input: target['input'] },
      RetryPolicy: retry && {
        MaximumEventAgeInSeconds: numberOf(retry['maximum_event_age_in_seconds']),
        MaximumRetryAttempts: numberOf(retry['maximum_retry_attempts']),
      },
      DeadLetterConfig: deadLetters && { Arn: deadLetters['arn'] },
      EventBridgeParameters: event && { DetailType: event['detail_type'], Source: event['source'] },
    },
  };
}

function seconds(desired: Attributes, name: string): number | undefined {
  if (desired[name] === undefined || desired[name] === null) return undefined;
  const time = Date.parse(String(desired[name]));
  if (Number.isNaN(time)) throw invalid(`${name} is no time such as 2030-01-01T01:00:00Z.`);
  return time / 1000;
}
