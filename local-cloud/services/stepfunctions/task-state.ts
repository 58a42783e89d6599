import { randomUUID } from 'node:crypto';
import { beginCall } from './call-span.ts';
import { applyParameters, checkSize, numberAt } from './data-flow.ts';
import type { StateDefinition } from './definition.ts';
import type { Scope } from './expressions.ts';
import type { Line, PendingTask } from './line.ts';
import { abortable, childRun, type Run } from './run.ts';
import { HeartbeatTimeout, StateError } from './state-error.ts';
import { recorderOf, type TaskRecorder } from './task-events.ts';
import { isActivity, taskName } from './task-resources.ts';

/** Calls the resource of a Task state within its timeouts and answers the result. */
export async function runTask(state: StateDefinition, scope: Scope, line: Line, run: Run): Promise<unknown> {
  const resource = state.Resource ?? '';
  const record = recorderOf(resource, line);
  const task = line.position.task ?? schedule(state, scope, line, run, record);
  const child = childRun(run);
  const timers = limits(task, run, child.abort);
  const call = beginCall(run.span, resource, task.input);
  const traced = call.header === undefined ? {} : { traceHeader: call.header };
  const work = { resource, task, line, record, run: child.run, traced, beat: timers.beat };
  try {
    const result = await abortable(perform(work), child.run.signal);
    checkSize(result, taskName(resource)?.service ?? resource);
    line.change({ task: undefined });
    record.succeeded(result);
    call.succeeded();
    return result;
  } catch (error) {
    if (error instanceof StateError) {
      call.failed(error);
      line.change({ task: undefined });
      if (!run.signal.aborted) record.failed(error);
    }
    throw error;
  } finally {
    timers.clear();
    child.abort(new StateError('States.TaskFailed', 'The task has ended.'));
    child.release();
  }
}

function schedule(
  state: StateDefinition,
  scope: Scope,
  line: Line,
  run: Run,
  record: TaskRecorder,
): PendingTask {
  const resource = state.Resource ?? '';
  const waits = taskName(resource)?.pattern === 'waitForTaskToken' || isActivity(resource);
  const token = waits ? run.tasks.newToken() : undefined;
  const context = token === undefined ? scope.context : { ...scope.context, Task: { Token: token } };
  const input = applyParameters(state, { ...scope, context });
  const seconds = (path: string | undefined, given: number | undefined) =>
    path === undefined ? given : numberAt(path, scope);
  const timeoutSeconds = seconds(state.TimeoutSecondsPath, state.TimeoutSeconds);
  const heartbeatSeconds = seconds(state.HeartbeatSecondsPath, state.HeartbeatSeconds);
  const task: PendingTask = {
    input,
    scheduledAt: run.clock.now(),
    ...(timeoutSeconds === undefined ? {} : { timeoutSeconds }),
    ...(heartbeatSeconds === undefined ? {} : { heartbeatSeconds }),
    ...(token === undefined ? {} : { token }),
  };
  record.scheduled(task);
  line.change({ task });
  return task;
}

interface Work {
  resource: string;
  task: PendingTask;
  line: Line;
  record: TaskRecorder;
  run: Run;
  traced: { traceHeader?: string };
  beat(): void;
}

async function perform(work: Work): Promise<unknown> {
  const { resource, task, run, traced } = work;
  const name = taskName(resource);
  if (task.token !== undefined) return performWaiting(work, task.token);
  if (name?.pattern === 'sync' || name?.pattern === 'sync:2') return performChild(work);
  return run.callTask({ resource, input: task.input, ...traced });
}

/** The result comes with the token, maybe before the call that gave it away is answered. */
async function performWaiting({ resource, task, line, record, run, traced, beat }: Work, token: string) {
  // The position goes to disk with the token, so that whoever has it can use it after a restart.
  await line.save();
  const waiting = await run.tasks.open(token);
  waiting.onHeartbeat(beat);
  try {
    if (isActivity(resource)) {
      if (!task.started) {
        const given = { token, input: JSON.stringify(task.input) };
        const worker = await run.tasks.offerActivity(resource, given, run.signal);
        run.signal.throwIfAborted();
        record.taken(worker);
        task.started = true;
        line.change({ task });
        beat();
        await line.save();
      }
    } else if (!task.submitted) {
      const answer = await run.callTask({ resource, input: task.input, ...traced });
      run.signal.throwIfAborted();
      record.submitted(answer);
      task.submitted = true;
      line.change({ task });
      await line.save();
    }
    return await abortable(waiting.output, run.signal);
  } finally {
    if (!isInterrupted(run)) waiting.close();
  }
}

const isInterrupted = ({ signal }: Run) => signal.aborted && !(signal.reason instanceof StateError);

async function performChild({ resource, task, line, record, run, traced }: Work): Promise<unknown> {
  const given = task.input as { Name?: unknown } | null;
  const wasBegun = task.childName !== undefined;
  task.childName ??= typeof given?.Name === 'string' ? given.Name : randomUUID();
  line.change({ task });
  await line.save();
  if (task.childArn === undefined) {
    const call = { resource, input: task.input, ...traced };
    const { answer, arn } = await run.tasks.startChild(call, task.childName, wasBegun);
    run.signal.throwIfAborted();
    record.submitted(answer);
    task.childArn = arn;
    line.change({ task });
    await line.save();
  }
  const { succeeded, description } = await run.tasks.endOfChild(task.childArn, run.signal);
  if (!succeeded) throw new StateError('States.TaskFailed', JSON.stringify(description));
  return taskName(resource)?.pattern === 'sync:2' ? parsedData(description) : description;
}

/** Input and output as JSON instead of texts of it. */
function parsedData(description: Record<string, unknown>): Record<string, unknown> {
  const parsed = (name: string) =>
    typeof description[name] === 'string' ? { [name]: JSON.parse(description[name]) as unknown } : {};
  return { ...description, ...parsed('Input'), ...parsed('Output') };
}

/** Ends the task after its timeout, counted from its scheduling, or after too long a silence. */
function limits(
  { scheduledAt, timeoutSeconds, heartbeatSeconds }: PendingTask,
  { clock, name }: Run,
  abort: (reason: Error) => void,
) {
  const after = (milliseconds: number, what: string, error: () => StateError) =>
    clock.after(milliseconds, `${what} of a task of ${name}`, () => abort(error()));
  const callOffWhole =
    timeoutSeconds === undefined
      ? undefined
      : after(
          scheduledAt + timeoutSeconds * 1000 - clock.now(),
          'the timeout',
          () => new StateError('States.Timeout', ''),
        );
  const silence = () =>
    heartbeatSeconds === undefined
      ? undefined
      : after(heartbeatSeconds * 1000, 'the heartbeat', () => new HeartbeatTimeout());
  let callOffSilence = silence();
  return {
    beat() {
      callOffSilence?.();
      callOffSilence = silence();
    },
    clear() {
      callOffWhole?.();
      callOffSilence?.();
    },
  };
}
