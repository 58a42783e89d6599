import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type Next, type ProcessManager, processManager } from '../definition/process-manager.ts';
import { platformReactor } from '../definition/reactor.ts';
import type { EventStore } from '../event-store/event-store.ts';
import type { Envelope } from '../messages/envelope.ts';
import { processAggregate } from '../processes/process.ts';
import { close, count, counter } from '../testing/counter.ts';
import { createMemoryEventStore } from '../testing/memory-event-store.ts';
import { serveProcessManager } from './serve-process-manager.ts';
import { servePlatformReactor } from './serve-reactor.ts';

const tripProcess = processAggregate('testing/trip-process');

let store: EventStore;
/** What was done in the world, in order. */
let deeds: string[] = [];
/** What a deed does besides; to fail, or to die. */
let onDeed: (deed: string) => void | Promise<void> = () => {};

async function deed(name: string): Promise<void> {
  await onDeed(name);
  deeds.push(name);
}

/** Books a room and a car when the counter stands at one; takes both back when it is closed; goes after an hour. */
const bookTrip = processManager({
  process: tripProcess,
  follows: counter,
  key: ({ type }) => (type === 'Counted' || type === 'Closed' ? 'trip' : undefined),
  look: async ({ state }) => state,
  next: ({ closed, total }, done, now): Next => {
    if (closed) return { compensate: 'The trip was called off.' };
    if (total > 10) return { complete: 'Nobody travels so often.' };
    const missing = ['room', 'car'].find((on) => !done.some((step) => step.on === on));
    if (missing) return { step: 'book', on: missing };
    return now < '2026-03-01T11:00:00.000Z'
      ? { waitFor: 'the day of the trip', until: '2026-03-01T11:00:00.000Z' }
      : done.some(({ step }) => step === 'go')
        ? { complete: 'They have gone.' }
        : { step: 'go' };
  },
  steps: {
    book: {
      run: ({ on }) => deed(`book ${on}`),
      compensate: ({ on }) => deed(`cancel ${on}`),
    },
    go: { run: () => deed('go') },
  },
});

beforeEach(() => {
  // Metrics are lines on the standard output.
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-03-01T10:00:00.000Z') });
  store = createMemoryEventStore();
  deeds = [];
  onDeed = () => {};
  const settings = {
    SERVICE: 'testing',
    FUNCTION: 'book-trip',
    ENVIRONMENT: 'local',
    INSTALLATION_TENANT: 'skafu',
  };
  for (const [name, value] of Object.entries(settings)) vi.stubEnv(name, value);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

const minutesPass = (minutes: number) => vi.setSystemTime(Date.now() + minutes * 60_000);

/** Somebody counts, or closes the counter. Answers the event as the bus has it. */
async function act(what: 'count' | 'close'): Promise<Envelope> {
  const once = platformReactor({
    pattern: () => ({}),
    react: async (_, { execute }) =>
      void (await (what === 'count'
        ? execute(counter, 'skafu', 'c1', count, { by: 1 })
        : execute(counter, 'skafu', 'c1', close, {}))),
  });
  const id = crypto.randomUUID();
  const event = { id, source: 'test', 'detail-type': 'Test', time: '', resources: [], detail: {} };
  await servePlatformReactor(once, async () => store)(event);
  return last((await store.load({ tenant: 'skafu', type: 'counter', id: 'c1' })).events);
}

function deliver(event: Envelope, manager: ProcessManager<never, never> = bookTrip as never): Promise<void> {
  return serveProcessManager(manager, async () => store)({ id: 'bus', detail: event });
}

function last(events: readonly Envelope[]): Envelope {
  const event = events.at(-1);
  if (!event) throw new Error('Nothing was recorded.');
  return event;
}

/** The events of the one process about the counter, found by those whom the deliveries made. */
async function remembered(): Promise<readonly Envelope[]> {
  return (await store.load({ tenant: 'skafu', type: tripProcess.type, id: processId })).events;
}
// Of the manager's process, the tenant, the subject and the key: the same in every run.
const processId = await import('./ids.ts').then(({ idFrom }) =>
  idFrom('process', 'trip-process', 'skafu', 'counter', 'c1', 'trip'),
);
const told = async () =>
  (await remembered()).map(({ type, data }) => {
    const { step, on, outcome } = data as { step?: string; on?: string; outcome?: string };
    return [type.replace('Process', ''), step, on, outcome].filter(Boolean).join(' ');
  });
const wake = async () => deliver(last(await remembered()));

describe('a process manager', () => {
  test('does one step after the other, remembers each, and waits', async () => {
    await deliver(await act('count'));
    expect(deeds).toEqual(['book room', 'book car']);
    expect(await told()).toEqual([
      'Started',
      'StepStarted book room',
      'StepDone book room',
      'StepStarted book car',
      'StepDone book car',
      'Waiting',
    ]);
    expect(last(await remembered()).data).toEqual({
      for: 'the day of the trip',
      until: '2026-03-01T11:00:00.000Z',
    });
  });

  test('goes on when it is told of its own last event again and the time has come, and only then', async () => {
    await deliver(await act('count'));
    await wake();
    expect(last(await remembered()).type).toBe('ProcessWaiting');
    minutesPass(60);
    await wake();
    expect(deeds).toEqual(['book room', 'book car', 'go']);
    expect((await told()).slice(-2)).toEqual(['StepDone go', 'Ended completed']);
    await wake();
    expect(deeds).toHaveLength(3);
  });

  test('belongs to the lineage of the event that began it, also after it has waited', async () => {
    const event = await act('count');
    await deliver(event);
    minutesPass(60);
    await wake();
    const lineages = new Set((await remembered()).map(({ correlationId }) => correlationId));
    expect([...lineages]).toEqual([event.correlationId]);
  });

  test('remembers nothing of what it never had to do anything for', async () => {
    await act('count');
    await deliver(await act('close'));
    expect(await remembered()).toEqual([]);
  });

  test('takes back what was done, the last first, once that is decided', async () => {
    await deliver(await act('count'));
    await deliver(await act('close'));
    expect(deeds).toEqual(['book room', 'book car', 'cancel car', 'cancel room']);
    expect(last(await remembered()).data).toEqual({
      outcome: 'compensated',
      reason: 'The trip was called off.',
    });
  });

  test('needs nothing to take back a step that leaves nothing behind', async () => {
    const walk = processManager({
      ...bookTrip,
      follows: counter,
      key: () => 'trip',
      look: async ({ state }) => state,
      next: ({ closed }, done): Next =>
        closed ? { compensate: 'Tired.' } : done.length > 0 ? { waitFor: 'somebody' } : { step: 'go' },
    });
    await deliver(await act('count'), walk as never);
    await deliver(await act('close'), walk as never);
    expect(deeds).toEqual(['go']);
    expect((await told()).slice(-2)).toEqual(['StepCompensated go', 'Ended compensated']);
  });

  test('tries a step that failed again when its time has come, and not before', async () => {
    onDeed = () => {
      throw new Error('The hotel does not answer.');
    };
    await deliver(await act('count'));
    expect(last(await remembered()).data).toEqual({
      step: 'book',
      on: 'room',
      attempt: 1,
      reason: 'The hotel does not answer.',
      retryAt: '2026-03-01T10:01:00.000Z',
    });
    onDeed = () => {};
    await wake();
    expect(deeds).toEqual([]);
    minutesPass(1);
    await wake();
    expect(deeds).toEqual(['book room', 'book car']);
  });

  test('gives a step up after five attempts, and takes back what it may have done and those before it', async () => {
    onDeed = (name) => {
      if (name === 'book car') throw new Error('No cars.');
    };
    await deliver(await act('count'));
    for (const pause of [1, 5, 15, 60]) {
      minutesPass(pause);
      await wake();
    }
    // The car may have been booked all the same, whatever the error said.
    expect(deeds).toEqual(['book room', 'cancel car', 'cancel room']);
    expect((await told()).filter((each) => each === 'StepFailed book car')).toHaveLength(5);
    expect(last(await remembered()).data).toEqual({
      outcome: 'compensated',
      reason: 'The step book failed: No cars.',
    });
  });

  test('takes back also the step that is still tried when it is called off', async () => {
    onDeed = (name) => {
      if (name === 'book car') throw new Error('No cars.');
    };
    await deliver(await act('count'));
    await deliver(await act('close'));
    expect(deeds).toEqual(['book room', 'cancel car', 'cancel room']);
  });

  test('has failed when what was done cannot be taken back either', async () => {
    await deliver(await act('count'));
    onDeed = () => {
      throw new Error('They do not answer.');
    };
    await deliver(await act('close'));
    for (const pause of [1, 5, 15, 60]) {
      minutesPass(pause);
      await wake();
    }
    expect(last(await remembered()).data).toEqual({
      outcome: 'failed',
      reason: 'The step book failed: They do not answer.',
    });
  });

  test('does a step once when two deliveries meet', async () => {
    const event = await act('count');
    await Promise.all([deliver(event), deliver(event), deliver(event)]);
    await wake();
    expect(deeds).toEqual(['book room', 'book car']);
  });

  test('that died in a step begins it anew once nobody can be at it any more, but not for ever', async () => {
    const dead = new Error('dead');
    const dying: EventStore = {
      ...store,
      async append(head, events, ...rest) {
        if (events[0]?.type === 'ProcessStepDone') throw dead;
        return store.append(head, events, ...rest);
      },
    };
    const event = await act('count');
    const die = (detail: Envelope) => serveProcessManager(bookTrip, async () => dying)({ id: 'bus', detail });
    await expect(die(event)).rejects.toThrow(dead);
    await wake();
    expect(deeds).toEqual(['book room']);
    for (let attempt = 2; attempt <= 5; attempt++) {
      minutesPass(2);
      await expect(die(last(await remembered()))).rejects.toThrow(dead);
    }
    minutesPass(2);
    await wake();
    expect(deeds).toEqual([...Array.from({ length: 5 }, () => 'book room'), 'cancel room']);
    expect(last(await remembered()).data).toMatchObject({ outcome: 'compensated' });
  });

  test('refuses a step that it does not have, which is then told as failed', async () => {
    const lost = processManager({
      ...bookTrip,
      follows: counter,
      key: () => 'trip',
      look: async () => undefined,
      next: (): Next => ({ step: 'fly' }),
    });
    await deliver(await act('count'), lost as never);
    expect(last(await remembered()).data).toMatchObject({
      reason: 'The process trip-process has no step fly.',
    });
  });

  test('says so when its decisions go round in circles', async () => {
    const restless = processManager({
      ...bookTrip,
      follows: counter,
      key: () => 'trip',
      look: async () => undefined,
      next: (_, done): Next => ({ step: 'go', on: `${done.length}` }),
    });
    await expect(deliver(await act('count'), restless as never)).rejects.toThrow('does not come to rest');
  });

  test('does not know processes that never began', async () => {
    const event = await act('count');
    const stranger = { ...event, stream: { type: tripProcess.type, id: 'nobody' } };
    await deliver(stranger);
    expect(deeds).toEqual([]);
  });

  test('repeats nothing, in whatever order and however often its events are delivered', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(), { maxLength: 12 }), async (choices) => {
        store = createMemoryEventStore();
        deeds = [];
        vi.setSystemTime(new Date('2026-03-01T10:00:00.000Z'));
        const heard = [await act('count')];
        await deliver(last(heard));
        for (const choice of choices) {
          const all = [...heard, ...(await remembered())];
          await deliver(all[choice % all.length] as Envelope);
        }
        minutesPass(60);
        await wake();
        expect(deeds).toEqual(['book room', 'book car', 'go']);
      }),
      { numRuns: 50 },
    );
  });
});
