import { mkdirSync } from 'node:fs';
import { ClassicLevel } from 'classic-level';
import type { StateNamespace, StateStore } from './state.ts';

type Write = { type: 'put'; key: string; value: string } | { type: 'del'; key: string };

export interface LevelState extends StateStore {
  /** Copies everything as it is at the moment of the call into a folder that is not there yet; writes go on. */
  copyTo(folder: string): Promise<void>;
  /** Ends after every write asked for so far is on disk. */
  close(): Promise<void>;
}

/** The folder is held by another process. */
export class StateLockedError extends Error {}

/**
 * Opens the state of the local cloud in `folder`, made if absent, and holds it: a second process that opens it gets
 * `StateLockedError`. The lock is the operating system's, so it ends with the process, however that ends.
 */
export async function openLevelState(folder: string): Promise<LevelState> {
  mkdirSync(folder, { recursive: true });
  const database = new ClassicLevel<string, string>(folder, { keyEncoding: 'utf8', valueEncoding: 'utf8' });
  try {
    await database.open();
  } catch (error) {
    if (causeCode(error) === 'LEVEL_LOCKED') throw new StateLockedError(folder);
    throw error;
  }
  const commit = createGroupCommit((writes) => database.batch(writes, { sync: true }));
  return {
    namespace: (name) => createNamespace(database, commit.write, name),
    async copyTo(target) {
      // It sees what stood when it was made, whatever is written while it goes on.
      const entries = database.iterator();
      const copy = new ClassicLevel<string, string>(target, { keyEncoding: 'utf8', valueEncoding: 'utf8' });
      await copy.open();
      try {
        for (;;) {
          const some = await entries.nextv(1_000);
          if (some.length === 0) break;
          await copy.batch(some.map(([key, value]) => ({ type: 'put', key, value })));
        }
      } finally {
        await entries.close();
        await copy.close();
      }
    },
    async close() {
      await commit.idle();
      await database.close();
    },
  };
}

function causeCode(error: unknown): unknown {
  const cause = error instanceof Error ? error.cause : undefined;
  return typeof cause === 'object' && cause !== null && 'code' in cause ? cause.code : undefined;
}

/**
 * Joins the writes that arrive while the disk is busy into the next batch, so that one fsync acknowledges them all.
 * The writes of one call stay together in one batch, hence all or none of them are kept.
 */
function createGroupCommit(flush: (writes: Write[]) => Promise<void>) {
  let waiting: { writes: Write[]; resolve: () => void; reject: (error: unknown) => void }[] = [];
  let running: Promise<void> | undefined;

  async function run(): Promise<void> {
    while (waiting.length > 0) {
      const group = waiting;
      waiting = [];
      try {
        await flush(group.flatMap(({ writes }) => writes));
        for (const { resolve } of group) resolve();
      } catch (error) {
        for (const { reject } of group) reject(error);
      }
    }
    running = undefined;
  }

  return {
    write(writes: Write[]): Promise<void> {
      return new Promise((resolve, reject) => {
        waiting.push({ writes, resolve, reject });
        running ??= run();
      });
    },
    async idle(): Promise<void> {
      await running;
    },
  };
}

function createNamespace(
  database: ClassicLevel<string, string>,
  write: (writes: Write[]) => Promise<void>,
  name: string,
): StateNamespace {
  if (!/^[a-z0-9-]+$/.test(name)) throw new Error(`"${name}" is no name for a namespace of the state store.`);
  const scope = `${name}/`;
  const put = (key: string, value: unknown): Write => {
    const text = JSON.stringify(value);
    if (text === undefined) throw new Error(`The value of "${scope}${key}" cannot be written as JSON.`);
    return { type: 'put', key: scope + key, value: text };
  };
  const remove = (key: string): Write => ({ type: 'del', key: scope + key });

  return {
    async get<T>(key: string) {
      const text = await database.get(scope + key);
      return text === undefined ? undefined : (JSON.parse(text) as T);
    },
    put: async (key, value) => write([put(key, value)]),
    delete: async (key) => write([remove(key)]),
    async batch(writes) {
      if (writes.length === 0) return;
      await write(writes.map((one) => ('put' in one ? put(one.put, one.value) : remove(one.delete))));
    },
    async list<T>(prefix = '', options: { limit?: number; reverse?: boolean; after?: string } = {}) {
      const { limit = -1, reverse = false, after } = options;
      const first = scope + prefix;
      // No key goes on with the last code point of Unicode, so this bounds every key that begins with the prefix.
      const last = `${first}\u{10ffff}`;
      const range = { gte: first, lt: last };
      const from = after === undefined ? range : afterKey(range, scope + after, reverse);
      const entries = await database.iterator({ ...from, limit, reverse }).all();
      return entries.map(([key, text]) => ({ key: key.slice(scope.length), value: JSON.parse(text) as T }));
    },
  };
}

function afterKey(range: { gte: string; lt: string }, key: string, reverse: boolean) {
  const before = (one: string, other: string) => Buffer.compare(Buffer.from(one), Buffer.from(other)) < 0;
  if (reverse) return { gte: range.gte, lt: before(key, range.lt) ? key : range.lt };
  return before(key, range.gte) ? range : { gt: key, lt: range.lt };
}
