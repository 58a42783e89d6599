import type { Cloud } from '../../core/cloud.ts';
import type { Usage } from '../../core/telemetry.ts';
import { type Consumed, consumedOf, isTransaction, itemBytes, kindOf, transactionUnits } from './capacity.ts';
import type { LocalAnswer } from './local-client.ts';

/** One request that went to DynamoDB Local. */
export interface Measured {
  operation: string;
  /** Absent where the request names several tables, or none. */
  table: string | undefined;
  input: Record<string, unknown>;
  received: LocalAnswer;
  /** What DynamoDB Local said it consumed, where it was asked. */
  capacity?: unknown;
  milliseconds: number;
}

export type Measure = (request: Measured) => void;

/** Records a request as CloudWatch's AWS/DynamoDB metrics. */
export function createMeasure(cloud: Cloud): Measure {
  const record = (name: string, unit: string, value: number, dimensions: Record<string, string>) =>
    cloud.telemetry.metric({ namespace: 'AWS/DynamoDB', name, unit, value, dimensions, time: Date.now() });

  const usage = (use: Omit<Usage, 'service'>) =>
    cloud.telemetry.usage({ service: 'Amazon DynamoDB', ...use });
  const bill = (kind: 'Read' | 'Write', { table, units }: Consumed) =>
    usage({
      usageType: `${kind}RequestUnits`,
      operation: 'PayPerRequestThroughput',
      resource: `arn:aws:dynamodb:${cloud.region}:${cloud.accountId}:table/${table}`,
      quantity: units,
      time: Date.now(),
    });

  return (request) => {
    const { operation, received, milliseconds } = request;
    const tables = tablesOf(request);
    if (received.status !== 200) {
      for (const consumed of consumedByRefusal(request)) bill('Write', consumed);
      const failed = failureMetric(received);
      for (const table of tables) {
        const dimensions: Record<string, string> = failed.byOperation
          ? { TableName: table, Operation: operation }
          : { TableName: table };
        record(failed.name, 'Count', 1, dimensions);
      }
      return;
    }
    for (const table of tables) {
      record('SuccessfulRequestLatency', 'Milliseconds', milliseconds, {
        TableName: table,
        Operation: operation,
      });
    }
    if (operation === 'GetRecords') {
      usage({ usageType: 'Streams-Requests', operation, resource: '', quantity: 1, time: Date.now() });
    }
    const kind = kindOf(operation);
    if (!kind) return;
    const consumed = isTransaction(operation)
      ? transactionUnits(operation, request.input, outputOf(operation, received))
      : consumedOf(request.capacity);
    for (const { table, units } of consumed) {
      record(`Consumed${kind}CapacityUnits`, 'Count', units, { TableName: table });
      bill(kind, { table, units });
    }
  };
}

function outputOf(operation: string, received: LocalAnswer): unknown {
  return operation === 'TransactGetItems' ? JSON.parse(received.body.toString()) : undefined;
}

function tablesOf({ operation, table, input }: Measured): string[] {
  if (table !== undefined) return [table];
  if (isTransaction(operation))
    return transactionUnits(operation, input, undefined).map(({ table: name }) => name);
  const requested = input['RequestItems'];
  return typeof requested === 'object' && requested !== null ? Object.keys(requested) : [];
}

/** A write whose condition fails is billed all the same: by the item it would have written, or one unit at least. */
function consumedByRefusal({ operation, table, input, received }: Measured): Consumed[] {
  if (kindOf(operation) !== 'Write' || !received.body.includes('ConditionalCheckFailed')) return [];
  if (isTransaction(operation)) return transactionUnits(operation, input, undefined);
  if (table === undefined) return [];
  return [{ table, units: Math.max(1, Math.ceil(itemBytes(input['Item']) / 1024)) }];
}

function failureMetric({ status, body }: LocalAnswer): { name: string; byOperation: boolean } {
  const text = body.toString();
  if (text.includes('ConditionalCheckFailed'))
    return { name: 'ConditionalCheckFailedRequests', byOperation: false };
  if (text.includes('ProvisionedThroughputExceeded')) return { name: 'ThrottledRequests', byOperation: true };
  if (text.includes('TransactionConflict')) return { name: 'TransactionConflict', byOperation: false };
  return status >= 500
    ? { name: 'SystemErrors', byOperation: true }
    : { name: 'UserErrors', byOperation: true };
}

// DynamoDB Local writes it last, and text within an item cannot look like this: its quotes would be escaped.
const LAST_FIELD = /,?"ConsumedCapacity":(\{"TableName":"[^"]*","CapacityUnits":[\d.]+\}|\[[^[\]]*\])\}$/;

/** Takes `ConsumedCapacity` out of an answer whose caller did not ask for it. */
export function readCapacity(text: string): { rest: string; capacity: unknown } {
  const last = LAST_FIELD.exec(text);
  if (last?.[1]) return { rest: `${text.slice(0, last.index)}}`, capacity: JSON.parse(last[1]) };
  const { ConsumedCapacity: capacity, ...rest } = JSON.parse(text) as Record<string, unknown>;
  return { rest: JSON.stringify(rest), capacity };
}
