import { expect, test } from 'vitest';
import { bytesIn, textIn } from './attributes.ts';

const item = { s: { S: 'skafu#counter#1' }, b: { B: Uint8Array.of(1, 2) }, n: { N: '3' } };

test('an attribute gives the text or the bytes that it holds', () => {
  expect(textIn(item, 's')).toBe('skafu#counter#1');
  expect(bytesIn(item, 'b')).toEqual(Uint8Array.of(1, 2));
});

test('an attribute that is missing, or holds something else, gives an empty text and no bytes', () => {
  for (const name of ['missing', 'n']) {
    expect(textIn(item, name)).toBe('');
    expect(bytesIn(item, name)).toEqual(new Uint8Array());
  }
});
