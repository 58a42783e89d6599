import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeSnapshot, encodeSnapshot, type Snapshot } from './snapshot.ts';

const stream = { tenant: 'skafu', type: 'counter', id: 'one' };
const headAt = (commit: number, hash = new Uint8Array(32)) => ({ stream, commit, version: commit, hash });
const snapshotOf = (state: unknown): Snapshot => ({
  head: headAt(7),
  fingerprint: 'of-this-code',
  state,
  commands: new Map([['command', headAt(6, new Uint8Array())]]),
});

test('a snapshot comes back as it was kept, whatever state it is of', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (state) => {
      const item = encodeSnapshot(snapshotOf(state));
      expect(JSON.stringify(item && decodeSnapshot(item, stream)?.state)).toBe(JSON.stringify(state));
      expect(item && decodeSnapshot(item, stream)).toMatchObject({
        head: headAt(7),
        fingerprint: 'of-this-code',
        commands: new Map([['command', headAt(6, new Uint8Array())]]),
      });
    }),
  );
});

test('a snapshot that no item can hold is not kept', () => {
  const noise = Array.from({ length: 9_000 }, (_, index) =>
    createHash('sha512').update(`${index}`).digest('base64'),
  );
  expect(encodeSnapshot(snapshotOf(noise))).toBeUndefined();
});

test.each(['h', 'm', 'v', 'p', 'b'])('a snapshot without its attribute %s is none', (name) => {
  const { [name]: _, ...item } = encodeSnapshot(snapshotOf({})) ?? {};
  expect(decodeSnapshot(item, stream)).toBeUndefined();
});

test.each(['{', 'null', '{"s":{}}', '{"s":{},"k":"command"}'])(
  'a snapshot whose body is %s is none',
  (body) => {
    const item = { ...encodeSnapshot(snapshotOf({})), b: { B: Buffer.from(body) } };
    expect(decodeSnapshot(item, stream)).toBeUndefined();
  },
);
