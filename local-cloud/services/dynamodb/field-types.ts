import { AwsError } from '../../core/errors.ts';

type Kind = 'text' | 'number' | 'boolean' | 'object' | 'list';

const named = (kind: Kind, names: string) => names.split(' ').map((name) => [name, kind] as const);

/** What the fields of requests are, whatever the operation. */
const kinds = new Map<string, Kind>([
  ...named(
    'text',
    'TableName IndexName ResourceArn StreamArn ShardId ShardIterator NextToken Statement Select',
  ),
  ...named(
    'text',
    'ReturnConsumedCapacity ReturnItemCollectionMetrics ReturnValues BillingMode ClientRequestToken',
  ),
  ...named(
    'text',
    'KeyConditionExpression FilterExpression ProjectionExpression ConditionExpression UpdateExpression',
  ),
  ...named(
    'text',
    'ExclusiveStartTableName ExclusiveStartShardId ReturnValuesOnConditionCheckFailure TableClass',
  ),
  ...named('number', 'Limit Segment TotalSegments'),
  ...named('boolean', 'ConsistentRead ScanIndexForward DeletionProtectionEnabled'),
  ...named(
    'object',
    'Key Item RequestItems ExpressionAttributeNames ExpressionAttributeValues ExclusiveStartKey',
  ),
  ...named('object', 'ProvisionedThroughput StreamSpecification SSESpecification TimeToLiveSpecification'),
  ...named('list', 'TransactItems TransactStatements Statements KeySchema AttributeDefinitions Tags TagKeys'),
  ...named('list', 'GlobalSecondaryIndexes LocalSecondaryIndexes GlobalSecondaryIndexUpdates Parameters'),
]);

/**
 * Refuses fields of the wrong kind as DynamoDB does, with `SerializationException`: DynamoDB Local would answer an
 * internal failure, which clients take for a reason to ask again.
 */
export function checkFieldTypes(operation: string, input: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(input)) {
    const kind = kinds.get(name);
    if (kind !== undefined && value !== null && !isOf(kind, value)) throw wrong(name, kind);
    if (itemFields.has(name)) checkItem(name, value);
  }
  // What stands for each table of a batch: the keys to get, or the list of what is written.
  const kind = operation === 'BatchWriteItem' ? 'list' : 'object';
  for (const [table, request] of Object.entries(input['RequestItems'] ?? {})) {
    if (!isOf(kind, request)) throw wrong(`RequestItems.${table}`, kind);
    if (kind === 'object') checkBatchGet(table, request as Record<string, unknown>);
    else checkObjects(`RequestItems.${table}`, request as unknown[]);
  }
  if (Array.isArray(input['TransactItems'])) checkObjects('TransactItems', input['TransactItems']);
}

/** Fields that hold attribute values by name. */
const itemFields = new Set(['Key', 'Item', 'ExclusiveStartKey', 'ExpressionAttributeValues']);

function checkItem(name: string, item: unknown): void {
  for (const [attribute, value] of Object.entries(item ?? {})) checkValue(`${name}.${attribute}`, value);
}

const textTypes = ['S', 'N', 'B'];
const setTypes = ['SS', 'NS', 'BS'];

function checkValue(name: string, value: unknown): void {
  if (!isOf('object', value)) throw wrong(name, 'object');
  for (const [type, inner] of Object.entries(value as object)) {
    const path = `${name}.${type}`;
    if (textTypes.includes(type) && !isOf('text', inner)) throw wrong(path, 'text');
    if ((type === 'BOOL' || type === 'NULL') && !isOf('boolean', inner)) throw wrong(path, 'boolean');
    if (
      setTypes.includes(type) &&
      !(isOf('list', inner) && (inner as unknown[]).every((each) => isOf('text', each)))
    )
      throw wrong(path, 'list of texts');
    if (type === 'M') {
      if (!isOf('object', inner)) throw wrong(path, 'object');
      checkItem(path, inner);
    }
    if (type === 'L') {
      if (!isOf('list', inner)) throw wrong(path, 'list');
      for (const [index, each] of (inner as unknown[]).entries()) checkValue(`${path}.${index}`, each);
    }
  }
}

function checkBatchGet(table: string, request: Readonly<Record<string, unknown>>): void {
  const { Keys: keys, AttributesToGet: attributes } = request;
  for (const [name, value] of Object.entries({ Keys: keys, AttributesToGet: attributes })) {
    if (value !== undefined && !isOf('list', value)) throw wrong(`RequestItems.${table}.${name}`, 'list');
  }
  if (Array.isArray(keys)) checkObjects(`RequestItems.${table}.Keys`, keys);
  checkFieldTypes('', request);
}

function checkObjects(name: string, values: readonly unknown[]): void {
  if (!values.every((each) => isOf('object', each))) throw wrong(name, 'list of objects');
  // Each is a write or a read under its name, such as `PutRequest`, or a key.
  for (const part of values.flatMap((each) => Object.values(each as object))) {
    if (isOf('object', part)) checkFieldTypes('', part as Record<string, unknown>);
  }
}

const wrong = (name: string, kind: string) =>
  new AwsError('SerializationException', `The value of ${name} must be a ${kind}.`);

function isOf(kind: Kind, value: unknown): boolean {
  switch (kind) {
    case 'text':
      return typeof value === 'string';
    case 'number':
      return Number.isSafeInteger(value) && Math.abs(value as number) < 2 ** 31;
    case 'boolean':
      return typeof value === 'boolean';
    case 'object':
      return typeof value === 'object' && value !== null && !Array.isArray(value);
    case 'list':
      return Array.isArray(value) && value.every((each) => each !== null);
  }
}
