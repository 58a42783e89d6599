import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { type Aggregate, EventStore, EventType, eventAlreadyExistsErrorCode } from '@castore/core';
import { DynamoDBSingleTableEventStorageAdapter } from '@castore/event-storage-adapter-dynamodb';
import { type AppendInput, eventType } from './event-store-inputs.ts';

/** What the benches do with Castore, as its documentation says to do it. */
export interface Castore {
  /** Appends after `version` events: one is put, several go as a group. False when somebody else was first. */
  append(id: string, version: number, input: AppendInput): Promise<boolean>;
  /** How many events there are, from a load of them all. */
  load(id: string): Promise<readonly unknown[]>;
  /** Loads and folds them all: Castore has no snapshots. */
  version(id: string): Promise<number>;
}

type ChangedDetail = EventType<typeof eventType, unknown, Metadata>['_types'];
type Detail = NonNullable<ChangedDetail>['detail'];

/** Castore's own attributes say type, version and time; the rest of what ours keeps of an event stands here. */
type Metadata = Record<string, unknown>;

interface Counted extends Aggregate {
  readonly count: number;
}

/** Castore's event store on its own table, through a client of its own. */
export function castoreOn(client: DynamoDBClient, tableName: string): Castore {
  const store = new EventStore({
    eventStoreId: 'alert-rule',
    eventTypes: [new EventType<typeof eventType, unknown, Metadata>({ type: eventType })],
    reducer: (state: Counted, { aggregateId, version }: Detail): Counted => ({
      aggregateId,
      version,
      count: (state?.count ?? 0) + 1,
    }),
    eventStorageAdapter: new DynamoDBSingleTableEventStorageAdapter({ tableName, dynamoDBClient: client }),
  });
  return {
    async append(id, version, { events, origin }) {
      const { domain, commandId, actor, correlationId, trace } = origin;
      const details = events.map(({ type, data }, index) => ({
        aggregateId: id,
        version: version + index + 1,
        type: type as typeof eventType,
        payload: data,
        metadata: { domain, commandId, actor, correlationId, trace },
      }));
      const [first, second, ...others] = details.map((detail) => store.groupEvent(detail));
      if (!first) throw new Error('There is nothing to append.');
      try {
        if (second) await EventStore.pushEventGroup(first, second, ...others);
        else await store.pushEvent(first.event);
        return true;
      } catch (error) {
        if (error instanceof Error && 'code' in error && error.code === eventAlreadyExistsErrorCode)
          return false;
        throw error;
      }
    },
    async load(id) {
      return (await store.getEvents(id)).events;
    },
    async version(id) {
      return (await store.getAggregate(id)).aggregate?.version ?? 0;
    },
  };
}
