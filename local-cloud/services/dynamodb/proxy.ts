import { AwsError } from '../../core/errors.ts';
import type { AwsRequest, AwsResponse } from '../../core/service.ts';
import { encodeJson } from '../../gateway/json.ts';
import { isTransaction, kindOf, transactionUnits } from './capacity.ts';
import { checkFieldTypes } from './field-types.ts';
import type { LocalAnswer, LocalClient } from './local-client.ts';
import { type Measure, readCapacity } from './measure.ts';
import type { Names } from './names.ts';

/** Operations whose answers name tables and streams by ARN. Items never pass here, so no data is rewritten. */
const ARN_IN_ANSWER =
  /^(CreateTable|DescribeTable|UpdateTable|DeleteTable|ListStreams|DescribeStream|GetRecords|DescribeTimeToLive|ListGlobalTables)$/;
const ASK_CAPACITY = '{"ReturnConsumedCapacity":"TOTAL",';

/** An operation that DynamoDB Local lacks, answered by us. */
export type OwnOperation = (input: Record<string, unknown>) => Promise<object>;

/** Passes requests through to DynamoDB Local, and measures them on the way. */
export function createProxy(
  client: () => Promise<LocalClient>,
  names: Names,
  own: Record<string, OwnOperation>,
  measure: Measure,
) {
  return async function handle(request: AwsRequest): Promise<AwsResponse> {
    const target = request.headers['x-amz-target'] ?? '';
    const operation = target.slice(target.indexOf('.') + 1);
    if (!/^DynamoDB(Streams)?_\d+\.\w+$/.test(target)) {
      throw new AwsError('UnknownOperationException', 'An unknown operation was requested.');
    }
    if (request.headers['content-encoding']) {
      throw new AwsError('SerializationException', 'DynamoDB takes no compressed bodies.');
    }
    const { input, body } = byName(parse(request.body), request.body);
    checkFieldTypes(operation, input);
    const table = typeof input['TableName'] === 'string' ? input['TableName'] : undefined;
    if (Object.hasOwn(own, operation)) return json(200, encodeJson(await own[operation]?.(input)));

    const began = performance.now();
    const answer = await forward(await client(), target, operation, input, body);
    measure({ operation, table, input, ...answer, milliseconds: performance.now() - began });
    return answer.response;
  };

  /** AWS takes a table's ARN wherever it takes its name; DynamoDB Local only takes the name. */
  function byName(
    input: Record<string, unknown>,
    body: Buffer,
  ): { input: Record<string, unknown>; body: Buffer } {
    const prefix = `${names.arnPrefix}table/`;
    const table = input['TableName'];
    if (typeof table !== 'string' || !table.startsWith(prefix)) return { input, body };
    const named = { ...input, TableName: table.slice(prefix.length) };
    return { input: named, body: Buffer.from(JSON.stringify(named)) };
  }

  async function forward(
    local: LocalClient,
    target: string,
    operation: string,
    input: Record<string, unknown>,
    body: Buffer,
  ): Promise<{ received: LocalAnswer; capacity?: unknown; response: AwsResponse }> {
    const asked = input['ReturnConsumedCapacity'];
    const metered = kindOf(operation) !== undefined && !isTransaction(operation);
    const added = metered && (asked === undefined || asked === 'NONE');
    const received = await local.send(target, added ? askForCapacity(input, body) : localBody(target, body));
    if (received.status !== 200) return { received, response: json(received.status, received.body) };
    if (added) {
      const { rest, capacity } = readCapacity(received.body.toString());
      return { received, capacity, response: json(200, rest) };
    }
    if (asked !== undefined && asked !== 'NONE') {
      return withCapacity(operation, input, received);
    }
    const renamed = ARN_IN_ANSWER.test(operation) ? names.fromLocal(received.body.toString()) : received.body;
    return { received, response: json(200, renamed) };
  }

  /** Only streams are asked for by ARN; the body of any other request may hold ARNs that are the caller's data. */
  function localBody(target: string, body: Buffer): Buffer | string {
    return target.startsWith('DynamoDBStreams_') ? names.toLocal(body.toString()) : body;
  }
}

function withCapacity(operation: string, input: Record<string, unknown>, received: LocalAnswer) {
  const output = JSON.parse(received.body.toString()) as Record<string, unknown>;
  if (!isTransaction(operation)) {
    return { received, capacity: output['ConsumedCapacity'], response: json(200, received.body) };
  }
  const field = operation === 'TransactGetItems' ? 'ReadCapacityUnits' : 'WriteCapacityUnits';
  const corrected = transactionUnits(operation, input, output).map(({ table, units }) => {
    return { TableName: table, CapacityUnits: units, [field]: units };
  });
  return { received, response: json(200, JSON.stringify({ ...output, ConsumedCapacity: corrected })) };
}

/** Puts the question in front of the body, without writing the body anew. */
function askForCapacity(input: Record<string, unknown>, body: Buffer): string {
  if (input['ReturnConsumedCapacity'] !== undefined) {
    return JSON.stringify({ ...input, ReturnConsumedCapacity: 'TOTAL' });
  }
  const text = body.toString();
  if (Object.keys(input).length === 0) return text;
  return ASK_CAPACITY + text.slice(text.indexOf('{') + 1);
}

function parse(body: Buffer): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(body.toString());
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return value as Record<string, unknown>;
  } catch {
    // Told below, as DynamoDB does; DynamoDB Local would answer an internal failure.
  }
  throw new AwsError('SerializationException', 'The body is no JSON object.');
}

function json(status: number, body: string | Buffer): AwsResponse {
  return { status, headers: { 'content-type': 'application/x-amz-json-1.0' }, body };
}
