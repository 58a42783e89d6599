import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  PutItemCommand,
  QueryCommand,
  TransactionCanceledException,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import type { Envelope, StreamName } from '../messages/envelope.ts';
import type { DomainEvent } from '../messages/event.ts';
import {
  type Commit,
  decodeCommit,
  encodeCommit,
  type Head,
  type Origin,
  type SchemaVersionOf,
  streamKey,
} from './commit.ts';
import {
  assertDense,
  densePage,
  type LoadedStream,
  loadedFrom,
  readTail,
  type Tail,
} from './loaded-stream.ts';
import { itemsOfPages } from './pages.ts';
import { noPersonalKeys, type PersonalKeys } from './personal-keys.ts';
import { type KeyChanges, noKeyChanges, reservationItem } from './reservation.ts';
import { decodeSnapshot, encodeSnapshot, type Snapshot, snapshotInterval, snapshotKey } from './snapshot.ts';

/** What an append answers: recorded; or somebody else was first, and this is their commit; or another stream has the key. */
export type Appended =
  | { readonly head: Head }
  | { readonly conflict: Commit }
  | { readonly takenKey: string };

/** A part of a stream. */
export interface CommitPage {
  /** Number of the commit to begin with; without it, the first, or backward the last. */
  readonly from?: number | undefined;
  readonly limit: number;
  readonly backward?: boolean;
}

/** Two transactions that meet on one item refuse each other; more meetings than this mean that something else is wrong. */
const maximumMeetings = 10;

/** Streams of events in one DynamoDB table. Order is promised within a stream, none between streams. */
export interface EventStore {
  /** Keys that seal and open what events tell of people. Events are recorded and answered with such texts sealed. */
  readonly personal: PersonalKeys;
  /** Every event of the stream; an empty one when it does not exist. Strongly consistent. Throws `StreamCorrupt`. */
  load(stream: StreamName): Promise<LoadedStream>;
  /** The events in commit `commit` and all later ones, oldest first. Strongly consistent. Throws `StreamCorrupt`. */
  loadFrom(stream: StreamName, commit: number): Promise<readonly Envelope[]>;
  /**
   * At most `limit` commits from commit `from` on, or from there back, in that order: a stream of any length is read in
   * steps of a megabyte at most, so fewer may come while there are more. Strongly consistent. Throws `StreamCorrupt`.
   */
  loadPage(stream: StreamName, page: CommitPage): Promise<readonly Commit[]>;
  /** The snapshot that stands, whatever made it. */
  loadSnapshot(stream: StreamName): Promise<Snapshot | undefined>;
  /**
   * What is left to fold: the events since the snapshot that this reducer made, by one backward query, or all of them
   * where there is none. Strongly consistent. Throws `StreamCorrupt`.
   */
  loadTail(stream: StreamName, fingerprint: string): Promise<Tail>;
  /** Keeps the snapshot unless a newer one stands. It is an aid: one too large to keep is not kept. */
  keepSnapshot(snapshot: Snapshot): Promise<void>;
  /** Records the events after `head` with the keys they change, all or none. Throws `CommitTooLarge` before anything is sent. */
  append(
    head: Head,
    events: readonly DomainEvent[],
    origin: Origin,
    schemaVersionOf?: SchemaVersionOf,
    keys?: KeyChanges,
  ): Promise<Appended>;
}

/** The event store on a DynamoDB table with partition key `s` and sort key `c`. */
export function createEventStore(
  client: DynamoDBClient,
  table: string,
  personal: PersonalKeys = noPersonalKeys,
): EventStore {
  const itemsOf = (stream: StreamName, first: number, last: number, backwardBy?: number) =>
    itemsOfPages((after) =>
      client.send(
        new QueryCommand({
          TableName: table,
          KeyConditionExpression: 's = :s AND c BETWEEN :first AND :last',
          ExpressionAttributeValues: {
            ':s': { S: streamKey(stream) },
            ':first': { N: `${first}` },
            ':last': { N: `${last}` },
          },
          ConsistentRead: true,
          ScanIndexForward: backwardBy === undefined,
          Limit: after ? undefined : backwardBy,
          ExclusiveStartKey: after,
        }),
      ),
    );

  async function commitsFrom(stream: StreamName, first: number): Promise<Commit[]> {
    const commits: Commit[] = [];
    for await (const item of itemsOf(stream, first, snapshotKey - 1)) commits.push(decodeCommit(item));
    return commits;
  }

  return {
    personal,

    async load(stream) {
      return loadedFrom(stream, await commitsFrom(stream, 1));
    },

    async loadFrom(stream, commit) {
      const first = Math.max(commit, 1);
      const commits = await commitsFrom(stream, first);
      assertDense(streamKey(stream), commits, { commit: first - 1 });
      return commits.flatMap((found) => found.events);
    },

    async loadPage(stream, { from, limit, backward = false }) {
      const [first, last] = backward ? [1, from ?? snapshotKey - 1] : [from ?? 1, snapshotKey - 1];
      const { Items: items = [] } = await client.send(
        new QueryCommand({
          TableName: table,
          KeyConditionExpression: 's = :s AND c BETWEEN :first AND :last',
          ExpressionAttributeValues: {
            ':s': { S: streamKey(stream) },
            ':first': { N: `${Math.max(first, 1)}` },
            ':last': { N: `${Math.max(last, 1)}` },
          },
          ConsistentRead: true,
          ScanIndexForward: !backward,
          Limit: limit,
        }),
      );
      return densePage(stream, items.map(decodeCommit), backward);
    },

    async loadSnapshot(stream) {
      const { Items: [item] = [] } = await client.send(
        new QueryCommand({
          TableName: table,
          KeyConditionExpression: 's = :s AND c = :c',
          ExpressionAttributeValues: { ':s': { S: streamKey(stream) }, ':c': { N: `${snapshotKey}` } },
          ConsistentRead: true,
        }),
      );
      return item && decodeSnapshot(item, stream);
    },

    // One page holds the snapshot, the commit it was made at, and as many as may follow until the next snapshot.
    async loadTail(stream, fingerprint) {
      return readTail(stream, fingerprint, itemsOf(stream, 1, snapshotKey, snapshotInterval + 2));
    },

    async keepSnapshot(snapshot) {
      const item = encodeSnapshot(snapshot);
      if (!item) return;
      try {
        await client.send(
          new PutItemCommand({
            TableName: table,
            Item: item,
            ConditionExpression: 'attribute_not_exists(v) OR v < :v OR (v = :v AND p <> :p)',
            ExpressionAttributeValues: {
              ':v': { N: `${snapshot.head.version}` },
              ':p': { S: snapshot.fingerprint },
            },
          }),
        );
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
      }
    },

    async append(head, events, origin, schemaVersionOf = () => 1, keys = noKeyChanges) {
      const { item, next } = encodeCommit(head, events, origin, schemaVersionOf);
      const put = {
        TableName: table,
        Item: item,
        ConditionExpression: 'attribute_not_exists(c)',
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const,
      };
      const refused =
        keys.taken.length + keys.released.length === 0
          ? await putRefused(put)
          : await transactionRefused(put, head.stream, keys);
      return refused ?? { head: next };
    },
  };

  type Put = ConstructorParameters<typeof PutItemCommand>[0];

  async function putRefused(put: Put): Promise<Appended | undefined> {
    try {
      await client.send(new PutItemCommand(put));
      return undefined;
    } catch (error) {
      // The winner's commit comes with the refusal, so a loser who is one behind needs no read to decide again.
      if (error instanceof ConditionalCheckFailedException && error.Item)
        return { conflict: decodeCommit(error.Item) };
      throw error;
    }
  }

  async function transactionRefused(
    put: Put,
    stream: StreamName,
    { taken, released }: KeyChanges,
  ): Promise<Appended | undefined> {
    const reserve = (key: string, isTaken: boolean) => ({
      Put: {
        TableName: table,
        Item: reservationItem(stream, key, isTaken),
        ConditionExpression: 'attribute_not_exists(o) OR o = :own',
        ExpressionAttributeValues: { ':own': { S: stream.id } },
      },
    });
    const changes = [
      ...taken.map((key) => reserve(key, true)),
      ...released.map((key) => reserve(key, false)),
    ];
    for (let meeting = 1; ; meeting++) {
      try {
        await client.send(new TransactWriteItemsCommand({ TransactItems: [{ Put: put }, ...changes] }));
        return undefined;
      } catch (error) {
        if (!(error instanceof TransactionCanceledException)) throw error;
        const { CancellationReasons: reasons = [] } = error;
        const [winner, ...refusals] = reasons;
        if (winner?.Code === 'ConditionalCheckFailed' && winner.Item)
          return { conflict: decodeCommit(winner.Item) };
        const takenKey = taken[refusals.findIndex(({ Code }) => Code === 'ConditionalCheckFailed')];
        if (takenKey !== undefined) return { takenKey };
        if (meeting === maximumMeetings || !reasons.some(({ Code }) => Code === 'TransactionConflict'))
          throw error;
        await new Promise((resolve) => setTimeout(resolve, meeting * 5 * Math.random()));
      }
    }
  }
}
