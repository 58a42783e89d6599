import { readModelOfEverything } from '#shared/definition/read-model.ts';
import { type Actor, streamPath } from '#shared/messages/envelope.ts';

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

/** Streams stand in the list of their type, the one that grew last first. */
export const streams = readModelOfEverything({
  key: ({ stream }) => streamPath(stream),
  listed: ({ type, id, lastAt }: StreamRow) => ({ list: type, order: `${lastAt}#${id}` }),
  project: (row, { source, stream, version, time, type, actor }) => ({
    domain: source.replace(/^skafu\./, ''),
    type: stream.type,
    id: stream.id,
    version,
    firstAt: row?.firstAt ?? time,
    lastAt: time,
    lastType: type,
    lastActor: actor,
  }),
});
