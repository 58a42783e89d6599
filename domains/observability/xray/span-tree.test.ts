import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { LooseSpan } from './read-document.ts';
import { orderSpans } from './span-tree.ts';

const span = (
  id: string,
  parentId: string | undefined,
  from: number,
  more: Partial<LooseSpan> = {},
): LooseSpan => ({
  id,
  ...(parentId === undefined ? {} : { parentId }),
  name: id,
  kind: 'subsegment',
  service: '',
  from,
  duration: 1,
  ...more,
});

const drawn = (spans: readonly LooseSpan[]) =>
  orderSpans(spans).map(
    ({ id, depth, detached }) => `${'  '.repeat(depth)}${id}${detached ? ' (detached)' : ''}`,
  );

describe('spans in order', () => {
  test('stand beneath what caused them, siblings by their start', () => {
    const spans = [
      span('late', 'top', 30),
      span('deep', 'early', 21),
      span('top', undefined, 10),
      span('early', 'top', 20),
    ];
    expect(drawn(spans)).toEqual(['top', '  early', '    deep', '  late']);
    expect(orderSpans(spans).map(({ start }) => start)).toEqual([0, 10, 11, 20]);
  });

  test('stand at the top where their parent is missing', () => {
    expect(drawn([span('lost', 'nowhere', 20), span('top', undefined, 10)])).toEqual([
      'top',
      'lost (detached)',
    ]);
  });

  test('in a circle are cut loose at one place, with all that hangs from it', () => {
    const spans = [
      span('a', 'c', 3),
      span('b', 'a', 2),
      span('c', 'b', 4),
      span('leaf', 'b', 1),
      span('self', 'self', 9),
    ];
    expect(drawn(spans)).toEqual(['self (detached)', 'b (detached)', '  leaf', '  c', '    a']);
  });

  test('that come twice, first in progress, are shown once and whole', () => {
    const { duration: _, ...running } = span('one', undefined, 5);
    for (const spans of [
      [running, span('one', undefined, 5)],
      [span('one', undefined, 5), running],
    ]) {
      expect(orderSpans(spans)).toMatchObject([{ id: 'one', duration: 1 }]);
    }
  });

  test('that share an id and are different are both kept', () => {
    const spans = [span('one', undefined, 5), span('one', undefined, 7, { name: 'another' })];
    expect(orderSpans(spans).map(({ id, name }) => [id, name])).toEqual([
      ['one', 'one'],
      ['one~2', 'another'],
    ]);
  });

  test('sent by themselves belong to the service above them', () => {
    const spans = [span('fn', undefined, 1, { kind: 'segment', service: 'checkout' }), span('step', 'fn', 2)];
    expect(orderSpans(spans).map(({ service }) => service)).toEqual(['checkout', 'checkout']);
  });

  test('of nothing are nothing', () => {
    expect(orderSpans([])).toEqual([]);
  });

  test('as deep as no stack is, and as many as a page can show, are ordered in a moment', () => {
    const chain = Array.from({ length: 100_000 }, (_, index) =>
      span(`${index}`, index === 0 ? undefined : `${index - 1}`, index),
    );
    expect(orderSpans(chain.reverse()).at(-1)).toMatchObject({ id: '99999', depth: 99_999 });
  });
});

/** Few ids, so that parents are found, missing, repeated and circular by chance. */
const anyId = fc.integer({ min: 0, max: 12 }).map(String);
const anySpans = fc.array(
  fc.record({
    id: anyId,
    parentId: fc.option(anyId, { nil: undefined }),
    from: fc.integer({ min: 0, max: 5 }),
    name: fc.constantFrom('read', 'write'),
  }),
  { maxLength: 40 },
);

test('spans of any order and any parents are all there once, each right beneath its parent', () => {
  fc.assert(
    fc.property(anySpans, (given) => {
      const spans = given.map(({ id, parentId, from, name }) => span(id, parentId, from, { name }));
      const ordered = orderSpans(spans);
      const different = new Set(spans.map(({ id, name, from }) => `${id} ${name} ${from}`));
      expect(ordered).toHaveLength(different.size);
      expect(new Set(ordered.map(({ id }) => id)).size).toBe(ordered.length);
      const above: string[] = [];
      for (const { id, parentId, depth } of ordered) {
        expect(depth).toBeLessThanOrEqual(above.length);
        expect(above[depth - 1]).toBe(parentId);
        above.splice(depth, above.length, id);
      }
    }),
    { numRuns: 500 },
  );
});

test('the order in which spans arrive makes no difference', () => {
  const unique = fc.uniqueArray(fc.record({ id: anyId, parentId: anyId, from: fc.nat(9) }), {
    selector: ({ id }) => id,
  });
  fc.assert(
    fc.property(unique, fc.infiniteStream(fc.nat()), (given, order) => {
      const spans = given.map(({ id, parentId, from }) => span(id, parentId, from));
      const shuffled = spans
        .map((each) => ({ each, at: order.next().value }))
        .sort((one, other) => Number(one.at) - Number(other.at))
        .map(({ each }) => each);
      expect(orderSpans(shuffled)).toEqual(orderSpans(spans));
    }),
  );
});
