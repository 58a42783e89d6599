import { type ListPlace, readModel } from '#shared/definition/read-model.ts';
import { failure } from '../failure/failure.ts';
import { type Target, targetKey } from '../failure/occurrence.ts';

/** A stream that a failure concerns, and how it stands. */
export interface FailureStreamRow extends Target {
  readonly failureId: string;
  /** The read model that waits, or the function that could not act. */
  readonly component: string;
  /** `held`: a read model waits. `failed`: a function could not act. `redriven`: delivered again, not heard of since. */
  readonly state: 'held' | 'failed' | 'redriven' | 'released';
  readonly since: string;
  readonly lastAt: string;
  readonly message: string;
  /** How often it failed, of those that were told one by one. */
  readonly count: number;
  readonly redrivenAt?: string;
  readonly releasedAt?: string;
  readonly correlationId?: string | undefined;
}

/** Streams that still wait, of all failures; the place of each begins with its failure. */
export const waiting = 'waiting';
export const done = 'done';
export const placeOf = (failureId: string) => `${failureId}#`;

function listed(row: FailureStreamRow): ListPlace {
  const isDone = row.state === 'released' || (row.state === 'redriven' && row.kind === 'function');
  return { list: isDone ? done : waiting, order: `${placeOf(row.failureId)}${row.since}#${targetKey(row)}` };
}

export const failureStreams = readModel({
  follows: failure,
  // Whatever concerns no stream still needs a key; it never makes a row.
  key: ({ stream, data }) => `${stream.id}/${keyIn(data)}`,
  listed,
  project: {
    FailureOccurred: (row, { stream, data }): FailureStreamRow | undefined => {
      const { target, component, at, times, message, correlationId } = data;
      if (!target) return row;
      const waits = row && row.state !== 'released' ? row : undefined;
      const { redrivenAt } = waits ?? {};
      return {
        failureId: stream.id,
        component,
        ...target,
        state: target.kind === 'read-model' ? 'held' : 'failed',
        since: waits?.since ?? at,
        lastAt: at,
        message,
        count: (row?.count ?? 0) + times,
        ...(redrivenAt ? { redrivenAt } : {}),
        correlationId,
      };
    },
    StreamRedriven: (row, { data }): FailureStreamRow | undefined =>
      row && { ...row, state: 'redriven', redrivenAt: data.at },
    StreamReleased: (row, { data }): FailureStreamRow | undefined =>
      row && { ...row, state: 'released', releasedAt: data.at },
  },
});

function keyIn(data: object): string {
  const target = 'target' in data ? data.target : data;
  return target && typeof target === 'object' && 'tenant' in target ? targetKey(target as Target) : 'none';
}
