import type { StateNamespace, StateStore } from './state.ts';

/** A `StateStore` that forgets everything with the process: for tests. Values pass through JSON, as on disk. */
export function createMemoryState(): StateStore {
  const namespaces = new Map<string, StateNamespace>();
  return {
    namespace(name) {
      const existing = namespaces.get(name);
      if (existing) return existing;
      const created = createMemoryNamespace();
      namespaces.set(name, created);
      return created;
    },
  };
}

function createMemoryNamespace(): StateNamespace {
  const entries = new Map<string, string>();
  return {
    async get<T>(key: string) {
      const text = entries.get(key);
      return text === undefined ? undefined : (JSON.parse(text) as T);
    },
    async put(key, value) {
      entries.set(key, JSON.stringify(value));
    },
    async delete(key) {
      entries.delete(key);
    },
    async batch(writes) {
      for (const write of writes) {
        if ('put' in write) entries.set(write.put, JSON.stringify(write.value));
        else entries.delete(write.delete);
      }
    },
    async list<T>(prefix = '', options: { limit?: number; reverse?: boolean; after?: string } = {}) {
      const { limit, reverse = false, after } = options;
      const keys = [...entries.keys()]
        .filter((key) => key.startsWith(prefix))
        .sort((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other)));
      if (reverse) keys.reverse();
      const start = after === undefined ? 0 : keys.findIndex((key) => isPast(key, after, reverse));
      const page = start < 0 ? [] : keys.slice(start, limit === undefined ? undefined : start + limit);
      return page.map((key) => ({ key, value: JSON.parse(entries.get(key) ?? 'null') as T }));
    },
  };
}

function isPast(key: string, after: string, reverse: boolean): boolean {
  const order = Buffer.compare(Buffer.from(key), Buffer.from(after));
  return reverse ? order < 0 : order > 0;
}
