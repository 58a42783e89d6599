import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AwsRequest, Operation } from '../../core/service.ts';
import { createTestCloud, type TestCloud } from '../../core/testing.ts';
import { counted as countedMonitoring } from '../cloudwatch/usage.ts';
import { createMeasure } from '../dynamodb/measure.ts';
import type { FunctionConfiguration } from '../lambda/configuration.ts';
import { recordInvocation } from '../lambda/invocation-record.ts';
import { recordIngestion, recordScan } from '../logs/usage.ts';
import { recordRequest as recordObjectRequest } from '../s3/usage.ts';
import { recordRequest as recordQueueRequest } from '../sqs/usage.ts';
import type { ExecutionRecord } from '../stepfunctions/execution-record.ts';
import { recordEnd, recordTransition } from '../stepfunctions/execution-telemetry.ts';
import { priceOf } from './pricing.ts';

const request = {} as AwsRequest;
let cloud: TestCloud;

beforeEach(() => {
  cloud = createTestCloud({ ports: { logs: { write: () => undefined } } });
});
afterEach(() => {
  // Whatever a service counts has a price.
  for (const use of cloud.recorded.usage) expect(priceOf(use), use.usageType).toBeDefined();
  cloud.remove();
});

const used = () => cloud.recorded.usage.map(({ usageType, quantity }) => [usageType, quantity]);

describe('Lambda', () => {
  it.each([
    ['arm64', 'Request-ARM', 'Lambda-GB-Second-ARM'],
    ['x86_64', 'Request', 'Lambda-GB-Second'],
  ])(
    'on %s bills whole milliseconds, initialization included, times memory',
    (architecture, requests, seconds) => {
      const configuration = {
        name: 'orders',
        arn: 'arn:orders',
        logGroup: '/aws/lambda/orders',
        memoryMegabytes: 512,
        architecture,
      } as FunctionConfiguration;
      recordInvocation(cloud, {
        configuration,
        outcome: {
          startedAt: 0,
          duration: 12.2,
          initDuration: 100.5,
          logStream: 's',
          logTail: '',
          memoryUsedBytes: 1,
        },
        requestId: 'r',
        trace: { root: '1-0-0', sampled: false },
        segmentId: 's',
        calledAt: 0,
        concurrency: 1,
      } as unknown as Parameters<typeof recordInvocation>[1]);
      expect(used()).toEqual([
        [requests, 1],
        [seconds, 0.113 * 0.5],
      ]);
    },
  );
});

describe('DynamoDB', () => {
  const measured = (operation: string, body: object, more: object = {}) =>
    createMeasure(cloud)({
      operation,
      table: 'orders',
      input: {},
      received: { status: 200, body: Buffer.from(JSON.stringify(body)) },
      milliseconds: 1,
      ...more,
    });

  it('bills the units of a table, and a stream read by request', () => {
    measured('PutItem', {}, { capacity: { TableName: 'orders', CapacityUnits: 3 } });
    measured('Query', {}, { capacity: { TableName: 'orders', CapacityUnits: 0.5 } });
    measured('GetRecords', {}, { table: undefined });
    measured('DescribeTable', {});
    expect(used()).toEqual([
      ['WriteRequestUnits', 3],
      ['ReadRequestUnits', 0.5],
      ['Streams-Requests', 1],
    ]);
    expect(cloud.recorded.usage[0]?.resource).toBe('arn:aws:dynamodb:us-east-1:000000000000:table/orders');
  });

  it('bills a write whose condition failed, and nothing else that failed', () => {
    const refused = (text: string) => ({ received: { status: 400, body: Buffer.from(text) } });
    const Item = { id: { S: 'x'.repeat(1_500) } };
    measured('PutItem', {}, { ...refused('ConditionalCheckFailedException'), input: { Item } });
    measured('DeleteItem', {}, { ...refused('ConditionalCheckFailedException'), input: {} });
    measured('PutItem', {}, refused('ValidationException'));
    measured(
      'TransactWriteItems',
      {},
      {
        ...refused('TransactionCanceledException [ConditionalCheckFailed, None]'),
        table: undefined,
        input: { TransactItems: [{ Put: { TableName: 'orders', Item } }] },
      },
    );
    expect(used()).toEqual([
      ['WriteRequestUnits', 2],
      ['WriteRequestUnits', 1],
      ['WriteRequestUnits', 4],
    ]);
  });
});

describe('Step Functions', () => {
  const execution = (type: 'EXPRESS' | 'STANDARD', milliseconds: number, input = '{}') =>
    ({
      machineArn: 'arn:m',
      type,
      input,
      startedAt: 1_000,
      stoppedAt: 1_000 + milliseconds,
      status: 'SUCCEEDED',
    }) as ExecutionRecord;

  it.each([
    [1, 0.1],
    [100, 0.1],
    [101, 0.2],
  ])('bills an express execution of %d ms as %d seconds of 64 MB', (milliseconds, seconds) => {
    recordEnd(cloud, execution('EXPRESS', milliseconds));
    expect(used()).toEqual([
      ['USE1-StepFunctions-Request', 1],
      ['USE1-StepFunctions-GB-Second', (seconds * 64) / 1024],
    ]);
  });

  it('bills a standard one by its transitions alone', () => {
    recordTransition(cloud, execution('STANDARD', 1));
    recordTransition(cloud, execution('EXPRESS', 1));
    recordEnd(cloud, execution('STANDARD', 1));
    expect(used()).toEqual([['USE1-StateTransition', 1]]);
  });
});

describe('the others', () => {
  it('bill requests of S3 by what they do', () => {
    for (const [method, key] of [
      ['PUT', 'a'],
      ['GET', 'a'],
      ['GET', ''],
      ['HEAD', 'a'],
      ['DELETE', 'a'],
    ] as const) {
      recordObjectRequest(cloud, 'files', key, method);
    }
    expect(cloud.recorded.usage.map(({ usageType, operation }) => `${usageType} ${operation}`)).toEqual([
      'Requests-Tier1 PutObject',
      'Requests-Tier2 GetObject',
      'Requests-Tier1 ListBucket',
      'Requests-Tier2 HeadObject',
    ]);
  });

  it('bill a request of SQS once for every 64 KB', () => {
    recordQueueRequest(cloud, 'arn:q', 'SendMessage');
    recordQueueRequest(cloud, 'arn:q', 'SendMessage', 65_536);
    recordQueueRequest(cloud, 'arn:q', 'SendMessage', 65_537);
    expect(used().map(([, quantity]) => quantity)).toEqual([1, 1, 2]);
  });

  it('bill CloudWatch by request, and reading data by metric', async () => {
    const answer: Operation = async () => ({});
    const operations = countedMonitoring(cloud, { GetMetricData: answer, PutMetricData: answer });
    const MetricDataQueries = [{ MetricStat: {} }, { MetricStat: {} }, { Expression: 'm1 * 2' }];
    await operations['GetMetricData']?.({ MetricDataQueries }, request);
    await operations['PutMetricData']?.({}, request);
    expect(used()).toEqual([
      ['CW:GMD-Metrics', 2],
      ['CW:Requests', 1],
    ]);
  });

  it('bill logs by the gigabyte written and scanned', () => {
    recordIngestion(cloud, 'arn:g', [{ message: 'é'.repeat(37) }]);
    recordScan(cloud, 'arn:g', 2 ** 29);
    expect(used()).toEqual([
      ['DataProcessing-Bytes', 100 / 2 ** 30],
      ['DataScanned-Bytes', 0.5],
    ]);
  });
});
