import fc from 'fast-check';
import type { ReadModel } from '#shared/definition/read-model.ts';
import { everyStream, steps, sums, totals } from './models.ts';

/** The read models that follow the streams, by name: each kind that there is. */
export const models = { totals, steps, sums, everyStream } as const satisfies Record<string, ReadModel>;
export type ModelName = keyof typeof models;
export const modelNames = Object.keys(models) as ModelName[];

/** The types of the streams that a run has, at their indexes. */
export const streamTypes = ['counter', 'counter', 'counter', 'timer', 'timer'] as const;

/**
 * What befalls a process at its write: it dies before it is sent, or after it was done and before that is known; or the
 * answer is lost, and the client sends it twice.
 */
export type Crash = 'never' | 'before' | 'after' | 'twice';

/** What a command is to do: count by so much so many times, in one commit, or close. */
export interface Intent {
  readonly by: number;
  readonly times: number;
  readonly close: boolean;
}

export interface CommandStep {
  readonly step: 'command';
  readonly stream: number;
  readonly intent: Intent;
  readonly crash: Crash;
  /** The caller sends it once more although it was answered. */
  readonly repeated: boolean;
}

export interface SnapshotStep {
  readonly step: 'snapshot';
  readonly stream: number;
  /** Made by other code: its state is nonsense to ours. */
  readonly stale: boolean;
  readonly crash: Crash;
}

export interface DeliveryStep {
  readonly step: 'delivery';
  /** Which of the events published so far; one never picked was dropped, one picked late was delayed. */
  readonly pick: number;
  readonly model: ModelName;
  /** So large that it came without its data. */
  readonly bare: boolean;
  readonly crash: Crash;
}

export type Step = CommandStep | SnapshotStep | DeliveryStep;

const crash = fc.oneof(
  { arbitrary: fc.constant<Crash>('never'), weight: 4 },
  { arbitrary: fc.constantFrom<Crash>('before', 'after', 'twice'), weight: 1 },
);
const stream = fc.nat(streamTypes.length - 1);
const seldom = fc.nat(9).map((roll) => roll === 9);

const command: fc.Arbitrary<Step> = fc.record({
  step: fc.constant('command' as const),
  stream,
  intent: fc.record({ by: fc.nat(9), times: fc.integer({ min: 1, max: 3 }), close: seldom }),
  crash,
  repeated: fc.boolean(),
});

const snapshot: fc.Arbitrary<Step> = fc.record({
  step: fc.constant('snapshot' as const),
  stream,
  stale: fc.boolean(),
  crash,
});

const delivery: fc.Arbitrary<Step> = fc.record({
  step: fc.constant('delivery' as const),
  pick: fc.nat(),
  model: fc.constantFrom(...modelNames),
  bare: seldom,
  crash,
});

/** What each of several processes does, one step after the other; the processes run side by side. */
export const scripts: fc.Arbitrary<readonly (readonly Step[])[]> = fc
  .tuple(
    fc.array(fc.array(command, { minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 4 }),
    fc.array(fc.array(snapshot, { minLength: 1, maxLength: 3 }), { maxLength: 2 }),
    fc.array(fc.array(delivery, { minLength: 1, maxLength: 12 }), { maxLength: 3 }),
  )
  .map((kinds) => kinds.flat());
