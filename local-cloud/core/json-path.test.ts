import { expect, test } from 'vitest';
import { parseJsonPath } from './json-path.ts';

const store = {
  book: [
    { title: 'One', price: 8, tags: ['a', 'b'] },
    { title: 'Two', price: 12 },
    { title: 'Three', price: 20, isbn: 'x' },
  ],
  'odd name': { "it's": 1 },
};

test.each<[string, unknown[]]>([
  ['$', [store]],
  ['$.book[0].title', ['One']],
  ['$.book[-1].title', ['Three']],
  ["$['odd name']['it\\'s']", [1]],
  ["$.['odd name'].*", [1]],
  ['$.book[*].price', [8, 12, 20]],
  ['$.book[0:2].title', ['One', 'Two']],
  ['$.book[::2].title', ['One', 'Three']],
  ['$.book[0,2].title', ['One', 'Three']],
  ['$..price', [8, 12, 20]],
  ['$..tags[0]', ['a']],
  ['$.book[?(@.price > 10)].title', ['Two', 'Three']],
  ["$.book[?(@.isbn || @.title == 'One')].price", [8, 20]],
  ['$.book[?(!@.isbn && @.price <= 12)].title', ['One', 'Two']],
  ['$.missing.deeper', []],
  ['$.book[9]', []],
  ['$.constructor', []],
])('%s selects %j', (path, values) => {
  expect(parseJsonPath(path).select(store)).toEqual(values);
});

test.each([
  ['$.a.b', true],
  ["$['a'][3]", true],
  ['$.a[*]', false],
  ['$..a', false],
  ['$.a[0:1]', false],
])('%s is definite: %s', (path, definite) => {
  expect(parseJsonPath(path).definite).toBe(definite);
});

test.each(['a.b', '$.', '$.a[', '$a', "$['a", '$.a[?(@.b ~ 1)]', '$.a[x]', '$.a[?(@.b == )]'])(
  '%s is not a path',
  (path) => {
    expect(() => parseJsonPath(path)).toThrow(/path/u);
  },
);
