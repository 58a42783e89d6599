import { randomUUID } from 'node:crypto';
import type { Cloud } from '../../core/cloud.ts';
import { type Attempted, createDeliveries, type DeliveryOptions, type Step } from '../../core/deliveries.ts';
import { failureCode } from '../../core/delivery-errors.ts';
import type { StateNamespace } from '../../core/state.ts';
import { fillKeywords, secondsText } from './keywords.ts';
import type { Schedule, Target } from './schedules.ts';
import { callUniversal, universalTarget } from './universal-target.ts';

/** One invocation of a schedule's target. */
export interface Invocation extends Attempted {
  scheduleArn: string;
  scheduleName: string;
  group: string;
  target: Target;
  executionId: string;
  /** Epoch milliseconds at which it was due. */
  due: number;
}

/** `acceptedAt` is the time at which it fired, in epoch milliseconds. */
export function invocationOf(
  { arn, name, group, target }: Schedule,
  due: number,
  acceptedAt: number,
): Invocation {
  return {
    ...{ scheduleArn: arn, scheduleName: name, group, target, due, executionId: randomUUID() },
    ...{ targetArn: target.arn, acceptedAt, attempts: 0 },
    maximumRetryAttempts: target.maximumRetryAttempts,
    maximumEventAgeInSeconds: target.maximumEventAgeInSeconds,
    ...(target.deadLetterArn === undefined ? {} : { deadLetterArn: target.deadLetterArn }),
  };
}

const roleOf = ({ target, scheduleName }: Invocation) =>
  ({ type: 'role', roleArn: target.roleArn, session: scheduleName }) as const;

/** The input with its keywords filled in; without one, a target gets an event that tells of the schedule. */
function inputOf(cloud: Cloud, invocation: Invocation): string {
  const { scheduleArn, due, executionId, attempts, target } = invocation;
  if (target.input !== undefined)
    return fillKeywords(target.input, { scheduleArn, due, executionId, attempt: attempts + 1 });
  if (target.event) return '{}';
  return JSON.stringify({
    ...{ version: '0', id: executionId, 'detail-type': 'Scheduled Event', source: 'aws.scheduler' },
    ...{ account: cloud.accountId, time: secondsText(due), region: cloud.region },
    ...{ resources: [scheduleArn], detail: '{}' },
  });
}

async function send(cloud: Cloud, invocation: Invocation): Promise<void> {
  const { target } = invocation;
  const { ports } = cloud;
  const role = roleOf(invocation);
  const input = inputOf(cloud, invocation);
  const allow = (action: string) => ports.access.require(role, { action, resource: target.arn });
  await cloud.faults.strike('scheduler:Deliver', target.arn);
  const universal = universalTarget(target.arn);
  if (universal) {
    const value = target.input === undefined ? {} : (JSON.parse(input) as Record<string, unknown>);
    return callUniversal(cloud, universal, value, role);
  }
  switch (target.arn.split(':')[2]) {
    case 'lambda':
      allow('lambda:InvokeFunction');
      return ports.functions.enqueue(target.arn, JSON.parse(input));
    case 'states':
      allow('states:StartExecution');
      await ports.stateMachines.start(target.arn, input, { name: invocation.executionId });
      return;
    case 'sqs':
      allow('sqs:SendMessage');
      return ports.queues.send(target.arn, input);
    default:
      allow('events:PutEvents');
      await ports.buses.put([
        {
          ...{ busName: target.arn, source: target.event?.source ?? '' },
          ...{ detailType: target.event?.detailType ?? '', detail: JSON.parse(input) as unknown },
        },
      ]);
  }
}

const metricsOf = {
  attempted: ['InvocationAttemptCount'],
  retried: ['TargetErrorCount'],
  arrived: [],
  'given up': ['TargetErrorCount', 'InvocationDroppedCount'],
  'sent to the dead-letter queue': ['InvocationsSentToDeadLetterCount'],
  'refused by the dead-letter queue': ['InvocationsFailedToBeSentToDeadLetterCount'],
} as const satisfies Record<Step, readonly string[]>;

/** Brings invocations to their targets as the roles of their schedules. */
export function createInvocations(cloud: Cloud, state: StateNamespace, options: DeliveryOptions = {}) {
  return createDeliveries<Invocation>(
    cloud,
    state,
    {
      send: (invocation) => send(cloud, invocation),
      count({ group: ScheduleGroup, scheduleArn: resource }, step) {
        const time = Date.now();
        for (const name of metricsOf[step]) {
          cloud.telemetry.metric({
            ...{ namespace: 'AWS/Scheduler', name, dimensions: { ScheduleGroup } },
            ...{ unit: 'Count', value: 1, time },
          });
        }
        if (step !== 'arrived' && step !== 'given up') return;
        cloud.telemetry.usage({
          ...{ service: 'CloudWatch Events', usageType: 'USE1-ScheduledInvocation' },
          ...{ operation: 'Scheduler', resource, quantity: 1, time },
        });
      },
      deadLetter(invocation, { error, condition, attempts }) {
        const attributes: Record<string, string> = {
          SCHEDULE_ARN: invocation.scheduleArn,
          TARGET_ARN: invocation.targetArn,
          EXECUTION_ID: invocation.executionId,
          SCHEDULED_TIME: secondsText(invocation.due),
          ERROR_CODE: failureCode(error),
          ERROR_MESSAGE: error instanceof Error ? error.message : String(error),
          RETRY_ATTEMPTS: String(attempts - 1),
          IS_PAYLOAD_TRUNCATED: 'false',
        };
        if (condition !== 'Permanent') attributes['EXHAUSTED_RETRY_CONDITION'] = condition;
        return { caller: roleOf(invocation), body: inputOf(cloud, invocation), attributes };
      },
      sourceOf: ({ scheduleArn }) => scheduleArn,
    },
    options,
  );
}
