import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  boolean,
  type Fields,
  instant,
  integer,
  list,
  map,
  number,
  object,
  oneOf,
  optional,
  text,
} from '#shared/messages/schema.ts';
import { type JsonSchema, objections } from './compatibility.ts';

const changed = (older: Fields, newer: Fields) => objections(object(older), object(newer));

describe('a change of an event’s schema is compatible when', () => {
  test.each<[string, Fields, Fields]>([
    ['nothing changed', { name: text(9), at: instant }, { name: text(9), at: instant }],
    ['an optional field was added', {}, { note: optional(text(9)) }],
    ['a field need not be there any more', { note: text(9) }, { note: optional(text(9)) }],
    [
      'limits were widened',
      { count: integer({ minimum: 1, maximum: 5 }) },
      { count: integer({ minimum: 0, maximum: 9 }) },
    ],
    ['limits went', { count: integer({ minimum: 1 }) }, { count: integer() }],
    ['whole numbers may be any number', { count: integer() }, { count: number() }],
    ['one value more may be said', { color: oneOf('red') }, { color: oneOf('red', 'blue') }],
    [
      'lists may be longer',
      { tags: list(text(9), { maxItems: 2 }) },
      { tags: list(text(9), { maxItems: 3 }) },
    ],
  ])('%s', (_, older, newer) => {
    expect(changed(older, newer)).toEqual([]);
  });
});

describe('a change of an event’s schema is objected to when', () => {
  test.each<[string, Fields, Fields, string]>([
    ['a field is new and required', {}, { note: text(9) }, 'data.note was not required and now is'],
    ['a field is gone', { note: text(9) }, {}, 'data.note is gone'],
    [
      'a field became required',
      { note: optional(text(9)) },
      { note: text(9) },
      'data.note was not required and now is',
    ],
    ['a text is shorter', { note: text(9) }, { note: text(5) }, 'data.note had maxLength 9 and now has 5'],
    [
      'a limit is new',
      { count: integer() },
      { count: integer({ minimum: 1 }) },
      'data.count had minimum none and now has 1',
    ],
    ['a type is another', { flag: boolean() }, { flag: text(9) }, 'data.flag was boolean and is now string'],
    [
      'any number must be whole',
      { count: number() },
      { count: integer() },
      'data.count was number and is now integer',
    ],
    [
      'a value is no longer listed',
      { color: oneOf('red', 'blue') },
      { color: oneOf('red') },
      'data.color may be "blue"',
    ],
    ['free values are now listed', { color: text(9) }, { color: oneOf('red') }, 'data.color was not limited'],
    [
      'listed values are now something else',
      { color: oneOf('red') },
      { color: text(9) },
      'data.color was a list of values',
    ],
    ['a text must be an instant', { at: text(99) }, { at: instant }, 'data.at has another'],
    ['values of a map are another', { map: map(number()) }, { map: map(text(9)) }, 'data.map.* was number'],
    [
      'items of a list are another',
      { list: list(number()) },
      { list: list(text(9)) },
      'data.list[] was number',
    ],
  ])('%s', (_, older, newer, why) => {
    expect(changed(older, newer).join('; ')).toContain(why);
  });
});

test('what is not objected to takes everything that was ever recorded', () => {
  const field: fc.Arbitrary<JsonSchema> = fc.oneof(
    fc
      .record(
        { minimum: fc.integer({ min: -3, max: 3 }), maximum: fc.integer({ min: -3, max: 3 }) },
        { requiredKeys: [] },
      )
      .chain((limits) => fc.constantFrom(integer(limits), number(limits))),
    fc.integer({ min: 1, max: 4 }).map(text),
    fc.uniqueArray(fc.constantFrom('a', 'b', 'cc'), { minLength: 1 }).map((values) => oneOf(...values)),
    fc.constant(boolean()),
  );
  const schema = fc
    .array(fc.tuple(fc.constantFrom('x', 'y'), field, fc.boolean()), { maxLength: 2 })
    .map((fields) =>
      object(Object.fromEntries(fields.map(([name, type, must]) => [name, must ? type : optional(type)]))),
    );
  const value = fc.oneof(
    fc.integer({ min: -4, max: 4 }),
    fc.constantFrom(0.5, 'a', 'b', 'cc', 'dddd', '', true, null),
  );
  const data = fc.dictionary(fc.constantFrom('x', 'y', 'z'), value, { maxKeys: 3 });
  const ajv = new Ajv2020({ strict: false });
  let compatible = 0;
  fc.assert(
    fc.property(schema, schema, fc.array(data, { maxLength: 20 }), (older, newer, recorded) => {
      if (objections(older, newer).length > 0) return;
      compatible++;
      for (const each of recorded)
        if (ajv.validate(older, each)) expect(ajv.validate(newer, each)).toBe(true);
    }),
    { numRuns: 2_000 },
  );
  expect(compatible).toBeGreaterThan(50);
});
