import type { Actor } from '../types.ts';

export type FailureStatus = 'open' | 'ignored' | 'resolved';

/** All failures of one cause. */
export interface Failure {
  failureId: string;
  fingerprint: string;
  component: string;
  name: string;
  message: string;
  status: FailureStatus;
  count: number;
  firstAt: string;
  lastAt: string;
  /** How many came in an hour (`2026-01-02T03`), for the latest hours that had any. */
  hours: Readonly<Record<string, number>>;
  /** Streams that wait behind it. */
  affected: number;
  correlationId?: string;
  trace?: string;
  decision?: { by: Actor; at: string; reason?: string };
  version: number;
}

export interface FailureDetail extends Failure {
  stack?: string;
}

/** A stream as the failure met it. */
export interface Target {
  kind: 'read-model' | 'function';
  tenant: string;
  type: string;
  id: string;
  version: number;
}

export type StreamState = 'held' | 'failed' | 'redriven' | 'released';

export interface FailureStream extends Target {
  /** How a redrive names it. */
  stream: string;
  component: string;
  state: StreamState;
  since: string;
  lastAt: string;
  message: string;
  count: number;
  redrivenAt?: string;
  releasedAt?: string;
  correlationId?: string;
  /** How far the read model has followed the stream. */
  position?: number;
}

/** One entry in a failure's history. */
export interface Occurrence {
  version: number;
  type:
    | 'FailureOccurred'
    | 'FailureReopened'
    | 'FailureIgnored'
    | 'FailureResolved'
    | 'StreamRedriven'
    | 'StreamReleased';
  at: string;
  times?: number;
  message?: string;
  target?: Target;
  correlationId?: string;
  trace?: string;
  reason?: string;
  by?: Actor;
}
