import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe } from 'vitest';
import { createEventStore, type EventStore } from '#shared/event-store/event-store.ts';
import { describeEventStore } from './event-store-contract.ts';
import { describeReservations } from './reservation-contract.ts';
import { describeSnapshots } from './snapshot-contract.ts';

/**
 * A table in AWS with keys as the event store's, made for these tests, which leave their streams in it. Region and
 * credentials come from where the SDK looks for them.
 */
const table = process.env['SKAFU_AWS_EVENT_STORE_TABLE'];

describe.skipIf(table === undefined)('in AWS, where SKAFU_AWS_EVENT_STORE_TABLE names a table', () => {
  let client: DynamoDBClient;
  let store: EventStore;
  beforeAll(() => {
    client = new DynamoDBClient({});
    store = createEventStore(client, table ?? '');
  });
  afterAll(() => client.destroy());

  describeEventStore('on AWS', () => store);
  describeReservations('on AWS', () => store);
  describeSnapshots('on AWS', () => store);
});
