import type { Clock } from '../../core/clock.ts';
import type { StateNamespace } from '../../core/state.ts';
import type { HistoryEvent } from './history.ts';
import { Line, type Position } from './line.ts';
import { StateError } from './state-error.ts';

type Write = { put: string; value: unknown } | { delete: string };

/** What an execution has done and where its lines stand; written together, so that the one always fits the other. */
export interface Journal {
  /** Every event so far, in order. */
  readonly events: readonly HistoryEvent[];
  record(type: string, details: Record<string, unknown>, previousEventId: number): HistoryEvent;
  lineAt(path: string): Line | undefined;
  begin(path: string, position: Position): Line;
  changed(line: Line): void;
  /** Forgets the lines beneath a path. */
  forgetWithin(path: string): void;
  /** Forgets every line: nothing goes on. */
  forgetLines(): void;
  /** Lines that did not end begin their state's next attempt as if it were the first. */
  giveAnotherChance(): void;
  /** A write that goes with the next ones. */
  also(write: Write): void;
  /** Resolves once all that has happened so far is on disk. */
  save(): Promise<void>;
}

/** AWS ends an execution of a STANDARD machine whose history is full. */
const mostEvents = 25_000;

const historyPrefix = (arn: string) => `history/${arn}/`;
const linePrefix = (arn: string) => `line/${arn}/`;
/** Paths begin with a slash or are empty; the dot keeps the execution's own line apart from its ARN's end. */
const lineKey = (arn: string, path: string) => `${linePrefix(arn)}.${path}`;

export interface KeptJournal {
  events: HistoryEvent[];
  lines: { path: string; position: Position }[];
}

/** What is on disk of an execution besides its record. */
export async function readJournal(state: StateNamespace, arn: string): Promise<KeptJournal> {
  const prefix = lineKey(arn, '');
  const lines = await state.list<Position>(prefix);
  return {
    events: await readHistory(state, arn),
    lines: lines.map(({ key, value }) => ({ path: key.slice(prefix.length), position: value })),
  };
}

export async function readHistory(state: StateNamespace, arn: string): Promise<HistoryEvent[]> {
  return (await state.list<HistoryEvent>(historyPrefix(arn))).map(({ value }) => value);
}

/** The writes that remove what is kept of an execution besides its record. */
export async function removalOfJournal(state: StateNamespace, arn: string): Promise<Write[]> {
  const all = await Promise.all([state.list(historyPrefix(arn)), state.list(linePrefix(arn))]);
  return all.flat().map(({ key }) => ({ delete: key }));
}

/**
 * The journal of one execution. Without a `state` it is kept in memory alone. `onEvent` is told of each new event.
 */
export function createJournal(
  arn: string,
  kept: KeptJournal,
  onEvent: (event: HistoryEvent) => void,
  clock: Clock,
  state?: StateNamespace,
): Journal {
  const events = [...kept.events];
  const lines = new Map<string, Line>();
  let unwritten: HistoryEvent[] = [];
  let others: Write[] = [];
  const dirty = new Map<string, Line | undefined>();
  let saving: Promise<void> | undefined;

  function writes(): Write[] {
    const all: Write[] = [
      ...unwritten.map((event) => ({
        put: historyPrefix(arn) + String(event.id).padStart(8, '0'),
        value: event,
      })),
      ...[...dirty].map(([path, line]): Write => {
        const key = lineKey(arn, path);
        return line ? { put: key, value: { ...line.position } } : { delete: key };
      }),
      ...others,
    ];
    unwritten = [];
    others = [];
    dirty.clear();
    return all;
  }

  const journal: Journal = {
    events,
    record(type, details, previousEventId) {
      const id = (events.at(-1)?.id ?? 0) + 1;
      if (state && id >= mostEvents && !/^Execution/u.test(type)) throw new HistoryFull();
      const event = { id, previousEventId, timestamp: clock.now(), type, details };
      events.push(event);
      if (state) unwritten.push(event);
      onEvent(event);
      return event;
    },
    lineAt: (path) => lines.get(path),
    begin(path, position) {
      const line = new Line(path, position, journal);
      lines.set(path, line);
      journal.changed(line);
      return line;
    },
    changed(line) {
      if (state) dirty.set(line.path, line);
    },
    forgetWithin(path) {
      for (const inner of lines.keys()) {
        if (!inner.startsWith(`${path}/`)) continue;
        lines.delete(inner);
        if (state) dirty.set(inner, undefined);
      }
    },
    forgetLines() {
      journal.forgetWithin('');
      lines.delete('');
      if (state) dirty.set('', undefined);
    },
    giveAnotherChance() {
      for (const line of lines.values()) {
        if (!line.position.ended) line.change({ retries: undefined, retryAt: undefined, task: undefined });
      }
    },
    also: (write) => void others.push(write),
    save() {
      if (!state) return Promise.resolve();
      // Taken when nothing more happens in this turn, so that what follows from one another is written as one.
      saving ??= new Promise<void>((resolve, reject) => {
        setImmediate(() => {
          saving = undefined;
          state.batch(writes()).then(resolve, reject);
        });
      });
      return saving;
    },
  };
  for (const { path, position } of kept.lines) lines.set(path, new Line(path, position, journal));
  return journal;
}

/** No more events fit; nothing catches this. */
export class HistoryFull extends StateError {
  constructor() {
    super('States.Runtime', `The execution reached the maximum number of history events (${mostEvents}).`);
  }
}
