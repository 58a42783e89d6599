import type { StateNamespace } from '../../core/state.ts';
import type { Event } from './event.ts';
import { compilePattern, type EventMatcher } from './pattern.ts';

export interface Archive {
  readonly name: string;
  readonly arn: string;
  readonly busName: string;
  readonly busArn: string;
  readonly description: string | undefined;
  readonly eventPattern: string | undefined;
  /** Days; 0 keeps events for good. */
  readonly retentionDays: number;
  /** Epoch milliseconds. */
  readonly createdAt: number;
}

/** One event as an archive keeps it. */
export interface ArchivedEvent {
  readonly event: Event;
  /** Epoch milliseconds at which it came. */
  readonly at: number;
}

type Write = { put: string; value: unknown };

const day = 86_400_000;
const sweepEvery = 3_600_000;
const timeKey = (milliseconds: number) => String(milliseconds).padStart(15, '0');
const prefixOf = (name: string) => `archive/${name}/`;

/** The archives that stand, and the events that they keep, in the order in which they came. */
export class Archives {
  readonly #state: StateNamespace;
  readonly #archives = new Map<string, { archive: Archive; matches: EventMatcher }>();
  readonly #busNames = new Set<string>();
  #sequence = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(state: StateNamespace) {
    this.#state = state;
  }

  put(archive: Archive): void {
    const matches = archive.eventPattern === undefined ? () => true : compilePattern(archive.eventPattern);
    this.#archives.set(archive.name, { archive, matches });
    this.#busNames.add(archive.busName);
  }

  /** Removes an archive with its events. */
  async remove(name: string): Promise<void> {
    this.#archives.delete(name);
    const events = await this.#state.list(prefixOf(name));
    await this.#state.batch(events.map(({ key }) => ({ delete: key })));
  }

  get(name: string): Archive | undefined {
    return this.#archives.get(name)?.archive;
  }

  all(): Archive[] {
    return [...this.#archives.values()].map(({ archive }) => archive);
  }

  /** What has to be written so that each archive of the bus keeps the event; a replayed one is kept already. */
  writesFor(busName: string, event: Event, now = Date.now()): Write[] {
    if (!this.#busNames.has(busName) || event['replay-name'] !== undefined) return [];
    return [...this.#archives.values()]
      .filter(({ archive, matches }) => archive.busName === busName && matches(event))
      .map(({ archive: { name } }) => ({
        put: `${prefixOf(name)}${timeKey(now)}-${String(++this.#sequence).padStart(10, '0')}-${event.id}`,
        value: { event, at: now } satisfies ArchivedEvent,
      }));
  }

  /** The next events of an archive from a time on, or after a key of an earlier page. */
  async page(name: string, from: number, after: string | undefined, limit: number) {
    const start = after ?? `${prefixOf(name)}${timeKey(from)}`;
    return this.#state.list<ArchivedEvent>(prefixOf(name), { after: start, limit });
  }

  /** How many events an archive keeps, and their size in bytes. */
  async sizeOf(name: string): Promise<{ count: number; bytes: number }> {
    const events = await this.#state.list(prefixOf(name));
    const bytes = events.reduce((sum, { value }) => sum + Buffer.byteLength(JSON.stringify(value)), 0);
    return { count: events.length, bytes };
  }

  /** Forgets what is older than each archive keeps, now and every hour. */
  async start(): Promise<void> {
    this.#timer = setInterval(() => void this.forgetOld(), sweepEvery).unref();
    await this.forgetOld();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  async forgetOld(now = Date.now()): Promise<void> {
    for (const { name, retentionDays } of this.all()) {
      if (retentionDays === 0) continue;
      const oldest = `${prefixOf(name)}${timeKey(now - retentionDays * day)}`;
      for (;;) {
        const events = (await this.#state.list(prefixOf(name), { limit: 1_000 })).filter(
          ({ key }) => key < oldest,
        );
        if (events.length === 0) break;
        await this.#state.batch(events.map(({ key }) => ({ delete: key })));
      }
    }
  }
}
