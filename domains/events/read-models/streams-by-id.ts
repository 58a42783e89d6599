import { readModelOfEverything } from '#shared/definition/read-model.ts';
import { type StreamRow, streamRow } from './streams.ts';

/** The streams of a type once more, in the order of their ids: a row stands in one list, and a search goes by the id. */
export const streamsById = readModelOfEverything<StreamRow>({
  ...streamRow,
  listed: ({ type, id }) => ({ list: type, order: id }),
});
