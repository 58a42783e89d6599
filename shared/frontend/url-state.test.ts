import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { json, oneOf, type Parameter, readSlice, text, wholeNumber, writeSlice } from './url-state.ts';

const slice = {
  find: text(),
  tab: oneOf(['open', 'past'], 'open'),
  page: wholeNumber(1, 1),
  chosen: json<string[]>(
    [],
    (value): value is string[] => Array.isArray(value) && value.every((each) => typeof each === 'string'),
  ),
} as const;

const anyValues = fc.record({
  find: fc.string({ unit: 'binary' }),
  tab: fc.constantFrom('open' as const, 'past' as const),
  page: fc.integer({ min: 1, max: 1e9 }),
  chosen: fc.array(fc.string({ unit: 'grapheme' })),
});

describe('the state in the address', () => {
  test('comes back as it was written, through a real address', () => {
    fc.assert(
      fc.property(anyValues, (values) => {
        const written = writeSlice(slice, new URLSearchParams(), values);
        const link = new URL(`https://console.test/?${written}`);
        expect(readSlice(slice, link.searchParams)).toEqual(values);
      }),
    );
  });

  test('is written the same way whatever order the changes were made in', () => {
    fc.assert(
      fc.property(anyValues, ({ find, page, ...rest }) => {
        const one = writeSlice(slice, writeSlice(slice, new URLSearchParams(), { find }), { page, ...rest });
        const other = writeSlice(slice, writeSlice(slice, new URLSearchParams(), { page, ...rest }), {
          find,
        });
        one.sort();
        other.sort();
        expect(String(one)).toBe(String(other));
      }),
    );
  });

  test('is never an error, whatever somebody types into the address', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...Object.keys(slice)), fc.string()), (typed) => {
        const values = readSlice(slice, new URLSearchParams(typed));
        expect(values.page).toBeGreaterThanOrEqual(1);
        expect(['open', 'past']).toContain(values.tab);
        expect(Array.isArray(values.chosen)).toBe(true);
      }),
    );
  });

  test('leaves out what absence says anyway', () => {
    const written = writeSlice(slice, new URLSearchParams('tab=past&page=3'), { tab: 'open', page: 1 });
    expect(String(written)).toBe('');
  });

  test('leaves the keys of other slices alone', () => {
    const written = writeSlice(slice, new URLSearchParams('range=3h&tz=UTC'), { tab: 'past' });
    expect(String(written)).toBe('range=3h&tz=UTC&tab=past');
  });

  test.each<[string, Parameter<unknown>, string]>([
    ['a word that is none of them', slice.tab, 'closed'],
    ['a number below the least', slice.page, '0'],
    ['a number that is none', slice.page, '1e9'],
    ['JSON of another shape', slice.chosen, '{"a":1}'],
    ['JSON that was cut off', slice.chosen, '["a"'],
  ])('means nothing when it is %s', (_, parameter, typed) => {
    expect(parameter.read(typed)).toBeUndefined();
  });
});
