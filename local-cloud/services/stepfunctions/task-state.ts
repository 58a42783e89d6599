import { beginCall } from './call-span.ts';
import { applyParameters, checkSize, numberAt } from './data-flow.ts';
import type { StateDefinition } from './definition.ts';
import type { Scope } from './expressions.ts';
import { dataField, type Trail } from './history.ts';
import { abortable, childRun, type Run } from './run.ts';
import { StateError } from './state-error.ts';
import { taskName } from './task-resources.ts';

/** Calls the resource of a Task state within its timeout and answers the result. */
export async function runTask(state: StateDefinition, scope: Scope, run: Run): Promise<unknown> {
  const resource = state.Resource ?? '';
  const input = applyParameters(state, scope);
  const seconds =
    state.TimeoutSecondsPath === undefined ? state.TimeoutSeconds : numberAt(state.TimeoutSecondsPath, scope);
  const record = recorder(resource, input, seconds, run.trail);
  record.scheduled();
  const child = childRun(run);
  const timer =
    seconds === undefined
      ? undefined
      : setTimeout(() => child.abort(new StateError('States.Timeout', '')), seconds * 1000);
  const call = beginCall(run.span, resource, input);
  const traced = call.header === undefined ? {} : { traceHeader: call.header };
  try {
    const result = await abortable(run.callTask({ resource, input, ...traced }), child.run.signal);
    checkSize(result);
    record.succeeded(result);
    call.succeeded();
    return result;
  } catch (error) {
    if (error instanceof StateError) call.failed(error);
    if (error instanceof StateError && !run.signal.aborted) record.failed(error);
    throw error;
  } finally {
    clearTimeout(timer);
    child.release();
  }
}

/** The history events of a task: AWS names those of a plain Lambda ARN apart from those of an integration. */
function recorder(resource: string, input: unknown, seconds: number | undefined, trail: Trail) {
  const timeout = seconds === undefined ? {} : { timeoutInSeconds: seconds };
  const name = taskName(resource);
  if (!name) {
    return {
      scheduled() {
        trail.record('LambdaFunctionScheduled', { resource, ...dataField('input', input), ...timeout });
        trail.record('LambdaFunctionStarted');
      },
      succeeded: (result: unknown) =>
        void trail.record('LambdaFunctionSucceeded', dataField('output', result)),
      failed: ({ error, cause }: StateError) =>
        void trail.record(error === 'States.Timeout' ? 'LambdaFunctionTimedOut' : 'LambdaFunctionFailed', {
          error,
          cause,
        }),
    };
  }
  const task = { resourceType: name.service, resource: name.action };
  return {
    scheduled() {
      const region = resource.split(':')[3] || 'us-east-1';
      trail.record('TaskScheduled', { ...task, region, parameters: JSON.stringify(input), ...timeout });
      trail.record('TaskStarted', task);
    },
    succeeded: (result: unknown) =>
      void trail.record('TaskSucceeded', { ...task, ...dataField('output', result) }),
    failed: ({ error, cause }: StateError) =>
      void trail.record(error === 'States.Timeout' ? 'TaskTimedOut' : 'TaskFailed', {
        ...task,
        error,
        cause,
      }),
  };
}
