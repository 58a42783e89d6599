/** What the API says of processes, field by field. Times are RFC 3339 UTC. */

export type ProcessStatus = 'running' | 'compensating' | 'completed' | 'compensated' | 'failed';

/** A step, and on what where it is done for several things. */
export interface Step {
  step: string;
  on?: string;
}

export interface Process {
  processId: string;
  domain: string;
  /** The type of its stream: `alert-escalation-process`. */
  type: string;
  subject: { type: string; id: string };
  key: string;
  status: ProcessStatus;
  startedAt: string;
  /** Since when it is as it is. */
  changedAt: string;
  correlationId: string;
  done: Step[];
  /** The step that it is at, or that failed. */
  step?: Step & { attempt: number };
  waitingFor?: string;
  /** When it looks again, whatever happens. */
  until?: string;
  /** Why its last step failed, or why it ended or is being undone. */
  reason?: string;
  version: number;
}
