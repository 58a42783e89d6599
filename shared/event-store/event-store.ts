import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  PutItemCommand,
  QueryCommand,
} from '@aws-sdk/client-dynamodb';
import type { Envelope, StreamName } from '../messages/envelope.ts';
import type { DomainEvent } from '../messages/event.ts';
import {
  type Commit,
  type CommitItem,
  decodeCommit,
  encodeCommit,
  type Head,
  type Origin,
  type SchemaVersionOf,
  streamKey,
} from './commit.ts';
import { StreamCorrupt } from './errors.ts';

/** A stream as loaded: its events, oldest first, and where it ends. */
export interface LoadedStream {
  readonly head: Head;
  readonly events: readonly Envelope[];
  /** Head after the commit of each command, by the command's id; how a retry is recognised. */
  readonly commands: ReadonlyMap<string, Head>;
}

/** What an append answers: recorded, or somebody else was first and this is their commit. */
export type Appended = { readonly head: Head } | { readonly conflict: Commit };

/** Streams of events in one DynamoDB table. Order is promised within a stream, none between streams. */
export interface EventStore {
  /** Every event of the stream; an empty one when it does not exist. Strongly consistent. Throws `StreamCorrupt`. */
  load(stream: StreamName): Promise<LoadedStream>;
  /** The events in commit `commit` and all later ones, oldest first. Strongly consistent. Throws `StreamCorrupt`. */
  loadFrom(stream: StreamName, commit: number): Promise<readonly Envelope[]>;
  /** Records the events after `head`, all or none. Throws `CommitTooLarge` before anything is sent. */
  append(
    head: Head,
    events: readonly DomainEvent[],
    origin: Origin,
    schemaVersionOf?: SchemaVersionOf,
  ): Promise<Appended>;
}

/** The event store on a DynamoDB table with partition key `s` and sort key `c`. */
export function createEventStore(client: DynamoDBClient, table: string): EventStore {
  async function commitsFrom(stream: StreamName, first: number): Promise<Commit[]> {
    const key = streamKey(stream);
    const commits: Commit[] = [];
    let start: CommitItem | undefined;
    do {
      const page = await client.send(
        new QueryCommand({
          TableName: table,
          KeyConditionExpression: 's = :s AND c >= :c',
          ExpressionAttributeValues: { ':s': { S: key }, ':c': { N: `${first}` } },
          ConsistentRead: true,
          ExclusiveStartKey: start,
        }),
      );
      for (const item of page.Items ?? []) commits.push(decodeCommit(item));
      start = page.LastEvaluatedKey;
    } while (start);
    assertDense(key, commits, first);
    return commits;
  }

  return {
    async load(stream) {
      const commits = await commitsFrom(stream, 1);
      const first = commits[0];
      if (first && first.head.version !== first.events.length) {
        throw new StreamCorrupt(streamKey(stream), 'its first commit does not begin at version 1');
      }
      return {
        head: commits.at(-1)?.head ?? { stream, commit: 0, version: 0, hash: new Uint8Array() },
        events: commits.flatMap((commit) => commit.events),
        commands: new Map(commits.map((commit) => [commit.commandId, commit.head])),
      };
    },

    async loadFrom(stream, commit) {
      return (await commitsFrom(stream, Math.max(commit, 1))).flatMap((found) => found.events);
    },

    async append(head, events, origin, schemaVersionOf = () => 1) {
      const { item, next } = encodeCommit(head, events, origin, schemaVersionOf);
      try {
        await client.send(
          new PutItemCommand({
            TableName: table,
            Item: item,
            ConditionExpression: 'attribute_not_exists(c)',
            ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
          }),
        );
        return { head: next };
      } catch (error) {
        // The winner's commit comes with the refusal, so a loser who is one behind needs no read to decide again.
        if (error instanceof ConditionalCheckFailedException && error.Item)
          return { conflict: decodeCommit(error.Item) };
        throw error;
      }
    },
  };
}

function assertDense(key: string, commits: readonly Commit[], first: number): void {
  let before: Commit | undefined;
  for (const commit of commits) {
    const expected = before ? before.head.commit + 1 : first;
    if (commit.head.commit !== expected) throw new StreamCorrupt(key, `commit ${expected} is missing`);
    if (before && commit.head.version !== before.head.version + commit.events.length) {
      throw new StreamCorrupt(
        key,
        `commit ${commit.head.commit} does not continue version ${before.head.version}`,
      );
    }
    before = commit;
  }
}
