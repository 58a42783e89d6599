import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeHeads, encodeHeads, headsRoot, merkleRoot } from './seal.ts';

const head = fc.record({
  commit: fc.integer({ min: 1, max: 1e9 }),
  hash: fc.uint8Array({ minLength: 32, maxLength: 32 }),
});
const entries = fc.uniqueArray(fc.tuple(fc.string({ minLength: 1 }), head), {
  selector: ([key]) => key,
  maxLength: 20,
});
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

test('heads come back as they were kept, in whatever order they were found', () => {
  fc.assert(
    fc.property(entries, (found) => {
      const back = decodeHeads(encodeHeads(new Map(found)));
      expect(back.size).toBe(found.length);
      for (const [key, { commit, hash }] of found)
        expect([back.get(key)?.commit, hex(back.get(key)?.hash ?? new Uint8Array())]).toEqual([
          commit,
          hex(hash),
        ]);
      expect(hex(headsRoot(new Map(found.toReversed())))).toBe(hex(headsRoot(new Map(found))));
    }),
  );
});

test('the root is another when a head is another, is missing, or has another stream', () => {
  fc.assert(
    fc.property(
      entries.filter(({ length }) => length > 0),
      fc.nat(),
      (found, place) => {
        const at = place % found.length;
        const root = hex(headsRoot(new Map(found)));
        const [key, { commit, hash }] = found[at] ?? ['', { commit: 0, hash: new Uint8Array() }];
        const others = found.filter((_, index) => index !== at);
        for (const changed of [
          others,
          [...others, [key, { commit: commit + 1, hash }] as const],
          [...others, [key, { commit, hash: Buffer.from(hash).fill((hash[0] ?? 0) ^ 1, 0, 1) }] as const],
          [...others, [`${key}x`, { commit, hash }] as const],
        ])
          expect(hex(headsRoot(new Map(changed)))).not.toBe(root);
      },
    ),
  );
});

test('the tree is the documented one', () => {
  const sha = (...parts: Uint8Array[]) => createHash('sha256').update(Buffer.concat(parts)).digest();
  const [a, b, c] = [Buffer.from('a'), Buffer.from('b'), Buffer.from('c')];
  const node = Uint8Array.of(1);
  expect(hex(merkleRoot([]))).toBe(hex(sha()));
  expect(hex(merkleRoot([a]))).toBe(hex(a));
  expect(hex(merkleRoot([a, b, c]))).toBe(hex(sha(node, sha(node, a, b), c)));
});
