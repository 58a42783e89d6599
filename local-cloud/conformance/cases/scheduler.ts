import {
  CreateScheduleCommand,
  type CreateScheduleCommandInput,
  CreateScheduleGroupCommand,
  DeleteScheduleCommand,
  DeleteScheduleGroupCommand,
  GetScheduleCommand,
  GetScheduleGroupCommand,
  ListSchedulesCommand,
  ListTagsForResourceCommand,
  TagResourceCommand,
  UpdateScheduleCommand,
} from '@aws-sdk/client-scheduler';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { expect } from 'vitest';
import { type Case, type Clients, refusalOf } from '../case.ts';

const service = 'EventBridge Scheduler';

/** A schedule of a year to come, so that no target need be there. */
async function scheduleOf(clients: Clients, more: Partial<CreateScheduleCommandInput> = {}) {
  const { Account } = await clients.sts.send(new GetCallerIdentityCommand({}));
  return {
    ...{ Name: clients.name(), ScheduleExpression: 'cron(0 12 * * ? 2090)' },
    FlexibleTimeWindow: { Mode: 'OFF' as const },
    Target: {
      Arn: `arn:aws:lambda:us-east-1:${Account}:function:none`,
      RoleArn: clients.role,
    },
    ...more,
  };
}

export const schedulerCases: Case[] = [
  {
    service,
    name: 'a schedule is told as it was made, with what it did not say',
    operations: ['CreateSchedule', 'GetSchedule'],
    async run(clients) {
      const schedule = await scheduleOf(clients, { ScheduleExpressionTimezone: 'Europe/Berlin' });
      await clients.scheduler.send(new CreateScheduleCommand(schedule));
      const told = await clients.scheduler.send(new GetScheduleCommand({ Name: schedule.Name }));
      expect(told).toMatchObject({ ...schedule, GroupName: 'default', State: 'ENABLED' });
      expect(told.Target?.RetryPolicy).toEqual({
        MaximumEventAgeInSeconds: 86_400,
        MaximumRetryAttempts: 185,
      });
    },
  },
  {
    service,
    name: 'an update forgets what it does not say',
    operations: ['UpdateSchedule'],
    settled:
      'UpdateSchedule overrides the whole schedule: https://docs.aws.amazon.com/scheduler/latest/APIReference/API_UpdateSchedule.html',
    async run(clients) {
      const schedule = await scheduleOf(clients, { Description: 'of old', State: 'DISABLED' });
      await clients.scheduler.send(new CreateScheduleCommand(schedule));
      const { Description: _, State: _state, ...rest } = schedule;
      await clients.scheduler.send(new UpdateScheduleCommand(rest));
      const told = await clients.scheduler.send(new GetScheduleCommand({ Name: schedule.Name }));
      expect([told.Description ?? '', told.State]).toEqual(['', 'ENABLED']);
    },
  },
  {
    service,
    name: 'a group takes its schedules with it',
    operations: ['CreateScheduleGroup', 'DeleteScheduleGroup', 'ListSchedules', 'GetScheduleGroup'],
    async run(clients) {
      const { scheduler } = clients;
      const GroupName = clients.name();
      await scheduler.send(new CreateScheduleGroupCommand({ Name: GroupName }));
      expect((await scheduler.send(new GetScheduleGroupCommand({ Name: GroupName }))).State).toBe('ACTIVE');
      const schedule = await scheduleOf(clients, { GroupName });
      await scheduler.send(new CreateScheduleCommand(schedule));
      const { Schedules } = await scheduler.send(new ListSchedulesCommand({ GroupName }));
      expect(Schedules).toMatchObject([{ Name: schedule.Name, GroupName, State: 'ENABLED' }]);
      await scheduler.send(new DeleteScheduleGroupCommand({ Name: GroupName }));
      const left = await scheduler.send(new ListSchedulesCommand({ NamePrefix: schedule.Name }));
      expect(left.Schedules).toEqual([]);
    },
  },
  {
    service,
    name: 'a group has tags',
    operations: ['TagResource', 'ListTagsForResource'],
    async run({ scheduler, name }) {
      const { ScheduleGroupArn: ResourceArn } = await scheduler.send(
        new CreateScheduleGroupCommand({ Name: name(), Tags: [{ Key: 'a', Value: '1' }] }),
      );
      await scheduler.send(new TagResourceCommand({ ResourceArn, Tags: [{ Key: 'b', Value: '2' }] }));
      const { Tags } = await scheduler.send(new ListTagsForResourceCommand({ ResourceArn }));
      expect(Tags).toEqual([
        { Key: 'a', Value: '1' },
        { Key: 'b', Value: '2' },
      ]);
    },
  },
  {
    service,
    name: 'what is not there, and what is there already, is refused by name',
    operations: ['CreateSchedule', 'GetSchedule', 'DeleteSchedule'],
    async run(clients) {
      const { scheduler } = clients;
      const schedule = await scheduleOf(clients);
      const { Name } = schedule;
      const get = scheduler.send(new GetScheduleCommand({ Name }));
      expect(await refusalOf(get)).toBe('ResourceNotFoundException');
      await scheduler.send(new CreateScheduleCommand(schedule));
      const again = scheduler.send(new CreateScheduleCommand(schedule));
      expect(await refusalOf(again)).toBe('ConflictException');
      await scheduler.send(new DeleteScheduleCommand({ Name }));
      const remove = scheduler.send(new DeleteScheduleCommand({ Name }));
      expect(await refusalOf(remove)).toBe('ResourceNotFoundException');
    },
  },
  {
    service,
    name: 'an expression that is none, and a time zone that is not there, are refused',
    operations: ['CreateSchedule'],
    settled:
      'ValidationException: https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateSchedule.html',
    async run(clients) {
      const create = async (more: Partial<CreateScheduleCommandInput>) =>
        clients.scheduler.send(new CreateScheduleCommand(await scheduleOf(clients, more)));
      expect(await refusalOf(create({ ScheduleExpression: 'rate(1 hours)' }))).toBe('ValidationException');
      expect(await refusalOf(create({ ScheduleExpressionTimezone: 'Mars/Olympus' }))).toBe(
        'ValidationException',
      );
    },
  },
];
