import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { DomainEvent } from '../messages/event.ts';
import { decodeCommit, encodeCommit, type Head, type Origin, sizeOf } from './commit.ts';
import { CommitTooLarge, StreamCorrupt } from './errors.ts';

const stream = { tenant: 'skafu', type: 'counter', id: '0199' };
const empty: Head = { stream, commit: 0, version: 0, hash: new Uint8Array() };
const origin: Origin = {
  domain: 'testing',
  commandId: 'command-1',
  actor: { type: 'user', id: 'sub-1' },
  correlationId: 'correlation-1',
  causationId: 'command-1',
  time: Date.parse('2026-01-02T03:04:05.678Z'),
};
const one = () => 1;
const counted = (by: unknown): DomainEvent => ({ type: 'Counted', data: { by } });

describe('a commit', () => {
  test('gives back what was recorded, whatever it was', () => {
    const events = fc.array(fc.record({ type: fc.string({ minLength: 1 }), data: fc.jsonValue() }), {
      minLength: 1,
      maxLength: 20,
    });
    fc.assert(
      fc.property(
        events,
        fc.constantFrom('user' as const, 'service' as const),
        fc.string(),
        (recorded, type, id) => {
          const actor = { type, id };
          const { item, next } = encodeCommit(empty, recorded, { ...origin, actor }, one);
          const commit = decodeCommit(item);
          expect(commit.head).toEqual({ ...next, hash: commit.head.hash });
          expect(Buffer.from(commit.head.hash)).toEqual(Buffer.from(next.hash));
          expect(commit.events.map((event) => ({ type: event.type, data: event.data }))).toEqual(
            JSON.parse(JSON.stringify(recorded)),
          );
          expect(commit.events.map((event) => event.version)).toEqual(recorded.map((_, index) => index + 1));
          expect(commit.events.every((event) => event.actor.id === id && event.actor.type === type)).toBe(
            true,
          );
        },
      ),
    );
  });

  test('is issued in exactly these bytes, which can never change', () => {
    const { item } = encodeCommit(empty, [counted(1)], { ...origin, trace: 'Root=1-2-3' }, one);
    const body =
      '{"d":"testing","a":"u:sub-1","o":"correlation-1","x":"Root=1-2-3","e":[["Counted",1,{"by":1}]]}';
    expect({ ...item, b: undefined, h: undefined }).toEqual({
      s: { S: 'skafu#counter#0199' },
      c: { N: '1' },
      v: { N: '1' },
      n: { N: '1' },
      t: { N: '1767323045678' },
      k: { S: 'command-1' },
      y: { S: 'Counted' },
      f: { S: 'j' },
    });
    expect(Buffer.from(item['b']?.B ?? []).toString()).toBe(body);
    const canonical = '["skafu#counter#0199",1,1,1,1767323045678,"command-1","Counted","j"]';
    expect(Buffer.from(item['h']?.B ?? [])).toEqual(
      createHash('sha256').update(canonical).update(body).digest(),
    );
  });

  test('reads as an envelope with everything that is known of the event', () => {
    const { item } = encodeCommit(
      { ...empty, commit: 4, version: 6 },
      [counted(1), counted(2)],
      { ...origin, trace: 'Root=1' },
      () => 3,
    );
    expect(decodeCommit(item).events[1]).toEqual({
      specversion: '1.0',
      id: 'counter/0199/8',
      source: 'skafu.testing',
      type: 'Counted',
      schemaVersion: 3,
      time: '2026-01-02T03:04:05.678Z',
      tenant: 'skafu',
      stream: { type: 'counter', id: '0199' },
      version: 8,
      commit: 5,
      actor: { type: 'user', id: 'sub-1' },
      correlationId: 'correlation-1',
      causationId: 'command-1',
      trace: 'Root=1',
      data: { by: 2 },
    });
  });

  test('stores the command’s id once, where it is also the correlation and the cause', () => {
    const own = encodeCommit(empty, [counted(1)], { ...origin, correlationId: 'command-1' }, one).item;
    expect(Buffer.from(own['b']?.B ?? []).toString()).not.toContain('command-1');
    expect(decodeCommit(own).events[0]).toMatchObject({
      correlationId: 'command-1',
      causationId: 'command-1',
    });
    const caused = encodeCommit(empty, [counted(1)], { ...origin, causationId: 'alert/1/2' }, one).item;
    expect(decodeCommit(caused).events[0]).toMatchObject({
      correlationId: 'correlation-1',
      causationId: 'alert/1/2',
    });
  });

  test('chains its hash to the one before', () => {
    const first = encodeCommit(empty, [counted(1)], origin, one);
    const second = encodeCommit(first.next, [counted(2)], origin, one);
    const forged = encodeCommit({ ...first.next, hash: new Uint8Array(32) }, [counted(2)], origin, one);
    expect(Buffer.from(second.next.hash).equals(Buffer.from(forged.next.hash))).toBe(false);
  });

  test('is deflated only where that saves a write unit', () => {
    const format = (text: string) => encodeCommit(empty, [counted(text)], origin, one).item['f']?.S;
    expect(format('a'.repeat(100))).toBe('j');
    expect(format('a'.repeat(2000))).toBe('d');
    const noise = createHash('sha512').update('noise');
    const random = Array.from({ length: 20 }, (_, index) =>
      noise.copy().update(`${index}`).digest('base64url'),
    ).join('');
    expect(format(random)).toBe('j');
  });

  test('of five events of 200 bytes costs one write unit', () => {
    const events = Array.from({ length: 5 }, (_, index) =>
      counted(`${index} ${'the same few words '.repeat(10)}`),
    );
    expect(Math.ceil(sizeOf(encodeCommit(empty, events, origin, one).item) / 1024)).toBe(1);
  });

  test('that cannot be read is refused by the name of its stream', () => {
    const { item } = encodeCommit(empty, [counted(1)], origin, one);
    const broken = [
      { ...item, b: { B: Buffer.from('not JSON') } },
      { ...item, f: { S: 'd' } },
      { ...item, n: { N: '2' } },
      { s: { S: 'skafu#counter#0199' } },
    ];
    for (const candidate of broken) expect(() => decodeCommit(candidate)).toThrow(StreamCorrupt);
    expect(() => decodeCommit({})).toThrow(/corrupt/);
  });

  test.each(['c', 'v', 'n', 't', 'b', 'h'])(
    'without its attribute %s is refused by the name of its stream',
    (name) => {
      const { [name]: _, ...item } = encodeCommit(empty, [counted(1)], origin, one).item;
      expect(() => decodeCommit(item)).toThrow('Stream skafu#counter#0199 is corrupt');
      expect(() => decodeCommit({ ...item, [name]: { N: '1e99' } })).toThrow(StreamCorrupt);
    },
  );

  test.each(['null', '{}', '[]', '{"a":"u:sub-1"}', '"text"'])('whose body is %s is refused', (body) => {
    const { item } = encodeCommit(empty, [counted(1)], origin, one);
    expect(() => decodeCommit({ ...item, b: { B: Buffer.from(body) } })).toThrow(StreamCorrupt);
  });

  test('of more than an item holds is refused with its size', () => {
    const noise = Array.from({ length: 9_000 }, (_, index) =>
      createHash('sha256').update(`${index}`).digest('base64'),
    ).join('');
    const encode = () => encodeCommit(empty, [counted(noise), counted(noise)], origin, one);
    expect(encode).toThrow(CommitTooLarge);
    expect(encode).toThrow(/skafu#counter#0199 take \d{6} bytes; a commit holds 409600 at most/);
  });
});
