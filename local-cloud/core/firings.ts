import type { Clock } from './clock.ts';
import type { Logger } from './logger.ts';
import type { StateNamespace } from './state.ts';

/** What is kept of something scheduled, so that a restart neither repeats a firing nor shifts a rate. */
interface Firing {
  expression: string;
  /** Epoch milliseconds from which a rate counts. */
  anchor: number;
  /** Epoch milliseconds of the last firing that was due. */
  last: number;
}

export interface FiringWrite {
  put: string;
  value: unknown;
}

/** Something that is due again and again, or once; all times in epoch milliseconds. */
export interface Timed {
  /** Names it among all. */
  readonly id: string;
  /** What its rhythm depends on: with another text it begins anew. */
  readonly expression: string;
  /** How late a firing may still be, such as one that was due while nothing ran; 0 where those are skipped. */
  readonly lateness?: number;
  /** Spreads firings at random over so many milliseconds after they are due; at most the lateness. */
  readonly spread?: number;
  /** The first time after `after`, or undefined when there is none. */
  next(after: number, anchor: number): number | undefined;
  /** Does what is due. Unless `writes` are kept in the same batch as what it does, a crash may do it twice. */
  fire(due: number, writes: FiringWrite[]): Promise<void>;
  /** Told when nothing more will be due after something was. */
  over?(): Promise<void>;
}

/** Fires what is scheduled when it is due. */
export interface Firings {
  start(all: Iterable<Timed>): Promise<void>;
  /** Begins with it, or looks again once it has changed; before the start nothing happens. */
  put(timed: Timed): Promise<void>;
  /** Keeps it, and fires no more. */
  pause(id: string): void;
  remove(id: string): Promise<void>;
  /** When it is due next, as far as that is known. */
  nextOf(id: string): number | undefined;
  stop(): Promise<void>;
}

const keyOf = (id: string) => `schedule/${id}`;

export function createFirings(logger: Logger, state: StateNamespace, clock: Clock): Firings {
  const now = () => clock.now();
  /** How each wait is called off. */
  const waits = new Map<string, () => void>();
  const dues = new Map<string, number>();
  /** Who looked last at each; whoever finds another one there after having waited for the disk has been overtaken. */
  const looks = new Map<string, symbol>();
  const running = new Set<Promise<void>>();
  let started = false;

  function pause(id: string): void {
    waits.get(id)?.();
    waits.delete(id);
    dues.delete(id);
    looks.delete(id);
  }

  async function arm(timed: Timed): Promise<void> {
    pause(timed.id);
    if (!started) return;
    const { id, expression, lateness = 0, spread = 0 } = timed;
    const look = Symbol(id);
    looks.set(id, look);
    const known = await state.get<Firing>(keyOf(id));
    const isKnown = known?.expression === expression;
    // What is due in the very moment in which it is made is due.
    const made = now();
    const firing = known && isKnown ? known : { expression, anchor: made, last: made - 1 };
    if (!isKnown) await state.put(keyOf(id), firing);
    const after = isKnown ? Math.max(firing.last, now() - 1 - lateness) : firing.last;
    const due = timed.next(after, firing.anchor);
    if (!started || looks.get(id) !== look) return;
    if (due === undefined) {
      if (isKnown) await timed.over?.();
      return;
    }
    dues.set(id, due);
    wait(timed, firing, due, due + Math.floor(Math.random() * spread));
  }

  function wait(timed: Timed, firing: Firing, due: number, at: number): void {
    const callOff = clock.after(at - now(), `what is scheduled: ${timed.id}`, () => {
      const work = fire(timed, firing, due, callOff)
        .catch((error: unknown) =>
          logger.error('What was scheduled did not fire.', { id: timed.id, error: String(error) }),
        )
        .finally(() => running.delete(work));
      running.add(work);
    });
    waits.set(timed.id, callOff);
  }

  async function fire(timed: Timed, firing: Firing, due: number, wait: () => void): Promise<void> {
    await timed.fire(due, [{ put: keyOf(timed.id), value: { ...firing, last: due } }]);
    // Whoever put or paused it in the meantime has armed it as it is now.
    if (started && waits.get(timed.id) === wait) await arm(timed);
  }

  return {
    async start(all) {
      started = true;
      for (const timed of all) await arm(timed);
    },
    put: arm,
    pause,
    async remove(id) {
      pause(id);
      await state.delete(keyOf(id));
    },
    nextOf: (id) => dues.get(id),
    async stop() {
      started = false;
      for (const callOff of waits.values()) callOff();
      waits.clear();
      await Promise.all(running);
    },
  };
}
