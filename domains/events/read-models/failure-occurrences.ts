import { readModel } from '#shared/definition/read-model.ts';
import type { Actor } from '#shared/messages/envelope.ts';
import { failure } from '../failure/failure.ts';
import type { Target } from '../failure/occurrence.ts';

/** One entry in the history of a failure: an occurrence, or several, or what somebody decided. */
export interface FailureOccurrenceRow {
  readonly failureId: string;
  readonly version: number;
  readonly type: string;
  readonly at: string;
  readonly times?: number;
  readonly message?: string;
  readonly stack?: string | undefined;
  readonly target?: Target | undefined;
  readonly stream?: string | undefined;
  readonly correlationId?: string | undefined;
  readonly trace?: string | undefined;
  readonly reason?: string | undefined;
  readonly by?: Actor;
}

/** Texts sort as the versions do. */
const padded = (version: number) => `${version}`.padStart(12, '0');
export const occurrenceKey = (failureId: string, version: number) => `${failureId}/${padded(version)}`;

type Entry = { type: string; stream: { id: string }; version: number; time: string; actor: Actor };
const entry = ({ type, stream, version, time, actor }: Entry) =>
  ({ failureId: stream.id, version, type, at: time, by: actor }) as const;
const targetOf = ({ kind, tenant, type, id, version }: Target): Target => ({
  kind,
  tenant,
  type,
  id,
  version,
});

/** What happened to each failure, newest first. */
export const failureOccurrences = readModel({
  follows: failure,
  key: (event) => occurrenceKey(event.stream.id, event.version),
  listed: ({ failureId, version }: FailureOccurrenceRow) => ({ list: failureId, order: padded(version) }),
  project: {
    FailureOccurred: (_, event) => {
      const { at, times, message, stack, target, stream, correlationId, trace } = event.data;
      const { by: __, ...common } = entry(event);
      return { ...common, at, times, message, stack, target, stream, correlationId, trace };
    },
    FailureReopened: (_, event) => ({ ...entry(event), reason: event.data.reason }),
    FailureIgnored: (_, event) => ({ ...entry(event), reason: event.data.reason }),
    FailureResolved: (_, event) => ({ ...entry(event), reason: event.data.reason }),
    StreamRedriven: (_, event) => ({ ...entry(event), target: targetOf(event.data) }),
    StreamReleased: (_, event) => ({ ...entry(event), target: targetOf(event.data) }),
  },
});
