/**
 * Durable control-plane state (users, executions, schedules, queues): JSON values by key, in order of key, one
 * namespace per service. A write is on disk (fsync) when its promise resolves.
 */
export interface StateStore {
  namespace(name: string): StateNamespace;
}

export interface StateNamespace {
  get<T>(key: string): Promise<T | undefined>;
  put(key: string, value: unknown): Promise<void>;
  delete(key: string): Promise<void>;
  /** All writes or none. */
  batch(writes: ({ put: string; value: unknown } | { delete: string })[]): Promise<void>;
  /** Entries whose key starts with `prefix`, in order of key. */
  list<T>(
    prefix?: string,
    options?: { limit?: number; reverse?: boolean; after?: string },
  ): Promise<{ key: string; value: T }[]>;
}
