import { type DomainEvent, type EventOf, event } from '../messages/event.ts';
import { instant, integer, object, oneOf, optional, text, type ValueOf } from '../messages/schema.ts';

/** Streams of processes are told from others by the end of their type, also by rules of the bus. */
export const processSuffix = '-process';

const stepFields = {
  /** The step's name in the process manager. */
  step: text(100),
  /** On what, where a step is done for several things. */
  on: optional(text(200)),
};
/** Names a step of a process. */
export type StepName = ValueOf<typeof stepFields>;

const subjectFields = {
  /** The stream that the process is about. */
  subject: object({ type: text(64), id: text(200) }),
  /** Tells apart several processes about one stream, such as one for each episode. */
  key: text(200),
};
/** What a process is about. */
export type ProcessSubject = ValueOf<typeof subjectFields>;

const attempt = integer({ minimum: 1 });
const reason = text(500);
const outcome = oneOf('completed', 'compensated', 'failed');

export const ProcessStarted = event('ProcessStarted', subjectFields);
export const ProcessWaiting = event('ProcessWaiting', {
  /** Continues "It waits for …". */
  for: text(200),
  /** When it looks again, whatever happened; absent: only an event wakes it. */
  until: optional(instant),
});
export const ProcessStepStarted = event('ProcessStepStarted', {
  ...stepFields,
  attempt,
  /** Who is at the step: nobody else begins it before `until`. */
  claim: text(100),
  until: instant,
});
export const ProcessStepDone = event('ProcessStepDone', stepFields);
export const ProcessStepFailed = event('ProcessStepFailed', {
  ...stepFields,
  attempt,
  reason,
  /** Absent: given up. */
  retryAt: optional(instant),
});
export const ProcessCompensating = event('ProcessCompensating', { reason });
export const ProcessStepCompensated = event('ProcessStepCompensated', stepFields);
export const ProcessEnded = event('ProcessEnded', { outcome, reason });

export const processEvents = [
  ProcessStarted,
  ProcessWaiting,
  ProcessStepStarted,
  ProcessStepDone,
  ProcessStepFailed,
  ProcessCompensating,
  ProcessStepCompensated,
  ProcessEnded,
] as const;
export type ProcessEvent = EventOf<(typeof processEvents)[number]> & DomainEvent;
