import type { StateNamespace } from '../../../core/state.ts';

/** How far a shard has been handed to the function. */
export interface Checkpoint {
  /** Everything up to this sequence number is done; absent when nothing is. */
  after?: string;
  /** The shard was closed and read to its end. */
  closed?: boolean;
}

/**
 * The durable positions of one mapping in one stream. Keyed by the stream too: a table made anew has a new stream, in
 * which old sequence numbers mean nothing.
 */
export class Checkpoints {
  readonly #state: StateNamespace;
  readonly #prefix: string;

  constructor(state: StateNamespace, uuid: string, streamArn: string) {
    this.#state = state;
    this.#prefix = `${uuid}/${streamArn}/`;
  }

  /** Undefined when this mapping has never read this stream. */
  async load(): Promise<Map<string, Checkpoint> | undefined> {
    if ((await this.#state.get(`${this.#prefix}begun`)) === undefined) return undefined;
    const entries = await this.#state.list<Checkpoint>(`${this.#prefix}shard/`);
    return new Map(entries.map(({ key, value }) => [key.slice(`${this.#prefix}shard/`.length), value]));
  }

  /** Fixes where reading begins, all shards at once, so that a crash in between cannot lose the place. */
  async begin(positions: Map<string, Checkpoint>): Promise<void> {
    await this.#state.batch([
      { put: `${this.#prefix}begun`, value: true },
      ...[...positions].map(([shardId, value]) => ({ put: `${this.#prefix}shard/${shardId}`, value })),
    ]);
  }

  async save(shardId: string, checkpoint: Checkpoint): Promise<void> {
    await this.#state.put(`${this.#prefix}shard/${shardId}`, checkpoint);
  }
}

/** Forgets every position of a mapping, in whatever stream. */
export async function forgetCheckpoints(state: StateNamespace, uuid: string): Promise<void> {
  const entries = await state.list(`${uuid}/`);
  await state.batch(entries.map(({ key }) => ({ delete: key })));
}
