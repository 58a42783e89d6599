import { describe, expect, it } from 'vitest';
import { itemBytes, transactionUnits } from './capacity.ts';
import { versionOf } from './java.ts';
import { readCapacity } from './measure.ts';
import { createNames } from './names.ts';
import { sameShape, tableDefinition } from './table-definition.ts';

describe('consumed capacity', () => {
  it.each([
    ['{"ConsumedCapacity":{"TableName":"t","CapacityUnits":1.0}}', '{}', 1],
    [
      '{"Item":{"a":{"S":"b"}},"ConsumedCapacity":{"TableName":"t","CapacityUnits":0.5}}',
      '{"Item":{"a":{"S":"b"}}}',
      0.5,
    ],
    ['{"ConsumedCapacity":{"TableName":"t","CapacityUnits":2.0},"Count":1}', '{"Count":1}', 2],
  ])('is taken out of %s', (text, rest, units) => {
    expect(readCapacity(text)).toEqual({ rest, capacity: { TableName: 't', CapacityUnits: units } });
  });

  it('leaves an item alone that looks like it', () => {
    const item = '{"Item":{"ConsumedCapacity":{"S":"x"}}}';
    expect(readCapacity(item)).toEqual({ rest: item, capacity: undefined });
  });

  it('counts bytes as DynamoDB does', () => {
    expect(
      itemBytes({ id: { S: 'é' }, n: { N: '-12.5' }, b: { B: 'aGk=' }, l: { L: [{ BOOL: true }] } }),
    ).toBe(4 + 4 + 3 + 6);
    expect(itemBytes({ m: { M: { a: { S: 'bc' } } }, s: { SS: ['a', 'b'] }, z: { NULL: true } })).toBe(
      8 + 3 + 2,
    );
  });

  it('of a transaction is twice the units of each item', () => {
    const put = (size: number) => ({ Put: { TableName: 't', Item: { id: { S: 'x'.repeat(size) } } } });
    expect(
      transactionUnits('TransactWriteItems', { TransactItems: [put(10), put(1500)] }, undefined),
    ).toEqual([{ table: 't', units: 6 }]);
    expect(transactionUnits('TransactWriteItems', { TransactItems: [null, 'x', {}] }, undefined)).toEqual([]);
    const get = { TransactItems: [{ Get: { TableName: 't', Key: {} } }] };
    const found = { Responses: [{ Item: { id: { S: 'x'.repeat(5000) } } }] };
    expect(transactionUnits('TransactGetItems', get, found)).toEqual([{ table: 't', units: 4 }]);
  });
});

describe('DynamoDB', () => {
  it('turns stream ARNs into those of DynamoDB Local and back', () => {
    const names = createNames('eu-west-1', '000000000000');
    const arn = 'arn:aws:dynamodb:eu-west-1:000000000000:table/t/stream/1';
    expect(names.toLocal(arn)).toBe('arn:aws:dynamodb:ddblocal:000000000000:table/t/stream/1');
    expect(names.fromLocal(names.toLocal(arn))).toBe(arn);
  });

  it.each([
    ['openjdk version "17.0.15" 2025-04-15', 17],
    ['java version "1.8.0_392"', 8],
    ['openjdk version "21" 2023-09-19', 21],
    ['nothing', 0],
  ])('reads the version of Java from %s', (text, version) => {
    expect(versionOf(text)).toBe(version);
  });

  it('reads a table with indexes from its Terraform', () => {
    const definition = tableDefinition({
      name: 't',
      hash_key: 's',
      range_key: 'c',
      attribute: [
        { name: 's', type: 'S' },
        { name: 'c', type: 'N' },
      ],
      billing_mode: 'PAY_PER_REQUEST',
      global_secondary_index: {
        name: 'g',
        hash_key: 'c',
        projection_type: 'INCLUDE',
        non_key_attributes: ['a'],
      },
      local_secondary_index: [{ name: 'l', range_key: 'd', projection_type: 'KEYS_ONLY' }],
    });
    expect(definition.GlobalSecondaryIndexes).toEqual([
      {
        IndexName: 'g',
        KeySchema: [{ AttributeName: 'c', KeyType: 'HASH' }],
        Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['a'] },
      },
    ]);
    expect(definition.LocalSecondaryIndexes?.[0]?.KeySchema).toEqual([
      { AttributeName: 's', KeyType: 'HASH' },
      { AttributeName: 'd', KeyType: 'RANGE' },
    ]);
  });

  it('compares definitions whatever the order they are written in', () => {
    expect(sameShape([{ a: 1, b: 2 }, 'x'], ['x', { b: 2, a: 1 }])).toBe(true);
    expect(sameShape([{ a: 1 }], [{ a: 2 }])).toBe(false);
  });
});
