import { describe, expect, test } from 'vitest';
import { toCsv, toJson } from './export.ts';
import { barsOf } from './histogram-bars.ts';
import { groupName, idsOf, isTraceId, messageJson, rowsOf, shortGroup } from './log-rows.ts';
import { addressOf, draftOf, isTooLong, type LogAddress, queryOf } from './logs-state.ts';
import { scanCost } from './scan-cost.ts';
import { simpleQuery } from './simple-query.ts';
import { counted, found, traceId } from './testing.ts';

const address: LogAddress = {
  mode: 'simple',
  search: 'off',
  text: '',
  level: 'any',
  query: '',
  groups: [],
  request: '',
};

describe('the query of an address', () => {
  test('is none before something was run', () => {
    expect(queryOf(address)).toBeUndefined();
    expect(queryOf({ ...address, mode: 'query', query: '  ' })).toBeUndefined();
  });

  test('is what its draft was run with', () => {
    const simple = { ...draftOf(address), text: 'a\\b', level: 'WARN' as const };
    expect(queryOf(addressOf(simple))).toBe(simpleQuery(simple));
    const written = { ...draftOf(address), mode: 'query' as const, query: 'limit 1', text: 'forgotten' };
    expect(queryOf(addressOf(written))).toBe('limit 1');
    expect(addressOf(written).text).toBe('');
  });

  test('finds every line of a request, whatever else is said', () => {
    const request = { ...address, request: 'c-"9"', query: 'limit 1', groups: ['/x'] };
    expect(queryOf(request)).toContain(String.raw`filter @message like "c-\"9\""`);
    expect(draftOf(request)).toMatchObject({ mode: 'query', query: queryOf(request), groups: [] });
  });

  test('escapes what a person typed', () => {
    expect(simpleQuery({ text: ' "\\d" ', level: 'any' })).toContain(String.raw`like "\"\\d\""`);
  });

  test('may not be longer than an address', () => {
    expect(isTooLong('x'.repeat(6000), [])).toBe(false);
    expect(isTooLong('|'.repeat(3000), [])).toBe(true);
  });
});

describe('a row', () => {
  const [row] = rowsOf(found);

  test('knows its trace and its request', () => {
    expect(row && idsOf(row)).toEqual({ trace: traceId, correlation: 'c-9' });
    const [plain] = rowsOf({ ...found, rows: [[null, null, `REPORT XRAY TraceId: ${traceId}\t`]] });
    expect(plain && idsOf(plain)).toEqual({ trace: traceId });
    const [none] = rowsOf({ ...found, rows: [[null, null, 'START']] });
    expect(none && idsOf(none)).toEqual({});
  });

  test('of which the query chose single fields knows them too', () => {
    const [chosen] = rowsOf({ ...found, fields: ['correlationId'], rows: [['c-1']] });
    expect(chosen && idsOf(chosen)).toEqual({ correlation: 'c-1' });
  });

  test('is JSON only where it is', () => {
    expect(messageJson(' {"a":1}')).toEqual({ a: 1 });
    expect(messageJson('{not json')).toBeUndefined();
    expect(messageJson(undefined)).toBeUndefined();
  });

  test('names its group without the account, and shortly', () => {
    expect(groupName('000000000000:/skafu/local/errors')).toBe('/skafu/local/errors');
    expect(shortGroup('000000000000:/aws/lambda/skafu-local-checkout')).toBe('checkout');
    expect(shortGroup('/aws/vendedlogs/states/skafu-local-orders')).toBe('orders');
    expect(isTraceId(traceId)).toBe(true);
    expect(isTraceId(`x ${traceId}`)).toBe(false);
  });
});

test('bars stand without gaps over the whole range', () => {
  const { times, counts, length } = barsOf(counted);
  expect([times.length, length]).toEqual([12, 300_000]);
  expect(counts).toEqual([0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
});

test('rows leave as CSV that no spreadsheet computes, and as JSON', () => {
  const answer = {
    ...found,
    fields: ['a', '@ptr', 'b'],
    rows: [
      ['=1+1', 'p', 'x,"y"\n'],
      ['-5', 'p', null],
    ],
  };
  expect(toCsv(answer)).toBe('a,b\r\n\'=1+1,"x,""y""\n"\r\n-5,\r\n');
  expect(JSON.parse(toJson(answer))).toEqual([
    { a: '=1+1', b: 'x,"y"\n' },
    { a: '-5', b: null },
  ]);
});

test('the cost of a scan is an estimate that names its price and the price’s day', () => {
  expect(scanCost(3_000_000_000)).toEqual({
    amount: '$0.0150',
    explanation:
      'Estimate: 2.794 GiB scanned at $0.005 per GB, the list price in us-east-1 of 1 November 2025.',
  });
  expect(scanCost(10).amount).toBe('under $0.0001');
  expect(scanCost(0).amount).toBe('$0.0000');
});
