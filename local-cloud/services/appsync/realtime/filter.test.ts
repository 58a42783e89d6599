import { describe, expect, it } from 'vitest';
import { passesArguments, passesGroup, readFilterGroup } from './filter.ts';

const order = {
  id: '7',
  total: 12,
  tags: ['new', 'big'],
  state: 'open',
  note: null,
  customer: { name: 'Ada' },
};

describe('arguments of a subscription', () => {
  it.each([
    ['nothing asks for everything', {}, true],
    ['equal values fit', { id: '7', total: 12 }, true],
    ['one that differs does not', { id: '7', total: 13 }, false],
    ['null asks for null', { note: null }, true],
    ['null does not fit a value', { id: null }, false],
    ['a field that the mutation did not select is null', { lost: null }, true],
    ['a value does not fit a field that was not selected', { lost: 'x' }, false],
    ['lists fit as wholes', { tags: ['new', 'big'] }, true],
  ] as const)('%s', (_name, given, fits) => {
    expect(passesArguments(given, order)).toBe(fits);
  });
});

describe('operators of an enhanced filter', () => {
  it.each([
    ['eq', 'state', 'open', true],
    ['ne', 'state', 'open', false],
    ['ne', 'state', 'closed', true],
    ['lt', 'total', 12, false],
    ['le', 'total', 12, true],
    ['gt', 'total', 11, true],
    ['ge', 'total', 13, false],
    ['gt', 'total', '11', false],
    ['ge', 'state', 'open', true],
    ['contains', 'state', 'pe', true],
    ['contains', 'tags', 'big', true],
    ['contains', 'tags', 'bi', false],
    ['notContains', 'tags', 'old', true],
    ['notContains', 'total', 'old', false],
    ['beginsWith', 'state', 'op', true],
    ['beginsWith', 'total', '1', false],
    ['in', 'state', ['open', 'held'], true],
    ['notIn', 'state', ['open', 'held'], false],
    ['between', 'total', [12, 20], true],
    ['between', 'total', [13, 20], false],
    ['containsAny', 'tags', ['old', 'new'], true],
    ['containsAny', 'state', ['open'], false],
    ['eq', 'customer.name', 'Ada', true],
    ['eq', 'customer.constructor', 'Ada', false],
  ] as const)('%s of %s and %j is %s', (operator, fieldName, value, fits) => {
    expect(passesGroup({ filterGroup: [{ filters: [{ fieldName, operator, value }] }] }, order)).toBe(fits);
  });

  it('all conditions of one filter, or those of another', () => {
    const open = { fieldName: 'state', operator: 'eq', value: 'open' };
    const dear = { fieldName: 'total', operator: 'gt', value: 100 };
    const isAda = { fieldName: 'customer.name', operator: 'eq', value: 'Ada' };
    expect(passesGroup({ filterGroup: [{ filters: [open, dear] }] }, order)).toBe(false);
    expect(passesGroup({ filterGroup: [{ filters: [open, dear] }, { filters: [isAda] }] }, order)).toBe(true);
  });
});

describe('a filter that a resolver sets', () => {
  const filters = (...conditions: unknown[]) => ({ filterGroup: [{ filters: conditions }] });
  const condition = { fieldName: 'id', operator: 'eq', value: '7' };

  it('is taken when it is one', () => {
    expect(readFilterGroup(filters(condition))).toEqual(filters(condition));
  });

  it.each([
    ['a filterGroup', null],
    ['a filterGroup', { filterGroup: [] }],
    ['needs filters', { filterGroup: [{}] }],
    ['fieldName', filters({ operator: 'eq', value: 1 })],
    ['no operator "like"', filters({ ...condition, operator: 'like' })],
    ['two values', filters({ ...condition, operator: 'between', value: [1] })],
    ['at most 5', filters(...Array.from({ length: 6 }, () => condition))],
    ['at most 10', { filterGroup: Array.from({ length: 11 }, () => ({ filters: [condition] })) }],
  ])('is refused for %s', (advice, set) => {
    expect(() => readFilterGroup(set)).toThrow(advice);
  });
});
