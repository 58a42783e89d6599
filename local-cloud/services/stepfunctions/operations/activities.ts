import { AwsError } from '../../../core/errors.ts';
import type { Operation } from '../../../core/service.ts';
import type { Activity } from '../machines.ts';
import type { Parts } from '../operations.ts';
import { checkName, page, requiredText, textOf } from '../values.ts';
import { tagsOf } from './tags.ts';

type Input = Record<string, unknown>;

/** GetActivityTask waits so long for a task. */
const longestPoll = 60_000;
const maximumOutput = 262_144;

/** Activities, and what workers and holders of a task token tell. */
export function activityOperations({
  cloud,
  registry,
  tokens,
  activities,
}: Parts): Record<string, Operation> {
  const activityIn = (input: Input): Activity => {
    const arn = requiredText(input, 'activityArn');
    const activity = registry.activities.get(arn);
    if (activity) return activity;
    if (!/^arn:[\w-]+:states:[\w-]+:\d{12}:activity:.+$/u.test(arn)) {
      throw new AwsError('InvalidArn', `Invalid Arn: '${arn}'`);
    }
    throw new AwsError('ActivityDoesNotExist', `Activity Does Not Exist: '${arn}'`);
  };
  return {
    async CreateActivity(input) {
      const name = checkName(requiredText(input, 'name'));
      const arn = `arn:aws:states:${cloud.region}:${cloud.accountId}:activity:${name}`;
      const existing = registry.activities.get(arn);
      const activity = existing ?? { arn, name, createdAt: Date.now(), tags: tagsOf(input['tags']) };
      if (!existing) await registry.keep('activity', activity);
      return { activityArn: arn, creationDate: activity.createdAt / 1000 };
    },
    async DeleteActivity(input) {
      await registry.remove('activity', requiredText(input, 'activityArn'));
      return {};
    },
    async DescribeActivity(input) {
      return describe(activityIn(input));
    },
    async ListActivities(input) {
      const all = [...registry.activities.values()].sort((one, other) => (one.name < other.name ? -1 : 1));
      const { items, next } = page(all, input);
      return { activities: items.map(describe), ...next };
    },
    async GetActivityTask(input) {
      const { arn } = activityIn(input);
      const task = await activities.take(arn, textOf(input, 'workerName') ?? '', longestPoll);
      return task ?? {};
    },
    async SendTaskSuccess(input) {
      const token = requiredText(input, 'taskToken');
      const output = requiredText(input, 'output');
      if (Buffer.byteLength(output) > maximumOutput) throw invalidOutput('it exceeds 256 KiB');
      try {
        JSON.parse(output);
      } catch (error) {
        throw invalidOutput(error instanceof Error ? error.message : String(error));
      }
      await tokens.settle(token, { output });
      return {};
    },
    async SendTaskFailure(input) {
      const token = requiredText(input, 'taskToken');
      await tokens.settle(token, {
        error: textOf(input, 'error') ?? '',
        cause: textOf(input, 'cause') ?? '',
      });
      return {};
    },
    async SendTaskHeartbeat(input) {
      await tokens.beat(requiredText(input, 'taskToken'));
      return {};
    },
  };
}

function invalidOutput(reason: string): AwsError {
  return new AwsError('InvalidOutput', `Invalid Output: '${reason}'`);
}

function describe({ arn, name, createdAt }: Activity) {
  return { activityArn: arn, name, creationDate: createdAt / 1000 };
}
