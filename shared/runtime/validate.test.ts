import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { Problem } from '../messages/problem.ts';
import {
  boolean,
  instant,
  integer,
  list,
  map,
  number,
  object,
  oneOf,
  optional,
  text,
} from '../messages/schema.ts';
import { assertValid, type Validator } from './validate.ts';

const schema = object({
  name: text(5),
  colour: optional(oneOf('red', 'green')),
  size: optional(integer({ minimum: 1, maximum: 3 })),
  share: optional(number()),
  done: optional(boolean()),
  at: optional(instant),
  tags: optional(list(text(3), { maxItems: 2 })),
  dimensions: optional(map(text(3), { maxProperties: 1 })),
});
const validator = new Ajv2020({ allErrors: true, strict: false, validateFormats: false }).compile(schema);

function errorsOf(value: unknown, validate: Validator = validator): Record<string, string> {
  try {
    assertValid(validate, value);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    expect(error.status).toBe(400);
    return Object.fromEntries((error.errors ?? []).map(({ pointer, detail }) => [pointer, detail]));
  }
  return {};
}

describe('input', () => {
  test('that holds to its schema passes', () => {
    const full = {
      name: 'a',
      colour: 'red',
      size: 3,
      share: 0.5,
      done: false,
      at: '2026-01-02T03:04:05.678Z',
      tags: ['a'],
      dimensions: { a: 'b' },
    };
    expect(errorsOf(full)).toEqual({});
    expect(errorsOf({ name: 'a' })).toEqual({});
  });

  test.each([
    ['lacks a field', {}, { '#/name': 'is required' }],
    ['has one too many', { name: 'a', nmae: 'b' }, { '#/nmae': 'is not known here' }],
    ['is blank', { name: ' ' }, { '#/name': 'must not be blank' }],
    ['is too long', { name: 'abcdef' }, { '#/name': 'must NOT have more than 5 characters' }],
    ['is not one of a few', { name: 'a', colour: 'blue' }, { '#/colour': 'must be one of ["red","green"]' }],
    ['is too large', { name: 'a', size: 4 }, { '#/size': 'must be <= 3' }],
    [
      'has another form',
      { name: 'a', at: 'today' },
      { '#/at': `must have the form ${String(instant['pattern'])}` },
    ],
    ['is wrong deep within', { name: 'a', tags: ['a', ' '] }, { '#/tags/1': 'must not be blank' }],
    [
      'holds too many',
      { name: 'a', dimensions: { a: 'b', c: 'd' } },
      { '#/dimensions': 'must NOT have more than 1 properties' },
    ],
    ['is no object', 7, { '#': 'must be object' }],
  ])('that %s is told by the field', (_, value, expected) => {
    expect(errorsOf(value)).toEqual(expected);
  });

  test('is told all that is wrong at once, each field once', () => {
    expect(() => assertValid(validator, { size: 0.5, colour: 'blue' })).toThrow(
      'Mend #/name, #/colour, #/size and send it again.',
    );
  });

  test('is refused even by a validator that gives no reasons', () => {
    const silent: Validator = () => false;
    expect(errorsOf('x', silent)).toEqual({});
    expect(() => assertValid(silent, 'x')).toThrow(Problem);
    const wordless: Validator = Object.assign(() => false, {
      errors: [{ instancePath: '/a', keyword: 'custom', params: {} }],
    });
    expect(errorsOf('x', wordless)).toEqual({ '#/a': 'is not valid' });
  });
});
