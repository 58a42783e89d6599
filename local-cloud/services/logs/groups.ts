import type { Cloud } from '../../core/cloud.ts';

export interface LogGroup {
  name: string;
  /** Epoch milliseconds. */
  created: number;
  retentionInDays?: number;
  kmsKeyId?: string;
  logGroupClass: string;
  tags: Record<string, string>;
}

export interface LogGroups {
  all(): LogGroup[];
  get(name: string): LogGroup | undefined;
  put(group: LogGroup): Promise<void>;
  /** Makes the group at once if it is absent; the record follows on disk. */
  ensure(name: string): void;
  remove(name: string): Promise<void>;
  arn(name: string): string;
  /** Streams made before anything was written to them, with their time of creation. */
  emptyStreams(group: string): Promise<Map<string, number>>;
  putStream(group: string, stream: string): Promise<void>;
  removeStream(group: string, stream: string): Promise<void>;
  /** Resolves when every record is on disk. */
  settled(): Promise<void>;
}

function groupKey(name: string): string {
  return `group/${encodeURIComponent(name)}`;
}

function streamKey(group: string, stream: string): string {
  return `stream/${encodeURIComponent(group)}/${encodeURIComponent(stream)}`;
}

/** The log groups of the cloud: in memory for reading, durable in the state. Their lines are in the telemetry store. */
export async function createLogGroups(cloud: Cloud): Promise<LogGroups> {
  const state = cloud.state.namespace('logs');
  const groups = new Map<string, LogGroup>();
  for (const { value } of await state.list<LogGroup>('group/')) groups.set(value.name, value);
  const writing = new Set<Promise<void>>();

  return {
    all: () => [...groups.values()].sort((a, b) => (a.name < b.name ? -1 : 1)),
    get: (name) => groups.get(name),
    async put(group) {
      await state.put(groupKey(group.name), group);
      groups.set(group.name, group);
    },
    ensure(name) {
      if (groups.has(name)) return;
      const group: LogGroup = { name, created: Date.now(), logGroupClass: 'STANDARD', tags: {} };
      groups.set(name, group);
      const write = state
        .put(groupKey(name), group)
        .catch((error: unknown) => {
          cloud.logger.error('A log group could not be recorded.', { group: name, reason: String(error) });
        })
        .finally(() => void writing.delete(write));
      writing.add(write);
    },
    async remove(name) {
      const streams = await state.list(`stream/${encodeURIComponent(name)}/`);
      await state.batch([{ delete: groupKey(name) }, ...streams.map(({ key }) => ({ delete: key }))]);
      groups.delete(name);
    },
    arn: (name) => `arn:aws:logs:${cloud.region}:${cloud.accountId}:log-group:${name}`,
    async emptyStreams(group) {
      const prefix = `stream/${encodeURIComponent(group)}/`;
      const entries = await state.list<{ created: number }>(prefix);
      return new Map(
        entries.map(({ key, value }) => [decodeURIComponent(key.slice(prefix.length)), value.created]),
      );
    },
    putStream: (group, stream) => state.put(streamKey(group, stream), { created: Date.now() }),
    removeStream: (group, stream) => state.delete(streamKey(group, stream)),
    async settled() {
      await Promise.all(writing);
    },
  };
}
