import type { Wanted } from '../../core/access.ts';

type Input = Record<string, unknown>;

/** The single writes and reads of a transaction, each of which has to be allowed. */
const partActions: Readonly<Record<string, string>> = {
  Put: 'PutItem',
  Update: 'UpdateItem',
  Delete: 'DeleteItem',
  ConditionCheck: 'ConditionCheckItem',
  Get: 'GetItem',
};

const verbs: Readonly<Record<string, string>> = {
  SELECT: 'PartiQLSelect',
  INSERT: 'PartiQLInsert',
  UPDATE: 'PartiQLUpdate',
  DELETE: 'PartiQLDelete',
};

/** What an operation of DynamoDB or its streams has to be allowed to do. `arnPrefix` ends before `table/`. */
export function wantedOfDynamodb(operation: string, input: Input, arnPrefix: string): readonly Wanted[] {
  const tableArn = (name: unknown) =>
    String(name).startsWith('arn:') ? String(name) : `${arnPrefix}table/${name}`;
  const on = (action: string, resource: string): Wanted => ({ action: `dynamodb:${action}`, resource });

  if (operation === 'DescribeEndpoints') return [];
  if (operation === 'TransactWriteItems' || operation === 'TransactGetItems') {
    return objects(input['TransactItems']).flatMap((item) =>
      Object.entries(item).map(([kind, part]) =>
        on(partActions[kind] ?? operation, tableArn((part as Input | undefined)?.['TableName'])),
      ),
    );
  }
  if (operation === 'BatchGetItem' || operation === 'BatchWriteItem') {
    return Object.keys((input['RequestItems'] ?? {}) as Input).map((table) => on(operation, tableArn(table)));
  }
  if (operation === 'ExecuteStatement') return [partiQl(input, on, tableArn)];
  if (operation === 'BatchExecuteStatement')
    return objects(input['Statements']).map((each) => partiQl(each, on, tableArn));
  if (operation === 'ExecuteTransaction')
    return objects(input['TransactStatements']).map((each) => partiQl(each, on, tableArn));
  if (input['StreamArn'] !== undefined) return [on(operation, String(input['StreamArn']))];
  if (input['ShardIterator'] !== undefined) return [on(operation, streamOf(String(input['ShardIterator'])))];
  if (input['ResourceArn'] !== undefined) return [on(operation, String(input['ResourceArn']))];
  if (input['TableName'] === undefined) return [on(operation, '*')];
  const table = tableArn(input['TableName']);
  const index = input['IndexName'];
  return [on(operation, index === undefined ? table : `${table}/index/${index}`)];
}

/** An iterator names its stream between bars. */
const streamOf = (iterator: string) => iterator.split('|').find((part) => part.startsWith('arn:')) ?? '*';

function partiQl(
  input: Input,
  on: (action: string, resource: string) => Wanted,
  tableArn: (name: unknown) => string,
): Wanted {
  const text = String(input['Statement']).trim();
  const verb = verbs[(/^\w+/u.exec(text)?.[0] ?? '').toUpperCase()] ?? 'PartiQLSelect';
  const [, table, index] = /(?:\bFROM|\bINTO|^UPDATE)\s+"?([\w.-]+)"?(?:\."?([\w.-]+)"?)?/iu.exec(text) ?? [];
  if (table === undefined) return on(verb, '*');
  return on(verb, index === undefined ? tableArn(table) : `${tableArn(table)}/index/${index}`);
}

function objects(value: unknown): Input[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === 'object' && each !== null) : [];
}
