import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { startLocalCloud } from '#local-cloud';
import { enginePort } from './engine.ts';

/** The local cloud's DynamoDB with a table shaped as the event store's and one as Castore's, and clients that go to it. */
export interface Database {
  readonly table: string;
  readonly castoreTable: string;
  /** A client of its own, with its own connections; whoever takes it destroys it. */
  client(): DynamoDBClient;
  stop(): Promise<void>;
}

/** Where files stand in memory, on systems that have it. */
const memory = '/dev/shm';

/**
 * Starts a local cloud that holds nothing but these tables, in `folder`; its data in memory where that can be, for a
 * disk that others use at the same time would be measured more than the store.
 */
export async function startDatabase(folder: string): Promise<Database> {
  const table = 'event-store';
  const stack = join(folder, 'stacks/bench');
  mkdirSync(stack, { recursive: true });
  const definition = {
    name: table,
    billing_mode: 'PAY_PER_REQUEST',
    hash_key: 's',
    range_key: 'c',
    attribute: [
      { name: 's', type: 'S' },
      { name: 'c', type: 'N' },
    ],
  };
  const castoreTable = 'castore';
  const castore = {
    name: castoreTable,
    billing_mode: 'PAY_PER_REQUEST',
    hash_key: 'aggregateId',
    range_key: 'version',
    attribute: [
      { name: 'aggregateId', type: 'S' },
      { name: 'version', type: 'N' },
      { name: 'eventStoreId', type: 'S' },
      { name: 'timestamp', type: 'S' },
    ],
    global_secondary_index: [
      {
        name: 'initialEvents',
        hash_key: 'eventStoreId',
        range_key: 'timestamp',
        projection_type: 'KEYS_ONLY',
      },
    ],
  };
  writeFileSync(
    join(stack, 'cdk.tf.json'),
    JSON.stringify({ resource: { aws_dynamodb_table: { store: definition, castore } } }),
  );
  const dataDirectory = mkdtempSync(join(existsSync(memory) ? memory : folder, 'skafu-bench-'));
  const cloud = await startLocalCloud({
    stacksDirectory: join(folder, 'stacks'),
    dataDirectory,
    awsPort: 0,
    consolePort: 0,
  });
  // The gateway before it runs in this very process: its work would count for both sides and hide their difference.
  const endpoint = `http://127.0.0.1:${enginePort(dataDirectory)}`;
  return {
    table,
    castoreTable,
    client: () =>
      new DynamoDBClient({
        endpoint,
        region: 'us-east-1',
        credentials: { accessKeyId: 'bench', secretAccessKey: 'bench' },
      }),
    async stop() {
      await cloud.stop();
      rmSync(dataDirectory, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
