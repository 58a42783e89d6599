import { aggregate } from '#shared/definition/aggregate.ts';
import { readModel, readModelOfEverything, remove } from '#shared/definition/read-model.ts';
import { streamPath } from '#shared/messages/envelope.ts';
import { Counted, counter } from '#shared/testing/counter.ts';

/** One row per counter that is open, listed by its total. */
export interface Total {
  readonly counterId: string;
  readonly total: number;
  readonly version: number;
}

const padded = (number: number) => `${number}`.padStart(6, '0');

export const totals = readModel({
  follows: counter,
  listed: ({ counterId, total }: Total) => ({ list: 'all', order: `${padded(total)}#${counterId}` }),
  project: {
    Counted: (row, { stream, data, version }) => ({
      counterId: stream.id,
      total: (row?.total ?? 0) + data.by,
      version,
    }),
    Closed: () => remove,
  },
});

/** One row per step of a counter; one that closes takes back its last step. */
export interface Step {
  readonly counterId: string;
  readonly by: number;
  readonly version: number;
}

export const steps = readModel({
  follows: counter,
  key: ({ type, stream, version }) => `${stream.id}/${type === 'Closed' ? version - 1 : version}`,
  listed: ({ counterId, version }: Step) => ({ list: counterId, order: padded(version) }),
  project: {
    Counted: (_, { stream, data, version }) => ({ counterId: stream.id, by: data.by, version }),
    Closed: (row) => row && remove,
  },
});

/** Counts as a counter does, of another type. */
export const timer = aggregate('testing/timer', {
  events: [Counted],
  initial: counter.initial,
  evolve: counter.evolve,
});

/** One row per tenant, joined from every counter and every timer of it. */
export interface Sum {
  readonly counters: number;
  readonly timers: number;
}

export const sums = readModel({
  follows: [counter, timer],
  key: ({ tenant }) => `sum-of-${tenant}`,
  listed: ({ counters }: Sum) => ({ list: 'sums', order: padded(counters) }),
  project: {
    Counted: (row = { counters: 0, timers: 0 }, { stream, data }) =>
      stream.type === 'counter'
        ? { ...row, counters: row.counters + data.by }
        : { ...row, timers: row.timers + data.by },
  },
});

/** One row per stream of whatever type. */
export const everyStream = readModelOfEverything<{ path: string; types: readonly string[] }>({
  key: ({ stream }) => streamPath(stream),
  listed: ({ path }) => ({ list: 'streams', order: path }),
  project: (row, { stream, type }) => ({ path: streamPath(stream), types: [...(row?.types ?? []), type] }),
});
