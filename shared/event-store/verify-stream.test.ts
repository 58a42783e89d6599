import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { aggregate } from '../definition/aggregate.ts';
import { counter } from '../testing/counter.ts';
import { type CommitItem, encodeCommit, type Head, hashOfItem, streamKey } from './commit.ts';
import { rememberFingerprints } from './fingerprints.ts';
import { encodeSnapshot, snapshotKey } from './snapshot.ts';
import { type Expectations, StreamVerifier } from './verify-stream.ts';

const stream = { tenant: 'skafu', type: 'counter', id: 'c-1' };
const key = streamKey(stream);
const known: Expectations = { aggregates: [counter] };

/** Commits of so many events each, and the heads after them. */
function recorded(sizes: readonly number[]): { items: CommitItem[]; heads: Head[] } {
  let head: Head = { stream, commit: 0, version: 0, hash: new Uint8Array() };
  const heads: Head[] = [];
  const items = sizes.map((size, index) => {
    const events = Array.from({ length: size }, () => ({ type: 'Counted', data: { by: index + 1 } }));
    const commit = encodeCommit(
      head,
      events,
      {
        domain: 'testing',
        commandId: `command-${index}`,
        actor: { type: 'user', id: 'sub-1' },
        correlationId: 'correlation-1',
        causationId: `command-${index}`,
        time: 1_700_000_000_000 + index,
      },
      () => 1,
    );
    head = commit.next;
    heads.push(head);
    return commit.item;
  });
  return { items, heads };
}

function verify(items: readonly CommitItem[], expected = known) {
  const verifier = new StreamVerifier(key, expected);
  for (const item of items) verifier.add(item);
  return verifier.end();
}

const sizes = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 6 });

describe('a stream as it was recorded', () => {
  test('is whole, of whatever commits it is made', () => {
    fc.assert(
      fc.property(sizes, (each) => {
        const events = each.reduce((sum, size) => sum + size, 0);
        expect(verify(recorded(each).items)).toEqual({
          stream: key,
          commits: each.length,
          events,
          snapshots: 0,
          keys: [],
          flaw: undefined,
        });
      }),
    );
  });

  test('is whole with the snapshot of any of its commits', () => {
    const { items, heads } = recorded([1, 2, 1]);
    for (const head of heads) {
      const snapshot = encodeSnapshot({ head, fingerprint: 'other', state: {}, commands: new Map() });
      expect(verify([...items, ...(snapshot ? [snapshot] : [])])).toMatchObject({
        snapshots: 1,
        flaw: undefined,
      });
    }
  });

  test('is whole when nothing is known of its aggregate', () => {
    expect(verify(recorded([2]).items, { aggregates: [] })).toMatchObject({
      events: 2,
      keys: undefined,
      flaw: undefined,
    });
  });
});

describe('a stream that was tampered with', () => {
  test('is named with the first commit that was, whichever bit of whichever attribute changed', () => {
    const tampering = fc.record({
      each: sizes,
      commit: fc.nat(),
      attribute: fc.constantFrom('s', 'c', 'v', 'n', 't', 'k', 'y', 'f', 'b', 'h'),
      place: fc.nat(),
      bit: fc.integer({ min: 0, max: 6 }),
    });
    fc.assert(
      fc.property(tampering, ({ each, commit, attribute, place, bit }) => {
        const { items } = recorded(each);
        const at = commit % items.length;
        const item = items[at] ?? {};
        items[at] = { ...item, [attribute]: flip(item[attribute] ?? { S: '' }, place, bit) };
        const { flaw } = verify(items);
        expect(flaw?.stream).toBe(key);
        expect(flaw?.commit).toBe(at + 1);
      }),
      { numRuns: 2_000 },
    );
  });

  test.each<[string, (items: CommitItem[]) => CommitItem[], number]>([
    ['lacks its first commit', (items) => items.slice(1), 1],
    ['lacks one in the middle', (items) => items.filter((_, index) => index !== 1), 2],
    ['holds one twice', (items) => items.flatMap((item) => [item, item]), 2],
    [
      'has an attribute that no commit has',
      (items) => items.map((item, index) => (index === 1 ? { ...item, z: { S: '' } } : item)),
      2,
    ],
    ['lacks an attribute', (items) => items.map((item, index) => (index === 2 ? omit(item, 'k') : item)), 3],
    [
      'has a text where a number belongs',
      (items) => items.map((item, index) => (index === 0 ? { ...item, t: { S: item['t']?.N ?? '' } } : item)),
      1,
    ],
  ])('is named when it %s', (_, break_, commit) => {
    expect(verify(break_(recorded([1, 2, 1]).items)).flaw).toMatchObject({ stream: key, commit });
  });

  test('is named when a snapshot claims another head, or a commit that is not there', () => {
    const { items, heads } = recorded([1, 1]);
    const [first, second] = heads;
    if (!first || !second) throw new Error('There are two commits.');
    const snapshotOf = (head: Head) => {
      const item = encodeSnapshot({ head, fingerprint: 'other', state: {}, commands: new Map() });
      return item ? [...items, item] : items;
    };
    expect(verify(snapshotOf({ ...first, hash: second.hash })).flaw?.what).toContain('does not belong');
    expect(verify(snapshotOf({ ...second, version: 3 })).flaw?.what).toContain('does not belong');
    expect(verify(snapshotOf({ ...second, commit: 3 })).flaw?.what).toContain('not there');
  });
});

describe('a commit that we should never have written, though its hash is right', () => {
  const at = (version: number): Head => ({ stream, commit: 0, version, hash: new Uint8Array() });
  const origin = {
    domain: 'testing',
    commandId: 'c',
    actor: { type: 'service', id: 's' },
    correlationId: 'c',
    causationId: 'c',
    time: 1,
  } as const;
  const counted = { type: 'Counted', data: { by: 1 } };
  const encoded = (head: Head, ...events: (typeof counted)[]) =>
    encodeCommit(head, events, origin, () => 1).item;

  test('is named when it holds no events', () => {
    expect(verify([encoded(at(0))]).flaw).toEqual({ stream: key, commit: 1, what: 'it holds no events' });
  });

  test('is named when it skips versions', () => {
    expect(verify([encoded(at(4), counted)]).flaw?.what).toBe('it does not continue version 0');
  });

  test('is named when it says that it holds other types of events than it does', () => {
    const item = { ...encoded(at(0), counted), y: { S: 'Closed' } };
    const h = { B: hashOfItem(item, new Uint8Array()) };
    expect(verify([{ ...item, h }]).flaw?.what).toBe('it says that it holds Closed, and holds Counted');
  });

  test.each([
    ['an error', new TypeError('out of range'), 'out of range'],
    ['something else', 'out of range', 'out of range'],
  ])('is named with the reason when its events do not fold, be that %s', (_, thrown, reason) => {
    const { events, initial } = counter;
    const fragile = aggregate<unknown, never>('testing/counter', {
      events,
      initial,
      evolve: () => {
        throw thrown;
      },
    });
    expect(verify([encoded(at(0), counted)], { aggregates: [fragile] }).flaw?.what).toBe(
      `Counted cannot be folded: ${reason}`,
    );
  });
});

describe('a snapshot that this very code made', () => {
  const { events, initial, evolve } = counter;
  const aggregates = [aggregate('verifying/counter', { events, initial, evolve })];
  rememberFingerprints({ 'verifying/counter': 'of-this-code' });
  const flawWith = ({ items, heads }: ReturnType<typeof recorded>, commit: number, state: unknown) => {
    const head = heads[commit - 1];
    if (!head) throw new Error(`There is no commit ${commit}.`);
    const snapshot = encodeSnapshot({ head, fingerprint: 'of-this-code', state, commands: new Map() });
    return verify([...items, snapshot ?? {}], { aggregates }).flaw;
  };

  test('is whole when it is the state at its commit, in whatever order its names stand', () => {
    const stored = recorded([1, 2, 1]);
    expect(flawWith(stored, 2, { total: 5, closed: false })).toBeUndefined();
    expect(flawWith(stored, 2, { closed: false, total: 5 })).toBeUndefined();
  });

  test('is named when it is the state at another commit', () => {
    expect(flawWith(recorded([1, 2, 1]), 2, { total: 8, closed: false })).toEqual({
      stream: key,
      what: 'its snapshot is not the state at commit 2',
    });
  });

  test('is held against the last thousand states alone, and against the hashes of all commits', () => {
    const stored = recorded(Array.from({ length: 1_001 }, () => 1));
    expect(flawWith(stored, 2, 'another')?.what).toBe('its snapshot is not the state at commit 2');
    expect(flawWith(stored, 1, 'another')).toBeUndefined();
  });

  test('is named when nobody can read it', () => {
    const { items } = recorded([1]);
    const snapshot = { s: { S: key }, c: { N: `${snapshotKey}` }, b: { B: Buffer.from('{') } };
    expect(verify([...items, snapshot], { aggregates }).flaw).toEqual({
      stream: key,
      what: 'its snapshot cannot be read',
    });
  });
});

describe('what code does not know', () => {
  const eventOf = (type: string, version: number) =>
    encodeCommit(
      { stream, commit: 0, version: 0, hash: new Uint8Array() },
      [{ type, data: { by: 1 } }],
      {
        domain: 'testing',
        commandId: 'c',
        actor: { type: 'service', id: 's' },
        correlationId: 'c',
        causationId: 'c',
        time: 1,
      },
      () => version,
    ).item;

  test('an event of another kind, or of a version yet to come, is named', () => {
    expect(verify([eventOf('Vanished', 1)]).flaw?.what).toBe('Vanished is no event of counter');
    expect(verify([eventOf('Counted', 2)]).flaw?.what).toContain('knows only up to 1');
    expect(verify([eventOf('Counted', 0)]).flaw?.what).toBe('Counted has no version of its schema');
  });
});

describe('a stream held against a seal', () => {
  const { items, heads } = recorded([1, 2, 1]);
  const sealedAt = (commit: number, hash = heads[commit - 1]?.hash ?? new Uint8Array()) => ({
    ...known,
    sealed: new Map([[key, { commit, hash }]]),
  });

  test('is whole when it is as long as it was sealed, or longer', () => {
    for (const commit of [1, 2, 3]) expect(verify(items, sealedAt(commit)).flaw).toBeUndefined();
  });

  test('is named when its newest commits, or all of them, were cut off', () => {
    expect(verify(items.slice(0, 2), sealedAt(3)).flaw).toEqual({
      stream: key,
      commit: 3,
      what: 'it is missing; 3 commits were sealed, and the stream ends before',
    });
    expect(verify([], sealedAt(3)).flaw).toMatchObject({
      commit: 1,
      what: expect.stringContaining('is gone'),
    });
  });

  test('is named when it was written anew, though its own chain holds', () => {
    const flaw = verify(items, sealedAt(2, Buffer.alloc(32))).flaw;
    expect(flaw).toMatchObject({ commit: 2, what: expect.stringContaining('written anew') });
  });
});

/** The value with one bit of one of its bytes changed; of a text, to another text. */
function flip(value: CommitItem[string], place: number, bit: number): CommitItem[string] {
  const bytes = Buffer.from(value.B ?? Buffer.from(value.S ?? value.N ?? ''));
  const at = place % bytes.length;
  bytes[at] = (bytes[at] ?? 0) ^ (1 << bit);
  if (value.B) return { B: bytes };
  return value.N === undefined ? { S: bytes.toString('latin1') } : { N: bytes.toString('latin1') };
}

function omit(item: CommitItem, name: string): CommitItem {
  const { [name]: _, ...rest } = item;
  return rest;
}
