import { randomUUID } from 'node:crypto';
import type { Access } from '../../core/access.ts';
import { AwsError } from '../../core/errors.ts';
import { type Input, integer, oneOf, requiredTexts, tagList, tagsOf, text } from '../../core/input.ts';
import { pageOf } from '../../core/pages.ts';
import { checkName, invalid, readScheduleInput } from './schedule-input.ts';
import type { Group, Schedule, Schedules } from './schedules.ts';
import type { Timetable } from './timetable.ts';

/** The members of a request, wherever in it they stood. */
export type Operation = (input: Input) => Promise<object>;

const invalidToken = () => invalid('The NextToken is not valid.');
const conflict = (message: string) => new AwsError('ConflictException', message, 409);
const secondsOf = (time: number | undefined) => (time === undefined ? undefined : time / 1000);

/** AWS refuses a role that it could not act as. */
export function requireRole(access: Access, roleArn: string): void {
  try {
    access.requireTrust(roleArn, 'scheduler.amazonaws.com');
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    throw invalid('The execution role you provide must allow AWS EventBridge Scheduler to assume the role.');
  }
}

export function schedulerOperations(
  access: () => Access,
  schedules: Schedules,
  timetable: Timetable,
): Record<string, Operation> {
  const groupIn = (input: Input) => checkName(text(input, 'GroupName') ?? 'default', 'GroupName');
  const nameIn = (input: Input) => checkName(text(input, 'Name') ?? '');
  const existing = (input: Input) => schedules.existing(groupIn(input), nameIn(input));

  async function keep(schedule: Schedule): Promise<object> {
    requireRole(access(), schedule.target.roleArn);
    await timetable.changed(await schedules.keep(schedule));
    return { ScheduleArn: schedule.arn };
  }
  const clientToken = (input: Input) => text(input, 'ClientToken') ?? randomUUID();
  const tagged = (input: Input): Group => {
    const arn = text(input, 'ResourceArn') ?? '';
    const group = schedules.groups().find((each) => each.arn === arn);
    if (!group) throw new AwsError('ResourceNotFoundException', `Schedule group ${arn} does not exist.`, 404);
    return group;
  };

  return {
    async CreateSchedule(input) {
      const [group, name, token] = [groupIn(input), nameIn(input), clientToken(input)];
      const wanted = readScheduleInput(input);
      schedules.existingGroup(group);
      const standing = schedules.find(group, name);
      if (standing?.clientToken === token) return { ScheduleArn: standing.arn };
      if (standing) throw conflict(`Schedule ${name} already exists.`);
      const now = Date.now();
      return keep({
        ...{ ...wanted, name, group, arn: schedules.arnOf(group, name), clientToken: token },
        ...{ createdAt: now, modifiedAt: now },
      });
    },
    /** What is not said is as if it had never been. */
    async UpdateSchedule(input) {
      const { name, group, arn, createdAt } = existing(input);
      return keep({ ...readScheduleInput(input), name, group, arn, createdAt, modifiedAt: Date.now() });
    },
    async GetSchedule(input) {
      return describe(existing(input));
    },
    async DeleteSchedule(input) {
      await timetable.remove(existing(input));
      return {};
    },
    async ListSchedules(input) {
      const prefix = text(input, 'NamePrefix') ?? '';
      const group = text(input, 'ScheduleGroup');
      const state = oneOf(input, 'State', ['ENABLED', 'DISABLED']);
      if (group !== undefined) schedules.existingGroup(group);
      const found = schedules
        .all()
        .filter(
          (each) =>
            each.name.startsWith(prefix) &&
            (group === undefined || each.group === group) &&
            (state === undefined || stateOf(each) === state),
        );
      const keyOf = (each: Schedule) => `${each.group}/${each.name}`;
      const { items, next } = pageOf(found, keyOf, sizeOf(input), text(input, 'NextToken'), invalidToken);
      const Schedules = items.map((each) => {
        const { Arn, Name, GroupName, State, CreationDate, LastModificationDate } = describe(each);
        return {
          ...{ Arn, Name, GroupName, State, CreationDate, LastModificationDate },
          Target: { Arn: each.target.arn },
        };
      });
      return { Schedules, NextToken: next };
    },
    async CreateScheduleGroup(input) {
      const name = nameIn(input);
      const token = clientToken(input);
      const standing = schedules.findGroup(name);
      if (standing?.clientToken === token) return { ScheduleGroupArn: standing.arn };
      if (standing) throw conflict(`Schedule group ${name} already exists.`);
      const now = Date.now();
      const { arn } = await schedules.keepGroup({
        ...{ name, arn: schedules.groupArn(name), tags: tagsOf(input), clientToken: token },
        ...{ createdAt: now, modifiedAt: now },
      });
      return { ScheduleGroupArn: arn };
    },
    async GetScheduleGroup(input) {
      return describeGroup(schedules.existingGroup(nameIn(input)));
    },
    async DeleteScheduleGroup(input) {
      await removeGroup(schedules, timetable, schedules.existingGroup(nameIn(input)));
      return {};
    },
    async ListScheduleGroups(input) {
      const prefix = text(input, 'NamePrefix') ?? '';
      const found = schedules.groups().filter(({ name }) => name.startsWith(prefix));
      const token = text(input, 'NextToken');
      const { items, next } = pageOf(found, ({ name }) => name, sizeOf(input), token, invalidToken);
      return { ScheduleGroups: items.map(describeGroup), NextToken: next };
    },
    async TagResource(input) {
      const group = tagged(input);
      await schedules.keepGroup({ ...group, tags: { ...group.tags, ...tagsOf(input) } });
      return {};
    },
    async UntagResource(input) {
      const group = tagged(input);
      const gone = requiredTexts(input, 'TagKeys', 50);
      const left = Object.entries(group.tags).filter(([key]) => !gone.includes(key));
      await schedules.keepGroup({ ...group, tags: Object.fromEntries(left) });
      return {};
    },
    async ListTagsForResource(input) {
      return { Tags: tagList(tagged(input).tags) };
    },
  };
}

const sizeOf = (input: Input) => integer(input, 'MaxResults', 1, 100) ?? 100;

/** Removes a group with its schedules. Throws `ValidationException` for the one that always stands. */
export async function removeGroup(schedules: Schedules, timetable: Timetable, group: Group): Promise<void> {
  if (group.name === 'default') throw invalid('Default schedule group cannot be deleted.');
  for (const schedule of schedules.all()) if (schedule.group === group.name) await timetable.remove(schedule);
  await schedules.removeGroup(group);
}

const stateOf = ({ enabled }: Schedule) => (enabled ? 'ENABLED' : 'DISABLED');

function describeGroup({ name, arn, createdAt, modifiedAt }: Group) {
  return {
    ...{ Arn: arn, Name: name, State: 'ACTIVE' },
    ...{ CreationDate: secondsOf(createdAt), LastModificationDate: secondsOf(modifiedAt) },
  };
}

function describe(schedule: Schedule) {
  const { target, windowMinutes } = schedule;
  return {
    ...{ Arn: schedule.arn, Name: schedule.name, GroupName: schedule.group, State: stateOf(schedule) },
    ...{ ScheduleExpression: schedule.expression, ScheduleExpressionTimezone: schedule.timeZone },
    ...{ Description: schedule.description, KmsKeyArn: schedule.kmsKeyArn },
    ...{ StartDate: secondsOf(schedule.startAt), EndDate: secondsOf(schedule.endAt) },
    CreationDate: secondsOf(schedule.createdAt),
    LastModificationDate: secondsOf(schedule.modifiedAt),
    ActionAfterCompletion: schedule.deleteWhenOver ? 'DELETE' : 'NONE',
    FlexibleTimeWindow:
      windowMinutes === 0 ? { Mode: 'OFF' } : { Mode: 'FLEXIBLE', MaximumWindowInMinutes: windowMinutes },
    Target: {
      ...{ Arn: target.arn, RoleArn: target.roleArn, Input: target.input },
      RetryPolicy: {
        MaximumEventAgeInSeconds: target.maximumEventAgeInSeconds,
        MaximumRetryAttempts: target.maximumRetryAttempts,
      },
      DeadLetterConfig: target.deadLetterArn === undefined ? undefined : { Arn: target.deadLetterArn },
      EventBridgeParameters: target.event && {
        DetailType: target.event.detailType,
        Source: target.event.source,
      },
    },
  };
}
