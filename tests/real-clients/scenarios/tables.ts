import type { GetItemOutput, QueryOutput, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { resourcesOf } from '../cloud.ts';
import { expectRefusal, type Stage } from '../scenario.ts';

const item = (customer: string, number: number, more: object = {}) => ({
  customer: { S: customer },
  number: { N: `${number}` },
  state: { S: number % 2 === 0 ? 'paid' : 'open' },
  ...more,
});
const key = (customer: string, number: number) => ({ customer: { S: customer }, number: { N: `${number}` } });

/** A table of the stack and one of the client's own: items written each way, read in pages, refused with their item. */
export function tableScenario(stage: Stage): void {
  const TableName = resourcesOf(stage.name).table;
  const call = <Output = Record<string, unknown>>(operation: string, input: object = {}) =>
    stage.client.call<Output>('dynamodb', operation, input);

  describe('tables', () => {
    it('take and give items', async () => {
      const whole = item('ada', 1, {
        lines: { L: [{ M: { price: { N: '12.5' }, gift: { BOOL: true } } }] },
      });
      await call('PutItem', { TableName, Item: whole });
      const read = await call<GetItemOutput>('GetItem', {
        TableName,
        Key: key('ada', 1),
        ConsistentRead: true,
      });
      expect(read.Item).toEqual({
        ...whole,
        lines: { L: [{ M: { price: { N: '12.5' }, gift: { BOOL: true } } }] },
      });
      const updated = await call('UpdateItem', {
        ...{ TableName, Key: key('ada', 1), ReturnValues: 'UPDATED_NEW', ReturnConsumedCapacity: 'TOTAL' },
        UpdateExpression: 'SET #state = :paid ADD tries :one',
        ExpressionAttributeNames: { '#state': 'state' },
        ExpressionAttributeValues: { ':paid': { S: 'paid' }, ':one': { N: '1' } },
      });
      expect(updated).toMatchObject({
        Attributes: { state: { S: 'paid' }, tries: { N: '1' } },
        ConsumedCapacity: { TableName, CapacityUnits: 3 },
      });
    });

    it('take batches, and are read in pages, by index too', async () => {
      const puts = Array.from({ length: 25 }, (_, number) => ({ PutRequest: { Item: item('bob', number) } }));
      const { UnprocessedItems } = await call('BatchWriteItem', { RequestItems: { [TableName]: puts } });
      expect(UnprocessedItems).toEqual({});
      const ofBob = {
        TableName,
        KeyConditionExpression: 'customer = :customer',
        ExpressionAttributeValues: { ':customer': { S: 'bob' } },
        Limit: 10,
      };
      const first = await call<QueryOutput>('Query', ofBob);
      expect(first).toMatchObject({ Count: 10, LastEvaluatedKey: key('bob', 9) });
      const all = await stage.client.every<QueryOutput>('dynamodb', 'Query', ofBob);
      expect(all.Items).toHaveLength(25);
      const paid = await call<QueryOutput>('Query', {
        ...{ TableName, IndexName: 'by-state', Select: 'COUNT', ScanIndexForward: false },
        KeyConditionExpression: '#state = :paid AND #number > :from',
        ExpressionAttributeNames: { '#state': 'state', '#number': 'number' },
        ExpressionAttributeValues: { ':paid': { S: 'paid' }, ':from': { N: '10' } },
      });
      expect(paid.Count).toBe(7);
    });

    it('refuse what a condition forbids, with the item that stands', async () => {
      const again = {
        ...{ TableName, Item: item('bob', 1), ConditionExpression: 'attribute_not_exists(customer)' },
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      };
      const refused = await expectRefusal(call('PutItem', again), {
        ...{ code: 'ConditionalCheckFailedException', status: 400 },
      });
      if (refused.details) expect(refused.details['Item']).toEqual(item('bob', 1));
      const cancelled = await expectRefusal(
        call('TransactWriteItems', {
          TransactItems: [{ Put: { TableName, Item: item('cy', 1) } }, { Put: again }],
        }),
        { code: 'TransactionCanceledException', status: 400 },
      );
      expect(cancelled.message).toContain('[None, ConditionalCheckFailed]');
      if (cancelled.details) {
        const { CancellationReasons } = cancelled.details as unknown as TransactionCanceledException;
        expect(CancellationReasons?.map(({ Code, Item }) => [Code, Item])).toEqual([
          ['None', undefined],
          ['ConditionalCheckFailed', item('bob', 1)],
        ]);
      }
      expect(await call('GetItem', { TableName, Key: key('cy', 1) })).toEqual({});
    });

    it('are made, described and deleted', async () => {
      const own = `${TableName}-own`;
      await call('CreateTable', {
        ...{ TableName: own, BillingMode: 'PAY_PER_REQUEST' },
        AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      });
      expect(await call('DescribeTable', { TableName: own })).toMatchObject({
        Table: {
          ...{ TableName: own, TableStatus: 'ACTIVE', ItemCount: 0 },
          TableArn: `arn:aws:dynamodb:us-east-1:000000000000:table/${own}`,
          CreationDateTime: expect.stringMatching(/^\d{4}-/),
        },
      });
      const { TableNames } = await stage.client.every('dynamodb', 'ListTables', { Limit: 1 });
      expect(TableNames).toEqual(expect.arrayContaining([TableName, own]));
      await call('DeleteTable', { TableName: own });
      await expectRefusal(call('DescribeTable', { TableName: own }), { code: 'ResourceNotFoundException' });
    });

    it('are refused where they are wrong', async () => {
      await expectRefusal(call('GetItem', { TableName: 'none', Key: key('ada', 1) }), {
        ...{ code: 'ResourceNotFoundException', status: 400 },
      });
      await expectRefusal(call('GetItem', { TableName, Key: { customer: { S: 'ada' } } }), {
        ...{ code: 'ValidationException', status: 400, unmodeled: true },
      });
    });
  });
}
