import { readModelOfEverything } from '#shared/definition/read-model.ts';
import type { Actor } from '#shared/messages/envelope.ts';

/** One row per event: all but its data, which the store alone keeps. */
export interface RecordedEventRow {
  readonly domain: string;
  readonly stream: { readonly type: string; readonly id: string };
  readonly version: number;
  readonly commit: number;
  readonly type: string;
  readonly time: string;
  readonly actor: Actor;
  readonly correlationId: string;
  readonly causationId: string;
  readonly trace?: string;
}

/** Texts sort as the versions do. */
const padded = (version: number) => `${version}`.padStart(12, '0');

/** Events stand in the list of their correlation id, in the order of time. */
export const recordedEvents = readModelOfEverything<RecordedEventRow>({
  key: ({ id }) => id,
  listed: ({ correlationId, time, stream, version }) => ({
    list: correlationId,
    order: `${time}#${stream.type}#${stream.id}#${padded(version)}`,
  }),
  project: (_, event) => ({
    domain: event.source.replace(/^skafu\./, ''),
    stream: { type: event.stream.type, id: event.stream.id },
    version: event.version,
    commit: event.commit,
    type: event.type,
    time: event.time,
    actor: event.actor,
    correlationId: event.correlationId,
    causationId: event.causationId,
    ...(event.trace === undefined ? {} : { trace: event.trace }),
  }),
});
