import { randomUUID } from 'node:crypto';
import type { Decision } from '../definition/aggregate.ts';
import type { Next, ProcessManager, StepSubject } from '../definition/process-manager.ts';
import type { ReactionContext } from '../definition/reactor.ts';
import type { Envelope } from '../messages/envelope.ts';
import {
  compensate,
  end,
  failStep,
  finishStep,
  isSameStep,
  type Process,
  startStep,
  wait,
} from '../processes/process.ts';
import type { ProcessEvent, ProcessSubject, StepName } from '../processes/process-events.ts';
import { eventStore } from './clients.ts';
import { failureOf, reportFailure } from './failure.ts';
import { idFrom } from './ids.ts';
import { causeOf, contextFor, ownName, rowsFrom } from './reaction-context.ts';
import { annotationsOf, type BusEvent } from './serve-projection.ts';
import { recordLag, reporting } from './serve-reactor.ts';

/** Longer than a function may run: after it, whoever began a step is thought dead. */
const leaseMilliseconds = 120_000;
/** After each failed attempt at a step, the pause until the next, in seconds; after the last it is given up. */
const pauses = [60, 300, 900, 3600];
const maximumAttempts = pauses.length + 1;
/** More than any process does at one time; beyond it a decision goes round in circles. */
const maximumMoves = 50;

/** A process as it stands, and where. */
interface Standing {
  readonly tenant: string;
  readonly id: string;
  readonly subject: ProcessSubject;
  readonly process: Process;
  readonly version: number;
}

/** What is done for a process next: what its manager decides, or what is left of undoing it. */
type Move =
  | { readonly kind: 'wait'; readonly for: string; readonly until?: string | undefined }
  | { readonly kind: 'step'; readonly name: StepName }
  | { readonly kind: 'compensate'; readonly reason: string }
  | {
      readonly kind: 'end';
      readonly outcome: 'completed' | 'compensated' | 'failed';
      readonly reason: string;
    };

/**
 * Makes the Lambda handler of a process manager. It is woken by the events of what it follows, by those of its own
 * processes, and by the last of these again when a time has come; each time it goes on as far as it can.
 */
export function serveProcessManager<Facts, State>(
  manager: ProcessManager<Facts, State>,
  store = eventStore,
  rows = rowsFrom(manager.readModels),
): (event: BusEvent) => Promise<void> {
  return ({ detail: event }) => {
    // An event of its own may be delivered again long after it was recorded.
    if (event.stream.type === manager.follows.type) recordLag(Date.now() - Date.parse(event.time));
    const about = { correlationId: event.correlationId, event };
    return reporting(annotationsOf(event), about, async () => {
      const opened = await store();
      const contextOf = (key: readonly string[]) =>
        contextFor(opened, rows, causeOf(event), undefined, ['process', ownName(), ...key]);
      const place = await placeOf(manager, event, contextOf([]));
      if (place) await advance(manager, place, contextOf);
    });
  };
}

/** Which process an event wakes. */
async function placeOf<Facts, State>(
  manager: ProcessManager<Facts, State>,
  event: Envelope,
  context: ReactionContext,
): Promise<Pick<Standing, 'tenant' | 'id' | 'subject'> | undefined> {
  const { tenant, stream } = event;
  if (stream.type === manager.process.type) {
    const { state } = await context.load(manager.process, tenant, stream.id);
    if (state.status === 'unknown') return undefined;
    return { tenant, id: stream.id, subject: { subject: state.subject, key: state.key } };
  }
  const key = manager.key(event as never);
  if (key === undefined) return undefined;
  const { type, id } = stream;
  return {
    tenant,
    id: idFrom('process', manager.process.type, tenant, type, id, key),
    subject: { subject: { type, id }, key },
  };
}

async function advance<Facts, State>(
  manager: ProcessManager<Facts, State>,
  place: Pick<Standing, 'tenant' | 'id' | 'subject'>,
  contextOf: (key: readonly string[]) => ReactionContext,
): Promise<void> {
  for (let move = 0; move < maximumMoves; move++) {
    const { state: process, version } = await contextOf([]).load(manager.process, place.tenant, place.id);
    const standing = { ...place, process, version };
    if (!(await moveOn(manager, standing, contextOf))) return;
  }
  throw new Error(`The process ${manager.process.type}/${place.id} does not come to rest.`);
}

/** Answers whether there may be more to do. */
async function moveOn<Facts, State>(
  manager: ProcessManager<Facts, State>,
  standing: Standing,
  contextOf: (key: readonly string[]) => ReactionContext,
): Promise<boolean> {
  const { process } = standing;
  const now = new Date().toISOString();
  if (process.status === 'ended') return false;
  if (process.status !== 'unknown' && process.current && process.current.until > now) return false;
  const move = await nextMove(manager, standing, now, contextOf([]));
  const record = recorderOf(manager, standing, contextOf);
  switch (move.kind) {
    case 'step':
      return doStep(manager, standing, move.name, now, contextOf);
    case 'wait':
      await record(wait, { for: move.for, until: move.until });
      return false;
    case 'compensate':
      await record(compensate, { reason: move.reason });
      return process.status !== 'unknown';
    case 'end':
      await record(end, { outcome: move.outcome, reason: move.reason });
      return false;
  }
}

/** Records on the process. Each record is known by where it stood, so two who are woken at once do not both make it. */
function recorderOf(
  { process }: Pick<ProcessManager, 'process'>,
  { tenant, id, subject, version }: Standing,
  contextOf: (key: readonly string[]) => ReactionContext,
) {
  const context = contextOf([id, `${version}`]);
  return <Input>(decide: Decision<Process, ProcessSubject & Input, ProcessEvent>, input: Input) =>
    context.execute(process, tenant, id, decide, { ...input, ...subject });
}

async function nextMove<Facts, State>(
  manager: ProcessManager<Facts, State>,
  { tenant, process, subject }: Standing,
  now: string,
  context: ReactionContext,
): Promise<Move> {
  const givenUp = process.status !== 'unknown' && process.failed?.retryAt === undefined && process.failed;
  if (process.status === 'compensating') {
    const last = process.done.at(-1);
    if (givenUp) return { kind: 'end', outcome: 'failed', reason: failureText(givenUp) };
    if (!last) return { kind: 'end', outcome: 'compensated', reason: process.reason };
    return { kind: 'step', name: last };
  }
  if (givenUp) return { kind: 'compensate', reason: failureText(givenUp) };
  const { state } = await context.load(manager.follows, tenant, subject.subject.id);
  const facts = await manager.look({ tenant, ...subject, state }, context);
  const done = process.status === 'unknown' ? [] : process.done;
  return moveOf(manager.next(facts, done, now));
}

function moveOf(next: Next): Move {
  if ('waitFor' in next) return { kind: 'wait', for: next.waitFor, until: next.until };
  if ('complete' in next) return { kind: 'end', outcome: 'completed', reason: next.complete };
  if ('compensate' in next) return { kind: 'compensate', reason: next.compensate };
  return { kind: 'step', name: next };
}

/** Claims the step, does it, and records how it went. One that failed is tried again when its time has come. */
async function doStep<Facts, State>(
  manager: ProcessManager<Facts, State>,
  standing: Standing,
  name: StepName,
  now: string,
  contextOf: (key: readonly string[]) => ReactionContext,
): Promise<boolean> {
  const { tenant, id, process, subject } = standing;
  const before = attemptsAt(process, name);
  if (before?.retryAt !== undefined && before.retryAt > now) return false;
  const attempt = (before?.attempt ?? 0) + 1;
  const record = recorderOf(manager, standing, contextOf);
  if (attempt > maximumAttempts) {
    const reason = 'It was begun again and again, and whoever did never came to its end.';
    await record(failStep, { ...name, attempt: maximumAttempts, reason });
    return true;
  }
  const claim = randomUUID();
  const until = new Date(Date.parse(now) + leaseMilliseconds).toISOString();
  await record(startStep, { ...name, attempt, claim, until });
  const { state: claimed } = await contextOf([]).load(manager.process, tenant, id);
  if (!('current' in claimed) || claimed.current?.claim !== claim) return false;

  const about = { tenant, ...subject, on: name.on };
  const isUndoing = process.status === 'compensating';
  const doing = contextOf([id, isUndoing ? 'compensate' : 'run', name.step, name.on ?? '']);
  try {
    await work(manager, name, isUndoing, about, doing);
  } catch (error) {
    const pause = pauses[attempt - 1];
    const retryAt = pause === undefined ? undefined : new Date(Date.now() + pause * 1000).toISOString();
    const reason = failureOf(error).message.slice(0, 500);
    await reportFailure(error);
    await record(failStep, { ...name, attempt, reason, retryAt });
    return retryAt === undefined;
  }
  await record(finishStep, name);
  return true;
}

async function work<Facts, State>(
  { steps, process }: ProcessManager<Facts, State>,
  { step }: StepName,
  isUndoing: boolean,
  about: StepSubject,
  context: ReactionContext,
): Promise<void> {
  const known = steps[step];
  if (!known) throw new Error(`The process ${process.type} has no step ${step}.`);
  await (isUndoing ? known.compensate?.(about, context) : known.run(about, context));
}

/** How often this very step was begun already, where it did not come to an end. */
function attemptsAt(
  process: Process,
  name: StepName,
): { attempt: number; retryAt?: string | undefined } | undefined {
  if (process.status === 'unknown') return undefined;
  const { current, failed } = process;
  if (current && isSameStep(current, name)) return { attempt: current.attempt };
  return failed && isSameStep(failed, name) ? failed : undefined;
}

function failureText({ step, reason }: { step: string; reason: string }): string {
  return `The step ${step} failed: ${reason}`.slice(0, 500);
}
