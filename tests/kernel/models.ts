import { readModel, remove } from '#shared/definition/read-model.ts';
import { counter } from '#shared/testing/counter.ts';

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
