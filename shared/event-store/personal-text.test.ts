import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mark, openText, parseSealed, sealText, withPlaces } from './personal-text.ts';

const place = { stream: 'skafu#diary#d:1', type: 'Noted', field: 'note' };
const key = { id: 'k-1', bytes: randomBytes(32) };

/** What `parseSealed` reads, once the commit has been read that a text was sealed for. */
function asRead(sealed: string): string {
  const { note } = withPlaces({ note: sealed }, place.stream, place.type) as { note: string };
  return note;
}

test('a text is sealed for its place and opens with its key, whatever it and its person are', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.string({ minLength: 1 }), (text, person) => {
      const parsed = parseSealed(asRead(sealText(text, place, person, key)));
      expect(parsed).toMatchObject({ place, person, keyId: 'k-1' });
      expect(parsed && openText(parsed, key)).toBe(text);
    }),
  );
});

test('data that is no object has no fields to seal, and is read as it is', () => {
  const sealed = sealText('secret', place, 'ann', key);
  for (const data of [sealed, null, 7]) expect(withPlaces(data, place.stream, place.type)).toBe(data);
});

describe('a text that we did not seal', () => {
  test('is none when one of its parts encodes no text', () => {
    const sealed = asRead(sealText('secret', place, 'ann', key));
    expect(parseSealed(sealed.replace(':ann:', ':%E0%A4:'))).toBeUndefined();
  });

  test('is none when it lacks a part, or has one too many', () => {
    const sealed = asRead(sealText('secret', place, 'ann', key));
    expect(parseSealed(sealed.replace(':ann:', ':'))).toBeUndefined();
    expect(parseSealed(sealed.replace(':ann:', ':ann:bob:'))).toBeUndefined();
    expect(parseSealed(`${mark}\uE001`)).toBeUndefined();
  });

  test('does not open when it is too short to have been', () => {
    for (const length of [0, 12, 27]) {
      const text = { place, person: 'ann', keyId: 'k-1', bytes: randomBytes(length) };
      expect(openText(text, key)).toBeUndefined();
    }
  });
});
