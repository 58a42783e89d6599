import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AwsError } from '../../../core/errors.ts';
import { compileQuery } from './compile.ts';
import { parseQuery } from './parse.ts';
import type { Expression } from './syntax.ts';

/** An expression in the shortest form that still shows how it was understood. */
function outline(expression: Expression): string {
  switch (expression.kind) {
    case 'number':
    case 'boolean':
      return String(expression.value);
    case 'text':
      return JSON.stringify(expression.value);
    case 'field':
      return expression.name;
    case 'regex':
      return `/${expression.source}/`;
    case 'period':
      return `${expression.count}${expression.unit}`;
    case 'star':
      return '*';
    case 'negative':
    case 'not':
      return `(${expression.kind} ${outline(expression.operand)})`;
    case 'and':
    case 'or':
      return `(${outline(expression.left)} ${expression.kind} ${outline(expression.right)})`;
    case 'comparison':
    case 'arithmetic':
      return `(${outline(expression.left)} ${expression.operator} ${outline(expression.right)})`;
    case 'in':
      return `(${outline(expression.value)}${expression.isNegated ? ' not' : ''} in [${expression.list.map(outline).join(' ')}])`;
    case 'like':
      return `(${outline(expression.value)}${expression.isNegated ? ' not' : ''} like ${outline(expression.pattern)})`;
    case 'call':
      return `${expression.name}(${expression.arguments.map(outline).join(' ')})`;
  }
}

function filterOf(text: string): string {
  const [command] = parseQuery(`filter ${text}`);
  return command?.kind === 'filter' ? outline(command.condition) : '';
}

function refusal(query: string): AwsError {
  try {
    compileQuery(query, { accountId: '0', region: 'r', groups: 1, limit: 1_000 });
  } catch (error) {
    if (error instanceof AwsError) return error;
    throw error;
  }
  throw new Error(`${query} was taken.`);
}

describe('an expression', () => {
  it.each([
    ['a = 1 and b = 2 or not c = 3', '(((a = 1) and (b = 2)) or (not (c = 3)))'],
    ['a=1 or b=2 and c=3', '((a = 1) or ((b = 2) and (c = 3)))'],
    ['(a or b) AND c', '((a or b) and c)'],
    ['a + b * c - d / 2 % 3 > 0', '(((a + (b * c)) - ((d / 2) % 3)) > 0)'],
    ['2 ^ 3 ^ 2 = -a', '((2 ^ (3 ^ 2)) = (negative a))'],
    ['a - 1 = a -1', '((a - 1) = (a - 1))'],
    ['@message like /a\\/b|(?i)c/', '(@message like /a/b|(?i)c/)'],
    ['@message =~ /ERR/i', '(@message like /(?i)ERR/)'],
    ['@message not like "x"', '(@message not like "x")'],
    ['a in ["x", 2, \'y\']', '(a in ["x" 2 "y"])'],
    ['a not in [1]', '(a not in [1])'],
    ['`a-b`.c = detail.`x-y`.z', '(a-b.c = detail.x-y.z)'],
    ['items.0.name = "say \\"hi\\""', '(items.0.name = "say \\"hi\\"")'],
    ['ispresent(a) and strlen(b) > 1.5e2', '(ispresent(a) and (strlen(b) > 150))'],
    ['a = true # as CloudWatch has it', '(a = true)'],
    ['(?<n>a) = 1', undefined],
  ])('%s', (text, expected) => {
    if (expected === undefined) expect(() => filterOf(text)).toThrow(AwsError);
    else expect(filterOf(text)).toBe(expected);
  });
});

describe('a query', () => {
  it('is its commands in order, over lines and comments', () => {
    const query = `# newest errors
      fields @timestamp, toupper(level) as shout | filter level = "ERROR" # loud
      | parse @message "user=* took * ms" as user, took
      | stats count(*) as n, pct(took, 99) by bin(5m), user
      | sort n desc, user | limit 5 | display user, n`;
    expect(parseQuery(query).map(({ kind }) => kind)).toEqual([
      'fields',
      'filter',
      'parse',
      'stats',
      'sort',
      'limit',
      'display',
    ]);
  });

  it('names what has no alias by its own text', () => {
    const [command] = parseQuery('stats count(*),  avg( a.b )  by bin(5m), level as l');
    if (command?.kind !== 'stats') throw new Error('This is no stats.');
    const names = [...command.aggregates, ...command.keys].map(({ name }) => name);
    expect(names).toEqual(['count(*)', 'avg( a.b )', 'bin(5m)', 'l']);
  });

  it.each([
    ['parse @message "a=*, b=*" as a, b', ['a', 'b'], '(?s)a=(.*?), b=(.*)'],
    ['parse "[*] *" as level, rest', ['level', 'rest'], '(?s)\\[(.*?)\\] (.*)'],
    ['parse @message /(?<user>\\w+) (x) (?P<n>\\d+)/', ['user', '', 'n'], '(?P<user>\\w+) (x) (?P<n>\\d+)'],
    ['parse @message /[(](?:a)(?<b>\\()/', ['b'], '[(](?:a)(?P<b>\\()'],
    ['parse @message /(a) (b)/ as x, y', ['x', 'y'], '(a) (b)'],
  ])('%s', (query, names, pattern) => {
    expect(parseQuery(query)).toMatchObject([{ kind: 'parse', names, pattern }]);
  });
});

describe('what is no query', () => {
  it.each([
    ['', 0, 0, 'the query ends'],
    ['bogus x', 0, 5, 'There is no command bogus'],
    ['fields a | pattern @message', 11, 18, 'does not support the command pattern'],
    ['fields a | join b', 11, 15, 'does not support the command join'],
    ['filter a = ', 11, 11, 'the query ends'],
    ['filter a = "x', 11, 13, 'never closed'],
    ['filter a ; b', 9, 10, 'has no meaning'],
    ['fields a b', 9, 10, 'Expected | or the end'],
    ['limit 0', 6, 7, 'from 1 to 10000'],
    ['limit 10001', 6, 11, 'from 1 to 10000'],
    ['filter nope(a)', 7, 14, 'There is no function nope'],
    ['filter strlen(a, b) > 1', 7, 19, 'takes 1 arguments, not 2'],
    ['filter count(*) > 1', 7, 15, 'stands in stats only'],
    ['stats a by b', 6, 7, 'must stand inside of an aggregate'],
    ['stats count(*), count(*)', 0, 24, 'the same name'],
    ['stats pct(a, "x")', 6, 17, 'a percentage from 0 to 100'],
    ['stats count(*) by bin(5)', 22, 23, 'needs a period'],
    ['stats count(*) by bin(5parsecs)', 22, 30, 'no period 5parsecs'],
    ['stats count(*) by a | stats latest(a)', 28, 37, 'an earlier stats has left behind'],
    ['parse @message "a * b" as x, y', 15, 22, '1 wildcards, and 2 names'],
    ['parse @message /a(b)/', 15, 21, 'needs a named group'],
    ['filter a like /x/q', 14, 18, 'flags q'],
    ['filter a = /x/', 11, 14, 'behind like, =~ or parse only'],
  ])('is refused with its place: %s', (query, startCharOffset, endCharOffset, message) => {
    const error = refusal(query);
    expect(error.code).toBe('MalformedQueryException');
    expect(error.message).toContain(message);
    const { location } = error.details['queryCompileError'] as { location: object };
    expect(location).toEqual({ startCharOffset, endCharOffset });
  });

  it.each([
    ['too many parentheses', `filter ${'('.repeat(100)}a`, 68, 69, 'nested deeper'],
    ['too many negations', `filter ${'not '.repeat(100)}a`, 251, 254, 'nested deeper'],
    ['too long a sum', `filter ${Array(300).fill('a').join('+')} > 1`, 411, 412, 'operators in a row'],
    ['too many commands', `fields a${' | fields a'.repeat(60)}`, 550, 556, 'at most 50 commands'],
    ['too many characters', 'x'.repeat(10_001), 10_000, 10_001, 'at most 10000 characters'],
  ])('is refused where it begins: %s', (_what, query, startCharOffset, endCharOffset, message) => {
    const { details } = refusal(query);
    expect(details['queryCompileError']).toMatchObject({
      location: { startCharOffset, endCharOffset },
      message: expect.stringContaining(message),
    });
  });

  const words = fc.constantFrom(
    ...[
      'fields',
      'filter',
      'stats',
      'sort',
      'limit',
      'dedup',
      'parse',
      'display',
      'by',
      'as',
      'like',
      'in',
      'not',
    ],
    ...['and', 'or', '|', '(', ')', '[', ']', ',', '=', '!=', '<', '*', '/', '-', '^', '%', '=~', '@message'],
    ...[
      'count',
      'bin',
      '5m',
      'a.b',
      '`x y`',
      '"t*"',
      "'",
      '"',
      '/x/',
      '1',
      '1e999',
      'if',
      'pct',
      'desc',
      '#',
      '\n',
    ],
    ...['__proto__', 'constructor', 'toString', 'datefloor', 'coalesce'],
  );

  it('never fails in any other way', () => {
    const queries = fc.oneof(
      fc.string({ maxLength: 200 }),
      fc.array(words, { maxLength: 40 }).map((given) => given.join(' ')),
      fc.array(words, { maxLength: 20 }).map((given) => `filter ${given.join('')}`),
    );
    fc.assert(
      fc.property(queries, (query) => {
        try {
          compileQuery(query, { accountId: '0', region: 'r', groups: 1, limit: 1_000 });
        } catch (error) {
          expect(error).toMatchObject({ code: 'MalformedQueryException' });
        }
      }),
      { numRuns: 3_000 },
    );
  });

  it('never takes text of the user into the statement', () => {
    const texts = fc
      .string({ minLength: 4, maxLength: 30 })
      .map((text) => `zq'"${text.replace(/[`"\\']/g, '')}zq`);
    fc.assert(
      fc.property(texts, (text) => {
        const name = text.replaceAll('"', '');
        const query = `filter \`${name}\` = '${name.replaceAll("'", '')}' | stats max(\`${name}\`) as \`${name}\` by bin(1m)`;
        const { rows } = compileQuery(query, { accountId: '0', region: 'r', groups: 1, limit: 1_000 });
        expect(rows).not.toContain('zq');
      }),
    );
  });
});
