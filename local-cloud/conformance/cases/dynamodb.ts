import {
  BatchGetItemCommand,
  CreateTableCommand,
  DeleteItemCommand,
  DescribeTableCommand,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { expect } from 'vitest';
import { type Case, type Clients, refusalOf } from '../case.ts';

async function newTable({ dynamodb, name }: Clients): Promise<string> {
  const TableName = name();
  await dynamodb.send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [
        { AttributeName: 'p', KeyType: 'HASH' },
        { AttributeName: 's', KeyType: 'RANGE' },
      ],
      AttributeDefinitions: [
        { AttributeName: 'p', AttributeType: 'S' },
        { AttributeName: 's', AttributeType: 'N' },
      ],
    }),
  );
  return TableName;
}

const item = (s: number, more = {}) => ({ p: { S: 'a' }, s: { N: String(s) }, ...more });
const service = 'DynamoDB';

export const dynamodbCases: Case[] = [
  {
    service,
    name: 'a put item is read back by its key',
    operations: ['CreateTable', 'PutItem', 'GetItem'],
    async run(clients) {
      const TableName = await newTable(clients);
      await clients.dynamodb.send(new PutItemCommand({ TableName, Item: item(1, { x: { BOOL: true } }) }));
      const { Item } = await clients.dynamodb.send(new GetItemCommand({ TableName, Key: item(1) }));
      expect(Item).toEqual(item(1, { x: { BOOL: true } }));
    },
  },
  {
    service,
    name: 'a condition that fails refuses the write and hands out the item on request',
    operations: ['PutItem'],
    async run(clients) {
      const TableName = await newTable(clients);
      await clients.dynamodb.send(new PutItemCommand({ TableName, Item: item(1, { x: { S: 'old' } }) }));
      const again = clients.dynamodb.send(
        new PutItemCommand({
          TableName,
          Item: item(1),
          ConditionExpression: 'attribute_not_exists(p)',
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        }),
      );
      await expect(again).rejects.toMatchObject({
        name: 'ConditionalCheckFailedException',
        Item: item(1, { x: { S: 'old' } }),
      });
    },
  },
  {
    service,
    name: 'a transaction is all or nothing, and says which of its parts failed',
    operations: ['TransactWriteItems'],
    async run(clients) {
      const TableName = await newTable(clients);
      const refused = clients.dynamodb.send(
        new TransactWriteItemsCommand({
          TransactItems: [
            { Put: { TableName, Item: item(1) } },
            { ConditionCheck: { TableName, Key: item(2), ConditionExpression: 'attribute_exists(p)' } },
          ],
        }),
      );
      await expect(refused).rejects.toMatchObject({
        name: 'TransactionCanceledException',
        CancellationReasons: [{ Code: 'None' }, { Code: 'ConditionalCheckFailed' }],
      });
      const { Item } = await clients.dynamodb.send(new GetItemCommand({ TableName, Key: item(1) }));
      expect(Item).toBeUndefined();
    },
  },
  {
    service,
    name: 'a query goes on from its last key, in either direction',
    operations: ['Query'],
    async run(clients) {
      const TableName = await newTable(clients);
      for (const s of [1, 2, 3])
        await clients.dynamodb.send(new PutItemCommand({ TableName, Item: item(s) }));
      const query = {
        TableName,
        KeyConditionExpression: 'p = :p',
        ExpressionAttributeValues: { ':p': { S: 'a' } },
        ScanIndexForward: false,
        Limit: 2,
      };
      const first = await clients.dynamodb.send(new QueryCommand(query));
      expect(first.Items).toEqual([item(3), item(2)]);
      const second = await clients.dynamodb.send(
        new QueryCommand({ ...query, ExclusiveStartKey: first.LastEvaluatedKey }),
      );
      expect(second.Items).toEqual([item(1)]);
    },
  },
  {
    service,
    name: 'an update adds to a number and answers what is new',
    operations: ['UpdateItem'],
    async run(clients) {
      const TableName = await newTable(clients);
      const update = new UpdateItemCommand({
        TableName,
        Key: item(1),
        UpdateExpression: 'ADD n :one',
        ExpressionAttributeValues: { ':one': { N: '1' } },
        ReturnValues: 'UPDATED_NEW',
      });
      await clients.dynamodb.send(update);
      expect((await clients.dynamodb.send(update)).Attributes).toEqual({ n: { N: '2' } });
    },
  },
  {
    service,
    name: 'a batch that names a key twice is refused',
    operations: ['BatchGetItem'],
    async run(clients) {
      const TableName = await newTable(clients);
      const batch = new BatchGetItemCommand({ RequestItems: { [TableName]: { Keys: [item(1), item(1)] } } });
      expect(await refusalOf(clients.dynamodb.send(batch))).toBe('ValidationException');
    },
  },
  {
    service,
    name: 'a delete answers what was there on request, and deletes nothing twice with an error',
    operations: ['DeleteItem'],
    async run(clients) {
      const TableName = await newTable(clients);
      await clients.dynamodb.send(new PutItemCommand({ TableName, Item: item(1) }));
      const remove = new DeleteItemCommand({ TableName, Key: item(1), ReturnValues: 'ALL_OLD' });
      expect((await clients.dynamodb.send(remove)).Attributes).toEqual(item(1));
      expect((await clients.dynamodb.send(remove)).Attributes).toBeUndefined();
    },
  },
  {
    service,
    name: 'a table that is not there is told by name',
    operations: ['DescribeTable'],
    async run({ dynamodb, name }) {
      const describe = dynamodb.send(new DescribeTableCommand({ TableName: name() }));
      expect(await refusalOf(describe)).toBe('ResourceNotFoundException');
    },
  },
];
