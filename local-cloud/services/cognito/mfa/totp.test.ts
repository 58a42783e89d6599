import { describe, expect, it } from 'vitest';
import { codeAt, newSecret, stepAt, stepOf } from './totp.ts';

/** The ASCII secret of the test vectors of RFC 6238, in base 32. */
const secret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';

describe('a code of an authenticator app', () => {
  it.each([
    [59, '287082'],
    [1_111_111_109, '081804'],
    [1_111_111_111, '050471'],
    [1_234_567_890, '005924'],
    [2_000_000_000, '279037'],
    [20_000_000_000, '353130'],
  ])('is at second %d what RFC 6238 says', (seconds, code) => {
    expect(codeAt(secret, stepAt(seconds * 1000))).toBe(code);
  });

  it('is known half a minute before and after, and no longer', () => {
    const own = newSecret();
    expect(own).toMatch(/^[A-Z2-7]{32}$/);
    const code = codeAt(own, 1000);
    const at = (step: number) => stepOf(own, code, step * 30_000);
    expect([at(999), at(1000), at(1001)]).toEqual([1000, 1000, 1000]);
    expect([at(998), at(1002), stepOf(own, 'abcdef', 0)]).toEqual([undefined, undefined, undefined]);
  });
});
