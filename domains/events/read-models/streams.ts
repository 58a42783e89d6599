import { readModelOfEverything } from '#shared/definition/read-model.ts';
import { type Actor, type Envelope, streamPath } from '#shared/messages/envelope.ts';

/** One row per stream of whatever domain: what it is, and how it last grew. */
export interface StreamRow {
  readonly domain: string;
  readonly type: string;
  readonly id: string;
  readonly version: number;
  readonly firstAt: string;
  readonly lastAt: string;
  readonly lastType: string;
  readonly lastActor: Actor;
}

/** The key and the content of a stream's row, in whichever order its list stands. */
export const streamRow = {
  key: ({ stream }: Envelope) => streamPath(stream),
  project: (
    row: StreamRow | undefined,
    { source, stream, version, time, type, actor }: Envelope,
  ): StreamRow => ({
    domain: source.replace(/^skafu\./, ''),
    type: stream.type,
    id: stream.id,
    version,
    firstAt: row?.firstAt ?? time,
    lastAt: time,
    lastType: type,
    lastActor: actor,
  }),
};

/** Streams stand in the list of their type, the one that grew last first. */
export const streams = readModelOfEverything<StreamRow>({
  ...streamRow,
  listed: ({ type, id, lastAt }) => ({ list: type, order: `${lastAt}#${id}` }),
});
