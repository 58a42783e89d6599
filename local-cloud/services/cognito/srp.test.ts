import { expect, it } from 'vitest';
import { beginExchange, createVerifier, isPublicValue, matchesVerifier } from './srp.ts';

it('knows the password of a verifier, and no other, for that user of that pool only', () => {
  const kept = createVerifier('us-east-1_abc', 'ada', 'secret');
  expect(matchesVerifier('us-east-1_abc', 'ada', 'secret', kept)).toBe(true);
  expect(matchesVerifier('us-east-1_abc', 'ada', 'Secret', kept)).toBe(false);
  expect(matchesVerifier('us-east-1_abc', 'eve', 'secret', kept)).toBe(false);
  expect(matchesVerifier('us-east-1_xyz', 'ada', 'secret', kept)).toBe(false);
});

it('salts each verifier, and begins each exchange anew', () => {
  const kept = createVerifier('p', 'ada', 'secret');
  expect(createVerifier('p', 'ada', 'secret').verifier).not.toBe(kept.verifier);
  expect(beginExchange(kept).publicValue).not.toBe(beginExchange(kept).publicValue);
});

it.each(['0', '', 'xyz', '-1', 'f'.repeat(2000)])(
  'refuses the public value "%s", which would give the key away',
  (value) => {
    expect(isPublicValue(value)).toBe(false);
  },
);
