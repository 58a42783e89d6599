import { describe, expect, test } from 'vitest';
import { integer } from '../messages/schema.ts';
import { Counted, close, count, counter } from '../testing/counter.ts';
import { givenEventsOf } from '../testing/given.ts';
import { aggregate, fold, idParameter } from './aggregate.ts';
import { command } from './command.ts';
import { allow, allowOn, domain, kebabCase } from './domain.ts';
import { query } from './query.ts';
import { readModel } from './read-model.ts';

const startCounter = command({
  route: 'POST /counters',
  roles: ['operator'],
  input: { by: integer() },
  aggregate: counter,
  decide: count,
});

describe('a domain', () => {
  const parts = {
    aggregates: { counter },
    commands: { startCounter },
    queries: {},
    readModels: {},
    reactors: {},
  };

  test('holds what it was made of, and grants nothing by itself', () => {
    expect(domain('testing', parts)).toMatchObject({
      name: 'testing',
      commands: { startCounter },
      permissions: {},
    });
  });

  test('grants to its own functions', () => {
    const permissions = { startCounter: [allow('a:Read'), allowOn(['arn:x'], 'a:Write')] };
    expect(domain('testing', { ...parts, permissions }).permissions).toEqual({
      startCounter: [
        { actions: ['a:Read'], resources: ['*'] },
        { actions: ['a:Write'], resources: ['arn:x'] },
      ],
    });
  });

  test('refuses to grant to a function that it does not have', () => {
    const permissions = { startCuonter: [allow('a:Read')] };
    expect(() => domain('testing', { ...parts, permissions })).toThrow(
      'Domain testing gives permissions to startCuonter, which it does not have.',
    );
  });
});

describe('a definition', () => {
  test('names an aggregate by domain and type, and its streams in routes', () => {
    expect(counter).toMatchObject({ domain: 'testing', type: 'counter' });
    expect(idParameter({ type: 'alert-rule' })).toBe('alertRuleId');
    expect(kebabCase('acknowledgeAlert')).toBe('acknowledge-alert');
  });

  test('of an aggregate without a type has none', () => {
    const parts = { events: [Counted], initial: 0, evolve: (state: number) => state };
    expect(aggregate('/', parts)).toMatchObject({ domain: '', type: '' });
  });

  test('folds from any state', () => {
    expect(fold(counter, [Counted({ by: 2 })])).toEqual({ total: 2, closed: false });
    expect(fold(counter, [Counted({ by: 2 })], { total: 5, closed: true })).toEqual({
      total: 7,
      closed: true,
    });
  });

  test('of a query reads nothing and is for everybody’s tenant unless it says otherwise', () => {
    const parts = { route: 'GET /x', roles: [], input: {}, answer: async () => ({}) };
    expect(query(parts)).toMatchObject({ readModels: {}, installationOnly: false });
    expect(query({ ...parts, installationOnly: true }).installationOnly).toBe(true);
    const totals = readModel({ follows: counter, listed: () => ({ list: 'all', order: '1' }), project: {} });
    expect(query({ ...parts, readModels: { totals } }).readModels).toEqual({ totals });
  });
});

describe('a read model', () => {
  const { events, initial, evolve } = counter;
  const other = aggregate('testing/other', { events, initial, evolve });
  const parts = { listed: () => ({ list: 'all', order: '' }), project: {} };

  test('of several aggregates says to which row an event belongs', () => {
    expect(() => readModel({ ...parts, follows: [counter, other] })).toThrow(
      'A read model of several aggregates must say the key of its rows.',
    );
    expect(readModel({ ...parts, follows: [counter, other], key: () => 'all' }).follows).toEqual([
      { domain: 'testing', type: 'counter' },
      { domain: 'testing', type: 'other' },
    ]);
  });
});

describe('tests of decisions', () => {
  const given = givenEventsOf(counter);

  test('pass when the decision is as told', () => {
    given()
      .when(count, { by: 1 })
      .thenRecords(Counted({ by: 1 }));
    given(Counted({ by: 1 }))
      .when(count, { by: 0 })
      .thenNothing();
    given({ type: 'Closed', data: {} }).when(count, { by: 1 }).thenRefused('counter-closed');
    given({ type: 'Closed', data: {} }).when(close, {}).thenNothing();
  });

  test('fail when it is not', () => {
    expect(() =>
      given()
        .when(count, { by: 1 })
        .thenRecords(Counted({ by: 2 })),
    ).toThrow();
    expect(() => given().when(count, { by: 1 }).thenNothing()).toThrow();
    expect(() => given().when(count, { by: 1 }).thenRefused('counter-closed')).toThrow(
      'It should have been refused with counter-closed, but was allowed.',
    );
    expect(() =>
      given({ type: 'Closed', data: {} }).when(count, { by: 1 }).thenRefused('another-reason'),
    ).toThrow();
  });

  test('fail with the decision’s own error when it broke', () => {
    const broken = () => {
      throw new TypeError('broken');
    };
    expect(() => given().when(broken, {}).thenRefused('counter-closed')).toThrow(TypeError);
  });
});
