import { describe, expect, test } from 'vitest';
import { itemBytes } from './item-size.ts';

describe('the size of an item', () => {
  test.each([
    ['a text, by its bytes in UTF-8', { k: 'ä' }, { k: { S: 'ä' } }, 1 + 2],
    [
      'a number, by two digits a byte and one more',
      { k: '', n: 12345 },
      { k: { S: '' }, n: { N: '12345' } },
      1 + 1 + 4,
    ],
    ['no zeros at the end of a number', { k: '', n: 1000 }, { k: { S: '' }, n: { N: '1000' } }, 1 + 1 + 2],
    ['a sign', { k: '', n: -7 }, { k: { S: '' }, n: { N: '-7' } }, 1 + 1 + 3],
    [
      'truth and nothing, a byte each',
      { k: '', t: true, o: null },
      { k: { S: '' }, t: { BOOL: true }, o: { NULL: true } },
      5,
    ],
    ['bytes', { k: '', b: new Uint8Array(9) }, { k: { S: '' }, b: { B: new Uint8Array(9) } }, 1 + 1 + 9],
    [
      'a list, by three and one for each of its elements',
      { k: '', l: ['a', 'b'] },
      { k: { S: '' }, l: { L: [{ S: 'a' }, { S: 'b' }] } },
      1 + 1 + 3 + 2 + 2,
    ],
    [
      'a map, with the names in it',
      { k: '', m: { a: 'b' } },
      { k: { S: '' }, m: { M: { a: { S: 'b' } } } },
      1 + 1 + 3 + 1 + 2,
    ],
    [
      'a map that looks like a notation',
      { k: '', m: { S: 'x' } },
      { k: { S: '' }, m: { M: { S: { S: 'x' } } } },
      1 + 1 + 3 + 1 + 2,
    ],
  ])('counts %s', (_, plain, tagged, bytes) => {
    expect(itemBytes(plain)).toBe(bytes);
    expect(itemBytes(tagged)).toBe(bytes);
  });
});
