import type { Cloud, Invocation } from '../../../core/cloud.ts';
import type { StateNamespace } from '../../../core/state.ts';
import type { FunctionConfiguration } from '../configuration.ts';
import { type Checkpoint, Checkpoints } from './checkpoints.ts';
import type { Mapping } from './mapping.ts';
import { requireReading } from './may-read.ts';
import { pause } from './pause.ts';
import { readShard } from './shard-reader.ts';
import { type Shard, StreamsClient } from './streams-client.ts';

export interface PollerOptions {
  /** Milliseconds before the first retry of a failed batch; doubles up to a minute. */
  retryDelay: number;
}

/** Reads one DynamoDB stream for one mapping: every shard in order, parents before children. */
export class StreamPoller {
  readonly #cloud: Cloud;
  readonly #mapping: Mapping;
  readonly #configuration: () => FunctionConfiguration;
  readonly #invoke: (payload: string) => Promise<Invocation>;
  readonly #checkpoints: Checkpoints;
  readonly #options: PollerOptions;
  readonly #stopping = new AbortController();
  #ended: Promise<void> = Promise.resolve();

  constructor(
    cloud: Cloud,
    mapping: Mapping,
    state: StateNamespace,
    configuration: () => FunctionConfiguration,
    invoke: (payload: string) => Promise<Invocation>,
    options: PollerOptions,
  ) {
    this.#cloud = cloud;
    this.#mapping = mapping;
    this.#configuration = configuration;
    this.#invoke = invoke;
    this.#checkpoints = new Checkpoints(state, mapping.uuid, mapping.eventSourceArn);
    this.#options = options;
  }

  start(): void {
    this.#ended = this.#pollUntilStopped();
  }

  /** Resolves when the last batch has ended. What was not finished is read again after the next start. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#ended;
  }

  async #pollUntilStopped(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      const client = new StreamsClient(this.#cloud.ports.tables.engine());
      try {
        await this.#readStream(client);
      } catch (error) {
        if (signal.aborted) return;
        this.#cloud.logger.warn('A stream could not be read; it is tried again.', {
          stream: this.#mapping.eventSourceArn,
          error: String(error),
        });
        await pause(1000, signal);
      } finally {
        client.close();
      }
    }
  }

  async #readStream(client: StreamsClient): Promise<void> {
    requireReading(this.#cloud, this.#configuration(), this.#mapping);
    const streamArn = await this.#cloud.ports.tables.localStreamArn(this.#mapping.eventSourceArn);
    const checkpoints = (await this.#checkpoints.load()) ?? (await this.#begin(client, streamArn));
    const reading = new Map<string, Promise<void>>();
    const failure = new AbortController();
    const signal = AbortSignal.any([this.#stopping.signal, failure.signal]);
    try {
      while (!signal.aborted) {
        for (const shardId of readableShards(await client.shards(streamArn), checkpoints)) {
          if (reading.has(shardId)) continue;
          const shard = this.#readShard(client, streamArn, shardId, checkpoints, signal);
          const ended = shard.then(() => void reading.delete(shardId));
          // Its failure is met by the race below; until then it must not count as unhandled.
          ended.catch(() => {});
          reading.set(shardId, ended);
        }
        await (reading.size > 0 ? Promise.race(reading.values()) : pause(1000, signal));
      }
    } finally {
      failure.abort();
      await Promise.allSettled(reading.values());
    }
  }

  #readShard(
    client: StreamsClient,
    streamArn: string,
    shardId: string,
    checkpoints: Map<string, Checkpoint>,
    signal: AbortSignal,
  ): Promise<void> {
    return readShard({
      cloud: this.#cloud,
      configuration: this.#configuration,
      client,
      mapping: this.#mapping,
      streamArn,
      shardId,
      after: checkpoints.get(shardId)?.after,
      signal,
      retryDelay: this.#options.retryDelay,
      invoke: this.#invoke,
      save: async (checkpoint) => {
        await this.#checkpoints.save(shardId, checkpoint);
        checkpoints.set(shardId, checkpoint);
      },
    });
  }

  /** `LATEST` means after what stands now, also if the first start is cut short: so the place is written down. */
  async #begin(client: StreamsClient, streamArn: string): Promise<Map<string, Checkpoint>> {
    const positions = new Map<string, Checkpoint>();
    if (this.#mapping.startingPosition === 'LATEST') {
      for (const { ShardId } of await client.shards(streamArn)) {
        positions.set(ShardId, await endOfShard(client, streamArn, ShardId));
      }
    }
    await this.#checkpoints.begin(positions);
    return positions;
  }
}

function readableShards(shards: Shard[], checkpoints: Map<string, Checkpoint>): string[] {
  const standing = new Set(shards.map(({ ShardId }) => ShardId));
  const isDone = (shardId: string) => !standing.has(shardId) || checkpoints.get(shardId)?.closed === true;
  return shards
    .filter(({ ShardId }) => !isDone(ShardId))
    .filter(({ ParentShardId }) => ParentShardId === undefined || isDone(ParentShardId))
    .map(({ ShardId }) => ShardId);
}

async function endOfShard(client: StreamsClient, streamArn: string, shardId: string): Promise<Checkpoint> {
  let after: string | undefined;
  let iterator: string | undefined = await client.iterator(streamArn, shardId, undefined);
  while (iterator) {
    const { records, next } = await client.records(iterator, 1000);
    after = records.at(-1)?.dynamodb.SequenceNumber ?? after;
    if (records.length === 0 && next) break;
    iterator = next;
  }
  return { ...(after ? { after } : {}), ...(iterator ? {} : { closed: true }) };
}
