import { readModel } from '#shared/definition/read-model.ts';
import type { Actor } from '#shared/messages/envelope.ts';
import { failure } from '../failure/failure.ts';

export type FailureStatus = 'open' | 'ignored' | 'resolved';

/** All failures of one cause. */
export interface FailureRow {
  readonly failureId: string;
  readonly fingerprint: string;
  readonly component: string;
  readonly name: string;
  readonly message: string;
  readonly status: FailureStatus;
  readonly count: number;
  readonly firstAt: string;
  readonly lastAt: string;
  /** How many came in each hour (`2026-01-02T03`), for the latest hours that had any. */
  readonly hours: Readonly<Record<string, number>>;
  /** Streams that wait behind it. */
  readonly affected: number;
  readonly correlationId?: string | undefined;
  readonly trace?: string | undefined;
  /** Of the event that holds the stack, in the list of occurrences. */
  readonly stackVersion?: number;
  /** Who gave it its status, when and why; nobody did while it is as it began. */
  readonly decision?: { readonly by: Actor; readonly at: string; readonly reason?: string | undefined };
  readonly version: number;
}

const keptHours = 24;

/** The failures of each status, that which came last first. */
export const failures = readModel({
  follows: failure,
  listed: ({ status, lastAt, failureId }: FailureRow) => ({ list: status, order: `${lastAt}#${failureId}` }),
  project: {
    FailureOccurred: (row, { stream, version, data }): FailureRow => {
      const { fingerprint, component, name, message, at, times, correlationId, trace } = data;
      const hour = at.slice(0, 13);
      const hours = { ...row?.hours, [hour]: (row?.hours[hour] ?? 0) + times };
      const latest = !row || at >= row.lastAt;
      return {
        ...(row ?? { failureId: stream.id, fingerprint, component, status: 'open', firstAt: at }),
        name: latest ? name : row.name,
        message: latest ? message : row.message,
        // Of the last that knows its own: one without should not hide where to look.
        correlationId: (latest && correlationId) || row?.correlationId,
        trace: (latest && trace) || row?.trace,
        count: (row?.count ?? 0) + times,
        lastAt: latest ? at : row.lastAt,
        hours: Object.fromEntries(Object.entries(hours).sort().slice(-keptHours)),
        affected: (row?.affected ?? 0) + (data.newlyAffected ? 1 : 0),
        ...(data.stack ? { stackVersion: version } : {}),
        version,
      };
    },
    FailureReopened: (row, { version, actor, time, data }): FailureRow | undefined =>
      row && { ...row, status: 'open', decision: { by: actor, at: time, reason: data.reason }, version },
    FailureIgnored: (row, { version, actor, time, data }): FailureRow | undefined =>
      row && { ...row, status: 'ignored', decision: { by: actor, at: time, reason: data.reason }, version },
    FailureResolved: (row, { version, actor, time, data }): FailureRow | undefined =>
      row && { ...row, status: 'resolved', decision: { by: actor, at: time, reason: data.reason }, version },
    StreamRedriven: (row, { version, data }): FailureRow | undefined =>
      row && { ...row, affected: row.affected - (data.kind === 'function' ? 1 : 0), version },
    StreamReleased: (row, { version }): FailureRow | undefined =>
      row && { ...row, affected: row.affected - 1, version },
  },
});
