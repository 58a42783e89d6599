import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Invocation } from '../../../core/cloud.ts';
import { AwsError } from '../../../core/errors.ts';
import { createTestCloud, type TestCloud } from '../../../core/testing.ts';
import { readMapping } from './mapping.ts';
import { processStreamBatch } from './stream-batch.ts';
import type { StreamRecord } from './streams-client.ts';

const streamArn = 'arn:aws:dynamodb:us-east-1:000000000000:table/t/stream/2026-01-01T00:00:00.000';
const functionArn = 'arn:aws:lambda:us-east-1:000000000000:function:f';
const clouds: TestCloud[] = [];

afterEach(() => {
  for (const cloud of clouds.splice(0)) cloud.remove();
});

/** Runs a batch of records `1 … count` against a function given as a plain one over sequence numbers. */
async function run(
  count: number,
  settings: Record<string, unknown>,
  answer: (numbers: string[], call: number) => unknown,
) {
  const sent: { arn: string; body: unknown }[] = [];
  const cloud = createTestCloud({
    ports: { queues: { send: async (arn, body) => void sent.push({ arn, body: JSON.parse(body) }) } },
  });
  clouds.push(cloud);
  const mapping = readMapping('uuid', functionArn, {
    event_source_arn: streamArn,
    starting_position: 'TRIM_HORIZON',
    ...settings,
  });
  const calls: string[][] = [];
  const checkpoints: string[] = [];
  await processStreamBatch(
    {
      cloud,
      mapping,
      shardId: 'shard-1',
      signal: new AbortController().signal,
      retryDelay: 1,
      configuration: () => ({ name: 'reader', role: 'arn:aws:iam::000000000000:role/reader' }),
      checkpoint: async (number) => void checkpoints.push(number),
      invoke: async (records): Promise<Invocation> => {
        const numbers = records.map(({ dynamodb }) => dynamodb.SequenceNumber);
        calls.push(numbers);
        try {
          return { payload: answer(numbers, calls.length), requestId: 'request' };
        } catch (error) {
          if (error instanceof AwsError) throw error;
          return {
            payload: { errorMessage: String(error) },
            functionError: 'Unhandled',
            requestId: 'request',
          };
        }
      },
    },
    Array.from({ length: count }, (_, index) => record(index + 1)),
  );
  return { calls, checkpoints, sent, log: cloud.recorded.log };
}

function record(number: number, createdAt = Date.now() / 1000): StreamRecord {
  return {
    eventID: `e${number}`,
    eventName: 'INSERT',
    eventVersion: '1.1',
    dynamodb: { SequenceNumber: String(number), ApproximateCreationDateTime: createdAt },
  };
}

const refuse = (poison: string) => (numbers: string[]) => {
  if (numbers.includes(poison)) throw new Error('poison');
  return undefined;
};

describe('a batch of a stream', () => {
  test('is remembered when all of it succeeded', async () => {
    const { calls, checkpoints } = await run(3, {}, () => undefined);
    expect(calls).toEqual([['1', '2', '3']]);
    expect(checkpoints).toEqual(['3']);
  });

  test('is tried again whole after an error', async () => {
    const { calls, checkpoints } = await run(2, {}, (_numbers, call) => {
      if (call < 3) throw new Error('not yet');
      return undefined;
    });
    expect(calls).toEqual([
      ['1', '2'],
      ['1', '2'],
      ['1', '2'],
    ]);
    expect(checkpoints).toEqual(['2']);
  });

  test('goes on at its first failed item when the function names it', async () => {
    const settings = { function_response_types: ['ReportBatchItemFailures'] };
    const { calls, checkpoints } = await run(4, settings, (_numbers, call) =>
      call === 1
        ? { batchItemFailures: [{ itemIdentifier: '4' }, { itemIdentifier: '3' }] }
        : { batchItemFailures: [] },
    );
    expect(calls).toEqual([
      ['1', '2', '3', '4'],
      ['3', '4'],
    ]);
    expect(checkpoints).toEqual(['2', '4']);
  });

  test('is tried again whole when the named item is not one of it', async () => {
    const settings = { function_response_types: ['ReportBatchItemFailures'] };
    const { calls } = await run(2, settings, (_numbers, call) =>
      call === 1 ? { batchItemFailures: [{ itemIdentifier: '' }] } : null,
    );
    expect(calls).toEqual([
      ['1', '2'],
      ['1', '2'],
    ]);
  });

  test('is given up after its attempts, and its place told to the failure queue', async () => {
    const queue = 'arn:aws:sqs:us-east-1:000000000000:failures';
    const { calls, checkpoints, sent } = await run(
      2,
      { maximum_retry_attempts: 1, destination_config: { on_failure: { destination_arn: queue } } },
      refuse('1'),
    );
    expect(calls).toHaveLength(2);
    expect(checkpoints).toEqual(['2']);
    expect(sent).toMatchObject([
      {
        arn: queue,
        body: {
          version: '1.0',
          requestContext: { condition: 'RetryAttemptsExhausted', approximateInvokeCount: 2, functionArn },
          responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
          DDBStreamBatchInfo: {
            shardId: 'shard-1',
            startSequenceNumber: '1',
            endSequenceNumber: '2',
            batchSize: 2,
            streamArn,
          },
        },
      },
    ]);
  });

  test('is halved until only the failing record is given up', async () => {
    const settings = { maximum_retry_attempts: 0, bisect_batch_on_function_error: true };
    const { calls, checkpoints, log } = await run(4, settings, refuse('3'));
    expect(calls).toEqual([['1', '2', '3', '4'], ['1', '2'], ['3', '4'], ['3'], ['4']]);
    expect(checkpoints).toEqual(['2', '3', '4']);
    expect(log).toMatchObject([{ level: 'warn', fields: { records: 1 } }]);
  });

  test('does not use up its attempts while the function is throttled', async () => {
    const { calls, checkpoints, log } = await run(1, { maximum_retry_attempts: 0 }, (_numbers, call) => {
      if (call < 3) throw new AwsError('TooManyRequestsException', 'Rate Exceeded.', 429);
      return undefined;
    });
    expect(calls).toHaveLength(3);
    expect(checkpoints).toEqual(['1']);
    expect(log).toHaveLength(2);
  });

  test('is given up when it is too old', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    try {
      const { calls, checkpoints } = await run(1, { maximum_record_age_in_seconds: 60 }, () => {
        vi.setSystemTime(Date.now() + 61_000);
        throw new Error('too late');
      });
      expect(calls).toHaveLength(1);
      expect(checkpoints).toEqual(['1']);
    } finally {
      vi.useRealTimers();
    }
  });
});
