import { type Recorded, readModelOfProcesses, remove } from '#shared/definition/read-model.ts';
import type { ProcessEvent } from '#shared/processes/process-events.ts';

/** A process that looks again when a time has come. */
export interface ProcessTimerRow {
  readonly type: string;
  readonly id: string;
  /** RFC 3339, UTC. */
  readonly dueAt: string;
}

/** The one list: who is due first comes first. */
export const due = 'due';

const set = (event: Recorded<ProcessEvent>, dueAt: string | undefined): ProcessTimerRow | typeof remove =>
  dueAt === undefined ? remove : { type: event.stream.type, id: event.stream.id, dueAt };

/** When each process is to be woken, whatever happens. A step that is being done is looked at when it should be over. */
export const processTimers = readModelOfProcesses<ProcessTimerRow>({
  listed: ({ dueAt, id }) => ({ list: due, order: `${dueAt}#${id}` }),
  project: {
    ProcessWaiting: (_, event) => set(event, event.data.until),
    ProcessStepStarted: (_, event) => set(event, event.data.until),
    ProcessStepFailed: (_, event) => set(event, event.data.retryAt),
    ProcessStepDone: (_, event) => set(event, undefined),
    ProcessStepCompensated: (_, event) => set(event, undefined),
    ProcessCompensating: (_, event) => set(event, undefined),
    ProcessEnded: (_, event) => set(event, undefined),
  },
});
