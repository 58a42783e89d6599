const READS = new Set(['GetItem', 'BatchGetItem', 'Query', 'Scan', 'TransactGetItems']);
const WRITES = new Set(['PutItem', 'UpdateItem', 'DeleteItem', 'BatchWriteItem', 'TransactWriteItems']);

/** Units that one request consumed on one table. */
export interface Consumed {
  table: string;
  units: number;
}

export function kindOf(operation: string): 'Read' | 'Write' | undefined {
  if (READS.has(operation)) return 'Read';
  return WRITES.has(operation) ? 'Write' : undefined;
}

export function isTransaction(operation: string): boolean {
  return operation.startsWith('Transact');
}

/** What DynamoDB Local says in `ConsumedCapacity`; right for all but transactions. */
export function consumedOf(capacity: unknown): Consumed[] {
  const all = Array.isArray(capacity) ? capacity : [capacity];
  return all.flatMap((one: unknown) => {
    const { TableName: table, CapacityUnits: units } = (one ?? {}) as Record<string, unknown>;
    return typeof table === 'string' && typeof units === 'number' ? [{ table, units }] : [];
  });
}

/**
 * Units of a transaction, which DynamoDB Local gets wrong: twice the item's units, for each item. Of an update, a
 * delete and a condition check only the request is seen, so a large stored item is counted too low.
 */
export function transactionUnits(
  operation: string,
  input: Record<string, unknown>,
  output: unknown,
): Consumed[] {
  const reading = operation === 'TransactGetItems';
  const unitBytes = reading ? 4096 : 1024;
  const items = Array.isArray(input['TransactItems']) ? input['TransactItems'] : [];
  const responses = (output as { Responses?: unknown } | undefined)?.Responses;
  const units = new Map<string, number>();
  for (const [index, item] of items.entries()) {
    const action = Object.values((item ?? {}) as Record<string, unknown>)[0] as
      | Record<string, unknown>
      | undefined;
    const table = action?.['TableName'];
    if (typeof table !== 'string') continue;
    const read = Array.isArray(responses)
      ? (responses[index] as { Item?: unknown } | undefined)?.Item
      : undefined;
    const size = reading
      ? itemBytes(read)
      : itemBytes(
          action?.['Item'] ?? {
            ...object(action?.['Key']),
            ...object(action?.['ExpressionAttributeValues']),
          },
        );
    units.set(table, (units.get(table) ?? 0) + 2 * Math.max(1, Math.ceil(size / unitBytes)));
  }
  return [...units].map(([table, consumed]) => ({ table, units: consumed }));
}

function object(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

/** Bytes of an item as DynamoDB counts them: names and values in UTF-8. */
export function itemBytes(item: unknown): number {
  return Object.entries(object(item)).reduce(
    (sum, [name, value]) => sum + Buffer.byteLength(name) + valueBytes(value),
    0,
  );
}

function valueBytes(value: unknown): number {
  const [[type, content] = ['', undefined]] = Object.entries(object(value));
  switch (type) {
    case 'S':
      return Buffer.byteLength(String(content));
    case 'N':
      return Math.ceil(String(content).replace(/[^0-9]/g, '').length / 2) + 1;
    case 'B':
      return Buffer.byteLength(String(content), 'base64');
    case 'SS':
    case 'NS':
    case 'BS':
      return list(content).reduce<number>((sum, one) => sum + valueBytes({ [type[0] ?? 'S']: one }), 0);
    case 'L':
      return list(content).reduce<number>((sum, one) => sum + 1 + valueBytes(one), 3);
    case 'M':
      return Object.entries(object(content)).reduce(
        (sum, [name, one]) => sum + 1 + Buffer.byteLength(name) + valueBytes(one),
        3,
      );
    default:
      return 1;
  }
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
