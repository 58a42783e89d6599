import type { Cloud, Invocation } from '../../../core/cloud.ts';
import { AwsError } from '../../../core/errors.ts';
import { deliverTo } from '../asynchronous-destinations.ts';
import type { FunctionConfiguration } from '../configuration.ts';
import { readBatchOutcome } from './batch-outcome.ts';
import type { Mapping } from './mapping.ts';
import { pause } from './pause.ts';
import type { StreamRecord } from './streams-client.ts';

export interface StreamBatchContext {
  cloud: Cloud;
  /** Of the mapping's function, as it stands now. */
  configuration: () => Pick<FunctionConfiguration, 'name' | 'role'>;
  mapping: Mapping;
  shardId: string;
  signal: AbortSignal;
  /** Invokes the mapping's function with `{ Records }`. */
  invoke(records: StreamRecord[]): Promise<Invocation>;
  /** Remembers durably that everything up to this record is done. */
  checkpoint(sequenceNumber: string): Promise<void>;
  /** Milliseconds before the first retry; doubles up to a minute. */
  retryDelay: number;
}

const longestRetryDelay = 60_000;

interface Failure {
  condition: 'RetryAttemptsExhausted' | 'RecordAgeExceeded';
  invocation: Invocation;
  attempts: number;
}

/**
 * Hands a batch to the function until all of it succeeded or was given up, in order and never leaving a record behind:
 * retries, item failures, bisecting, age and attempt limits, and the failure destination. Resolves early, with
 * nothing more remembered, when the signal aborts.
 */
export async function processStreamBatch(context: StreamBatchContext, batch: StreamRecord[]): Promise<void> {
  const { mapping, signal } = context;
  let pending = batch;
  let failures = 0;
  let throttles = 0;
  while (pending.length > 0 && !signal.aborted) {
    const invocation = await invokeUnlessThrottled(context, pending);
    if (signal.aborted) return;
    if (!invocation) {
      throttles += 1;
      await pause(Math.min(longestRetryDelay, context.retryDelay * 2 ** throttles), signal);
      continue;
    }
    const outcome = readBatchOutcome(invocation, pending.map(sequenceNumberOf), mapping.reportsItemFailures);
    if (outcome.kind === 'succeeded') {
      await context.checkpoint(lastSequenceNumber(pending));
      return;
    }
    const done = firstFailure(pending, outcome.failedIdentifiers);
    if (done > 0) {
      await context.checkpoint(lastSequenceNumber(pending.slice(0, done)));
      pending = pending.slice(done);
      failures = 0;
    }
    failures += 1;
    const condition = reasonToGiveUp(mapping, pending, failures);
    if (condition && !(mapping.bisects && pending.length > 1)) {
      await giveUp(context, pending, { condition, invocation, attempts: failures });
      return;
    }
    if (mapping.bisects && pending.length > 1 && done === 0) {
      const middle = Math.ceil(pending.length / 2);
      await processStreamBatch(context, pending.slice(0, middle));
      if (signal.aborted) return;
      pending = pending.slice(middle);
      failures = 0;
      continue;
    }
    await pause(Math.min(longestRetryDelay, context.retryDelay * 2 ** (failures - 1)), signal);
  }
}

/** Undefined when the function could not be reached, which uses up none of its attempts. */
async function invokeUnlessThrottled(
  context: StreamBatchContext,
  records: StreamRecord[],
): Promise<Invocation | undefined> {
  try {
    return await context.invoke(records);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    context.cloud.logger.warn('A batch of a stream could not reach its function; it is tried again.', {
      function: context.mapping.functionArn,
      error: error.message,
    });
    return undefined;
  }
}

function firstFailure(records: StreamRecord[], failed: string[] | 'all'): number {
  if (failed === 'all') return 0;
  return records.findIndex((record) => failed.includes(sequenceNumberOf(record)));
}

function reasonToGiveUp(
  mapping: Mapping,
  records: StreamRecord[],
  failures: number,
): Failure['condition'] | undefined {
  const createdAt = records[0]?.dynamodb.ApproximateCreationDateTime;
  const limit = mapping.maximumRecordAgeSeconds;
  if (limit >= 0 && createdAt !== undefined && Date.now() / 1000 - createdAt > limit)
    return 'RecordAgeExceeded';
  const attempts = mapping.maximumRetryAttempts;
  return attempts >= 0 && failures > attempts ? 'RetryAttemptsExhausted' : undefined;
}

async function giveUp(context: StreamBatchContext, records: StreamRecord[], failure: Failure): Promise<void> {
  const { cloud, mapping, shardId } = context;
  const destination = mapping.onFailureArn;
  if (destination) {
    const record = failureRecord(mapping, shardId, records, failure);
    while (!context.signal.aborted) {
      try {
        await deliverTo(cloud, context.configuration(), destination, record);
        break;
      } catch (error) {
        cloud.logger.error('A given-up batch could not be delivered to its destination; it is tried again.', {
          destination,
          error: String(error),
        });
        await pause(1000, context.signal);
      }
    }
    if (context.signal.aborted) return;
  }
  cloud.logger.warn('A batch of a stream was given up.', {
    function: mapping.functionArn,
    condition: failure.condition,
    records: records.length,
  });
  await context.checkpoint(lastSequenceNumber(records));
}

function failureRecord(mapping: Mapping, shardId: string, records: StreamRecord[], failure: Failure): object {
  const { invocation, condition, attempts } = failure;
  const arrival = (record: StreamRecord | undefined) =>
    new Date((record?.dynamodb.ApproximateCreationDateTime ?? 0) * 1000).toISOString();
  return {
    requestContext: {
      requestId: invocation.requestId,
      functionArn: mapping.functionArn,
      condition,
      approximateInvokeCount: attempts,
    },
    responseContext: {
      statusCode: 200,
      executedVersion: '$LATEST',
      functionError: invocation.functionError ?? null,
    },
    version: '1.0',
    timestamp: new Date().toISOString(),
    DDBStreamBatchInfo: {
      shardId,
      startSequenceNumber: records[0]?.dynamodb.SequenceNumber,
      endSequenceNumber: lastSequenceNumber(records),
      approximateArrivalOfFirstRecord: arrival(records[0]),
      approximateArrivalOfLastRecord: arrival(records.at(-1)),
      batchSize: records.length,
      streamArn: mapping.eventSourceArn,
    },
  };
}

function sequenceNumberOf(record: StreamRecord): string {
  return record.dynamodb.SequenceNumber;
}

function lastSequenceNumber(records: StreamRecord[]): string {
  return records.at(-1)?.dynamodb.SequenceNumber ?? '';
}
