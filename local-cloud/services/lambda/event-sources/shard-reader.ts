import type { Cloud, Invocation } from '../../../core/cloud.ts';
import { AwsError } from '../../../core/errors.ts';
import type { FunctionConfiguration } from '../configuration.ts';
import type { Checkpoint } from './checkpoints.ts';
import { type Mapping, passesFilters } from './mapping.ts';
import { pause } from './pause.ts';
import { processStreamBatch } from './stream-batch.ts';
import type { StreamRecord, StreamsClient } from './streams-client.ts';

export interface ShardReading {
  cloud: Cloud;
  configuration: () => Pick<FunctionConfiguration, 'name' | 'role'>;
  client: StreamsClient;
  mapping: Mapping;
  /** As DynamoDB Local spells it. */
  streamArn: string;
  shardId: string;
  after: string | undefined;
  signal: AbortSignal;
  retryDelay: number;
  invoke(payload: string): Promise<Invocation>;
  save(checkpoint: Checkpoint): Promise<void>;
}

const shortestWait = 20;
const longestWait = 100;
/** Lambda's payload limit, with room for what surrounds the records. */
const batchBytesLimit = 6 * 1024 * 1024 - 64 * 1024;

/** Hands a shard's records to the function in batches, until the shard is closed and read, or the signal aborts. */
export async function readShard(reading: ShardReading): Promise<void> {
  const { mapping, signal } = reading;
  let after = reading.after;
  let iterator: string | undefined = await iteratorAfter(reading, after);
  let buffer: StreamRecord[] = [];
  let bufferedSince = 0;
  let wait = shortestWait;
  while (!signal.aborted) {
    const answer = await readRecords(reading, iterator);
    if (!answer) {
      buffer = [];
      iterator = await iteratorAfter(reading, after);
      continue;
    }
    const passing = answer.records
      .map((record) => asLambdaRecord(reading, record))
      .filter((record) => passesFilters(mapping, record));
    if (buffer.length === 0) bufferedSince = Date.now();
    buffer.push(...passing);
    const waitsForMore =
      answer.next !== undefined &&
      buffer.length < mapping.batchSize &&
      Date.now() - bufferedSince < mapping.batchWindow;
    if (!waitsForMore) {
      for (const batch of batchesOf(buffer, mapping.batchSize)) await handOver(reading, batch);
      if (signal.aborted) return;
      after =
        answer.records.at(-1)?.dynamodb.SequenceNumber ?? buffer.at(-1)?.dynamodb.SequenceNumber ?? after;
      const lastHandedOver = buffer.at(-1)?.dynamodb.SequenceNumber;
      if (answer.records.length > 0 && after && after !== lastHandedOver) await reading.save({ after });
      buffer = [];
    }
    if (answer.next === undefined) {
      await reading.save({ ...(after ? { after } : {}), closed: true });
      return;
    }
    iterator = answer.next;
    if (answer.records.length > 0) wait = shortestWait;
    else {
      await pause(wait, signal);
      wait = Math.min(longestWait, wait * 1.2);
    }
  }
}

/** Undefined when the iterator is of no use any more and a new one must be asked for. */
async function readRecords({ client }: ShardReading, iterator: string) {
  try {
    return await client.records(iterator, 1000);
  } catch (error) {
    if (isAwsError(error, 'ExpiredIteratorException', 'TrimmedDataAccessException')) return undefined;
    throw error;
  }
}

async function iteratorAfter(reading: ShardReading, after: string | undefined): Promise<string> {
  const { client, streamArn, shardId, cloud } = reading;
  try {
    return await client.iterator(streamArn, shardId, after);
  } catch (error) {
    if (!after || !isAwsError(error, 'TrimmedDataAccessException')) throw error;
    cloud.logger.warn(
      'A stream no longer holds what follows the last record read; reading goes on at the oldest.',
      {
        stream: reading.mapping.eventSourceArn,
        after,
      },
    );
    return await client.iterator(streamArn, shardId, undefined);
  }
}

async function handOver(reading: ShardReading, batch: StreamRecord[]): Promise<void> {
  const { cloud, configuration, mapping, shardId, signal, retryDelay } = reading;
  const createdAt = batch.at(-1)?.dynamodb.ApproximateCreationDateTime;
  if (createdAt !== undefined) {
    cloud.telemetry.metric({
      namespace: 'AWS/Lambda',
      name: 'IteratorAge',
      dimensions: { FunctionName: mapping.functionArn.split(':')[6] ?? mapping.functionArn },
      unit: 'Milliseconds',
      value: Math.max(0, Date.now() - createdAt * 1000),
      time: Date.now(),
    });
  }
  await processStreamBatch(
    {
      cloud,
      mapping,
      shardId,
      signal,
      retryDelay,
      configuration,
      invoke: (records) => reading.invoke(JSON.stringify({ Records: records })),
      checkpoint: (after) => reading.save({ after }),
    },
    batch,
  );
}

function* batchesOf(records: StreamRecord[], size: number): Generator<StreamRecord[]> {
  let batch: StreamRecord[] = [];
  let bytes = 0;
  for (const record of records) {
    const recordBytes = Buffer.byteLength(JSON.stringify(record)) + 1;
    if (batch.length >= size || (batch.length > 0 && bytes + recordBytes > batchBytesLimit)) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(record);
    bytes += recordBytes;
  }
  if (batch.length > 0) yield batch;
}

function asLambdaRecord({ cloud, mapping }: ShardReading, record: StreamRecord): StreamRecord {
  return {
    ...record,
    eventVersion: '1.1',
    eventSource: 'aws:dynamodb',
    awsRegion: cloud.region,
    eventSourceARN: mapping.eventSourceArn,
  };
}

function isAwsError(error: unknown, ...codes: string[]): boolean {
  return error instanceof AwsError && codes.includes(error.code);
}
