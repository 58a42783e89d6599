import type { Cloud } from '../../core/cloud.ts';
import type { ExecutionRecord } from './execution-record.ts';
import type { Executions } from './executions.ts';
import { abortable, type WaitingTasks } from './run.ts';
import { StateError } from './state-error.ts';
import { allow, startExecution, type TaskOwner } from './tasks.ts';
import type { ActivityTasks, TaskTokens } from './waiting-tasks.ts';

interface Parts {
  cloud: Cloud;
  executions: Executions;
  tokens: TaskTokens;
  activities: ActivityTasks;
  owner: TaskOwner;
  /** A write that goes with the execution's next ones. */
  also(write: { delete: string }): void;
}

/** How one execution waits for what ends elsewhere: tokens, workers of activities, and executions that it started. */
export function createWaitingTasks({
  cloud,
  executions,
  tokens,
  activities,
  owner,
  also,
}: Parts): WaitingTasks {
  return {
    newToken: () => tokens.create(owner.executionArn),
    open: (token) => tokens.open(token, also),
    offerActivity: (arn, task, signal) => activities.offer(arn, task, signal),
    async startChild(call, name, mayStand) {
      const parameters = { ...(call.input as Record<string, unknown>), Name: name };
      const task = { ...owner, ...(call.traceHeader === undefined ? {} : { traceHeader: call.traceHeader }) };
      const arn = String((parameters as Record<string, unknown>)['StateMachineArn'])
        .split(':')
        .slice(0, 7)
        .join(':')
        .replace(':stateMachine:', ':execution:');
      const executionArn = `${arn}:${name}`;
      allow(cloud, 'StepFunctions', owner, { action: 'states:DescribeExecution', resource: executionArn });
      try {
        const answer = await startExecution(cloud, parameters, task);
        return { answer, arn: answer.ExecutionArn };
      } catch (error) {
        // Started before the process was killed, and it has ended since.
        const stands = error instanceof StateError && error.error.includes('ExecutionAlreadyExists');
        if (!mayStand || !stands) throw error;
        return { answer: { ExecutionArn: executionArn }, arn: executionArn };
      }
    },
    async endOfChild(arn, signal) {
      if (arn.includes(':express:')) {
        throw new StateError(
          'StepFunctions.ValidationException',
          'An EXPRESS state machine cannot be waited for; start it with aws-sdk:sfn:startSyncExecution.',
        );
      }
      try {
        const ended = await abortable(executions.ended(arn), signal);
        if (!ended)
          throw new StateError(
            'StepFunctions.ExecutionDoesNotExistException',
            `Execution Does Not Exist: '${arn}'`,
          );
        return { succeeded: ended.status === 'SUCCEEDED', description: descriptionOf(ended) };
      } catch (error) {
        // AWS stops the child with its parent; the end of this process stops neither.
        if (signal.aborted && signal.reason instanceof StateError) await executions.abort(arn, '', '');
        throw error;
      }
    },
  };
}

/** As DescribeExecution answers in an integration. */
function descriptionOf(record: ExecutionRecord): Record<string, unknown> {
  return {
    ExecutionArn: record.arn,
    Input: record.input,
    InputDetails: { Included: true },
    Name: record.name,
    ...(record.output === undefined ? {} : { Output: record.output, OutputDetails: { Included: true } }),
    ...(record.error === undefined ? {} : { Error: record.error, Cause: record.cause }),
    StartDate: record.startedAt,
    StateMachineArn: record.machineArn,
    Status: record.status,
    StopDate: record.stoppedAt,
    ...(record.traceHeader === undefined ? {} : { TraceHeader: record.traceHeader }),
  };
}
