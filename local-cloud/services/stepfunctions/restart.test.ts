import fc from 'fast-check';
import { expect, test } from 'vitest';
import { administrator } from '../../core/access.ts';
import type { Invocation } from '../../core/cloud.ts';
import { createMemoryState } from '../../core/memory-state.ts';
import type { AwsRequest, Service } from '../../core/service.ts';
import type { StateNamespace, StateStore } from '../../core/state.ts';
import { createTestCloud, testResource } from '../../core/testing.ts';
import { checkedKey } from './definition-check.ts';
import type { HistoryEvent } from './history.ts';
import { createStepFunctions } from './index.ts';
import { randomMachine } from './random-machine.ts';
import { failure, machineArn, never, roleArn } from './testing.ts';

const runs = process.env['SKAFU_DEEP'] === '1' ? 300 : 25;

/** What lasts when a process is killed: the disk, and what was asked of the world. */
interface World {
  disk: StateStore;
  /** The states whose task was done. */
  effects: Set<string>;
  /** Tokens that nobody has answered yet. */
  tokens: Map<string, unknown>;
}

/** A process over the disk. Killed, it writes no more, and nothing that it waits for ever comes. */
async function begin(world: World, definition: string, liveFor: number) {
  let left = liveFor;
  let dead = false;
  let onDeath: () => void = () => undefined;
  const death = new Promise<void>((resolve) => {
    onDeath = resolve;
  });
  /** Each write and each call is a moment at which the process may be killed, before it or after it. */
  const moment = async <T>(work: () => Promise<T>): Promise<T> => {
    const dies = () => {
      left -= 1;
      if (left <= 0) {
        dead = true;
        onDeath();
      }
      return dead;
    };
    if (dead || dies()) return (await never()) as T;
    const result = await work();
    return dead || dies() ? ((await never()) as T) : result;
  };
  const mortal = (namespace: StateNamespace): StateNamespace => ({
    ...namespace,
    put: (key, value) => moment(() => namespace.put(key, value)),
    delete: (key) => moment(() => namespace.delete(key)),
    batch: (writes) => moment(() => namespace.batch(writes)),
  });
  const cloud = createTestCloud({ state: { namespace: (name) => mortal(world.disk.namespace(name)) } });
  const service = await createStepFunctions(cloud);
  cloud.ports.functions = {
    invoke: (_, payload) => moment(async () => perform(world, payload as Payload)),
    enqueue: () => Promise.resolve(),
  };
  const desired = { name: 'm', type: 'STANDARD', role_arn: roleArn, definition };
  const apply = service.resources['aws_sfn_state_machine']?.apply(
    testResource('aws_sfn_state_machine', 'm', desired),
    undefined,
  );
  await Promise.race([apply, death]);
  return { service, cloud, death, isDead: () => dead };
}

interface Payload {
  state: string;
  failures: number;
  retries: number;
  given: unknown;
  token?: string;
}

function perform(world: World, { state, failures, retries, given, token }: Payload): Invocation {
  if (retries < failures) return failure('Again');
  world.effects.add(`${state} ${JSON.stringify(given)}`);
  const payload = { state, given };
  if (token !== undefined) world.tokens.set(token, payload);
  return { payload, requestId: 'r' };
}

const request = { headers: {}, caller: administrator } as AwsRequest;

async function ask(service: Service, operation: string, input: Record<string, unknown>) {
  return (await service.operations?.[operation]?.(input, request)) as Record<string, unknown>;
}

/** Runs the machine to its end, over as many processes as it takes. */
async function execute(definition: string, lives: number[]) {
  const world: World = { disk: createMemoryState(), effects: new Set(), tokens: new Map() };
  await world.disk.namespace('stepfunctions').put(checkedKey(definition, 'STANDARD'), true);
  const executionArn = 'arn:aws:states:us-east-1:000000000000:execution:m:x';
  let isStarted = false;
  for (const liveFor of [...lives, Number.POSITIVE_INFINITY]) {
    const { service, cloud, death, isDead } = await begin(world, definition, liveFor);
    const orDeath = <T>(work: Promise<T>) => Promise.race([work, death]);
    try {
      if (isDead()) continue;
      await orDeath(service.resume?.() ?? Promise.resolve());
      if (!isStarted) {
        const start = { stateMachineArn: machineArn, name: 'x', input: '{}' };
        isStarted = (await orDeath(ask(service, 'StartExecution', start).then(() => true))) === true;
        if (!isStarted) {
          const kept = await world.disk.namespace('stepfunctions').get(`execution/${executionArn}`);
          isStarted = kept !== undefined;
        }
      }
      while (!isDead()) {
        for (const [taskToken, payload] of world.tokens) {
          const told = ask(service, 'SendTaskSuccess', { taskToken, output: JSON.stringify(payload) }).then(
            () => world.tokens.delete(taskToken),
            () => world.tokens.delete(taskToken),
          );
          await orDeath(told);
        }
        const { status, output } = await ask(service, 'DescribeExecution', { executionArn });
        if (status !== 'RUNNING') {
          const { events } = await ask(service, 'GetExecutionHistory', { executionArn, maxResults: 1000 });
          const left = await world.disk.namespace('stepfunctions').list();
          return { status, output, events: events as HistoryEvent[], effects: world.effects, left };
        }
        await new Promise(setImmediate);
      }
    } finally {
      cloud.remove();
    }
  }
  throw new Error('It never ended.');
}

/** How often each step is in a history. */
function stepsOf(events: HistoryEvent[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const event of events as (HistoryEvent & Record<string, { name?: string } | undefined>)[]) {
    const name = (event['stateEnteredEventDetails'] ?? event['stateExitedEventDetails'])?.name ?? '';
    counts[`${event.type} ${name}`] = (counts[`${event.type} ${name}`] ?? 0) + 1;
  }
  return counts;
}

test('an execution that is killed at any moment ends as one that never was, each step once in its history', {
  timeout: 600_000,
}, async () => {
  const lives = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(randomMachine, lives, async (machine, killedAfter) => {
      const definition = JSON.stringify(machine);
      const whole = await execute(definition, []);
      const broken = await execute(definition, killedAfter);
      expect(whole.status).toBe('SUCCEEDED');
      expect([broken.status, broken.output]).toEqual([whole.status, whole.output]);
      expect(broken.events.map(({ id }) => id)).toEqual(broken.events.map((_, index) => index + 1));
      expect(stepsOf(broken.events)).toEqual(stepsOf(whole.events));
      expect(broken.effects).toEqual(whole.effects);
      const besides = broken.left.filter(({ key }) => /^(?:line|token)\//u.test(key));
      expect(besides).toEqual([]);
    }),
    { numRuns: runs },
  );
});
