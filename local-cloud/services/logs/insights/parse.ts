import { Cursor, type Token } from './cursor.ts';
import { malformed } from './malformed.ts';
import { parseExpression, parseField, parseNames, parseRegex } from './parse-expression.ts';
import type { Command, Expression } from './syntax.ts';

export const MOST_RESULTS = 10_000;
const MOST_CHARACTERS = 10_000;
const MOST_COMMANDS = 50;

type Parse = (cursor: Cursor, word: Token) => Command;

/** Commands that AWS has and the local cloud has not: refused by name. */
const KNOWN_ELSEWHERE = [
  'pattern',
  'diff',
  'anomaly',
  'unmask',
  'unnest',
  'lookup',
  'join',
  'source',
  'filterindex',
  'addtotals',
];

const commands: Record<string, Parse> = {
  fields: (cursor, { start }) => ({ kind: 'fields', items: parseNames(cursor), start, end: cursor.end }),
  display: (cursor, { start }) => ({ kind: 'display', items: parseNames(cursor), start, end: cursor.end }),
  filter: parseFilter,
  where: parseFilter,
  sort: parseSort,
  limit: (cursor, { start }) => ({ kind: 'limit', count: parseCount(cursor), start, end: cursor.end }),
  head: (cursor, { start }) => ({ kind: 'limit', count: parseCount(cursor), start, end: cursor.end }),
  dedup(cursor, { start }) {
    const keys: Expression[] = [parseField(cursor)];
    while (cursor.takeSymbol(',')) keys.push(parseField(cursor));
    return { kind: 'dedup', keys, start, end: cursor.end };
  },
  parse: parseParse,
  stats(cursor, { start }) {
    const aggregates = parseNames(cursor);
    const keys = cursor.takeWord('by') ? parseNames(cursor) : [];
    return { kind: 'stats', aggregates, keys, start, end: cursor.end };
  },
};

function parseFilter(cursor: Cursor, { start }: Token): Command {
  return { kind: 'filter', condition: parseExpression(cursor), start, end: cursor.end };
}

function parseSort(cursor: Cursor, { start }: Token): Command {
  cursor.takeWord('by');
  const keys: { expression: Expression; isDescending: boolean }[] = [];
  do {
    const expression = parseExpression(cursor);
    const direction = cursor.takeWord('asc', 'desc')?.text.toLowerCase();
    keys.push({ expression, isDescending: direction === 'desc' });
  } while (cursor.takeSymbol(','));
  return { kind: 'sort', keys, start, end: cursor.end };
}

function parseCount(cursor: Cursor): number {
  const { token } = cursor;
  const count = token.kind === 'number' ? Number(token.text) : Number.NaN;
  if (!Number.isInteger(count) || count < 1 || count > MOST_RESULTS) {
    throw malformed(`A limit is a whole number from 1 to ${MOST_RESULTS}.`, token);
  }
  cursor.take();
  return count;
}

/** A glob as a regular expression: each star takes as little as it can, the last one the rest of the line. */
function globPattern(glob: string): string {
  const parts = glob.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\/]/g, '\\$&'));
  const last = parts.length - 1;
  const isOpen = parts[last] === '';
  return `(?s)${parts.map((part, index) => (index === 0 ? part : `${index === last && isOpen ? '(.*)' : '(.*?)'}${part}`)).join('')}`;
}

/** The names of a regular expression's groups in order; groups without one are made not to capture by RE2's numbering. */
function groupNames(source: string): (string | undefined)[] {
  const names: (string | undefined)[] = [];
  let isInClass = false;
  for (let index = 0; index < source.length; index += 1) {
    const character = source[index];
    if (character === '\\') index += 1;
    else if (isInClass) isInClass = character !== ']';
    else if (character === '[') isInClass = true;
    else if (character === '(') {
      const opening = /^\(\?P?<([A-Za-z_]\w*)>/.exec(source.slice(index));
      if (opening) names.push(opening[1]);
      else if (source[index + 1] !== '?') names.push(undefined);
    }
  }
  return names;
}

function parseParse(cursor: Cursor, { start }: Token): Command {
  const isBare = cursor.token.kind === 'text' || cursor.isSymbol('/');
  const source: Expression = isBare
    ? { kind: 'field', name: '@message', isQuoted: false, start, end: start }
    : parseField(cursor);
  const { token } = cursor;
  if (cursor.isSymbol('/')) {
    const regex = parseRegex(cursor);
    const groups = groupNames(regex.source);
    const aliases = cursor.takeWord('as') ? parseAliases(cursor) : undefined;
    const names = groups.map((name, index) => aliases?.[index] ?? name ?? '');
    if (names.every((name) => name === '')) {
      throw malformed('The regular expression of parse needs a named group: (?<name>…).', regex);
    }
    return { kind: 'parse', source, pattern: regex.source, names, start, end: cursor.end };
  }
  if (token.kind !== 'text') cursor.fail('Expected a pattern in quotes or a regular expression');
  cursor.take();
  if (!cursor.takeWord('as')) cursor.fail('Expected as and the names of what the pattern takes');
  const names = parseAliases(cursor);
  const stars = token.text.split('*').length - 1;
  if (stars !== names.length) {
    throw malformed(`The pattern has ${stars} wildcards, and ${names.length} names are given.`, token);
  }
  return { kind: 'parse', source, pattern: globPattern(token.text), names, start, end: cursor.end };
}

function parseAliases(cursor: Cursor): string[] {
  const names = [parseField(cursor).name];
  while (cursor.takeSymbol(',')) names.push(parseField(cursor).name);
  return names;
}

function parseCommand(cursor: Cursor): Command {
  const { token } = cursor;
  if (token.kind !== 'name') cursor.fail('Expected a command');
  const word = token.text.toLowerCase();
  if (KNOWN_ELSEWHERE.includes(word)) {
    throw malformed(`The local cloud does not support the command ${word}.`, token);
  }
  const parse = Object.hasOwn(commands, word) ? commands[word] : undefined;
  if (!parse) throw malformed(`There is no command ${token.text}.`, token);
  cursor.take();
  return parse(cursor, token);
}

/** The commands of a query in order. Throws `MalformedQueryException` and nothing else. */
export function parseQuery(query: string): Command[] {
  if (query.length > MOST_CHARACTERS) {
    throw malformed(`A query has at most ${MOST_CHARACTERS} characters.`, {
      start: MOST_CHARACTERS,
      end: query.length,
    });
  }
  const cursor = new Cursor(query);
  // A query may begin with a pipe, as those do that were copied from the middle of another.
  cursor.takeSymbol('|');
  const parsed = [parseCommand(cursor)];
  while (cursor.takeSymbol('|')) {
    if (parsed.length === MOST_COMMANDS) {
      throw malformed(`A query has at most ${MOST_COMMANDS} commands.`, cursor.token);
    }
    parsed.push(parseCommand(cursor));
  }
  if (cursor.token.kind !== 'end') cursor.fail('Expected | or the end of the query');
  return parsed;
}
