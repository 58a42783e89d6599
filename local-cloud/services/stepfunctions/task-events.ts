import { dataField, failureFields } from './history.ts';
import type { Line, PendingTask } from './line.ts';
import type { StateError } from './state-error.ts';
import { isActivity, taskName } from './task-resources.ts';

/** Writes what becomes of a task to the history. */
export interface TaskRecorder {
  scheduled(task: PendingTask): void;
  /** The service has taken the request, and its result comes later. */
  submitted(answer: unknown): void;
  /** A worker has taken the activity. */
  taken(worker: string): void;
  succeeded(result: unknown): void;
  failed(error: StateError): void;
}

/** AWS names the events of a plain function, of an activity and of an integration apart. */
export function recorderOf(resource: string, line: Line): TaskRecorder {
  const name = taskName(resource);
  if (isActivity(resource)) return plain('Activity', resource, line);
  if (!name) return plain('LambdaFunction', resource, line);
  const task = { resourceType: name.service, resource: name.resource };
  return {
    scheduled(pending) {
      const region = resource.split(':')[3] || 'us-east-1';
      const parameters = JSON.stringify(pending.input);
      line.record('TaskScheduled', { ...task, region, parameters, ...limitsOf(pending) });
      line.record('TaskStarted', task);
    },
    submitted: (answer) => void line.record('TaskSubmitted', { ...task, ...dataField('output', answer) }),
    taken: () => undefined,
    succeeded: (result) => void line.record('TaskSucceeded', { ...task, ...dataField('output', result) }),
    failed: ({ error, cause }) =>
      void line.record(error === 'States.Timeout' ? 'TaskTimedOut' : 'TaskFailed', {
        ...task,
        ...failureFields(error, cause),
      }),
  };
}

function plain(kind: 'LambdaFunction' | 'Activity', resource: string, line: Line): TaskRecorder {
  return {
    scheduled(pending) {
      const input = dataField('input', pending.input);
      line.record(`${kind}Scheduled`, { resource, ...input, ...limitsOf(pending) });
      if (kind === 'LambdaFunction') line.record('LambdaFunctionStarted');
    },
    submitted: () => undefined,
    taken: (worker) => void line.record('ActivityStarted', worker === '' ? {} : { workerName: worker }),
    succeeded: (result) => void line.record(`${kind}Succeeded`, dataField('output', result)),
    failed: ({ error, cause }) =>
      void line.record(
        `${kind}${error === 'States.Timeout' ? 'TimedOut' : 'Failed'}`,
        failureFields(error, cause),
      ),
  };
}

function limitsOf({ timeoutSeconds, heartbeatSeconds }: PendingTask) {
  return {
    ...(timeoutSeconds === undefined ? {} : { timeoutInSeconds: timeoutSeconds }),
    ...(heartbeatSeconds === undefined ? {} : { heartbeatInSeconds: heartbeatSeconds }),
  };
}
