import { JsonPathError } from './json-path-error.ts';

/** Decides whether one element stays: `@` is the element, `$` the whole document. */
export type Filter = (element: unknown, root: unknown) => boolean;

type Operand = (element: unknown, root: unknown) => { exists: boolean; value: unknown };

const tokenPattern =
  /\s*(&&|\|\||==|!=|<=|>=|[<>!()]|'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null|[@$](?:\.\.?[\w-]+|\.\*|\[[^\]]*\])*)/uy;

/** Finds the values of a path inside an element or the document. */
type Select = (data: unknown) => unknown[];

/**
 * Parses the text between `?` and `]`: comparisons, existence, `!`, `&&`, `||` and parentheses. `path` is the whole
 * path, for messages; `parsePath` compiles the paths inside.
 */
export function parseFilter(text: string, path: string, parsePath: (text: string) => Select): Filter {
  const tokens = tokenize(text, path);
  let position = 0;
  const fail = (): never => {
    throw new JsonPathError(`The path '${path}' has a filter that is not supported: ${text}`);
  };
  const take = (token: string): boolean => {
    if (tokens[position] !== token) return false;
    position += 1;
    return true;
  };

  function either(): Filter {
    let left = both();
    while (take('||')) {
      const [one, other] = [left, both()];
      left = (element, root) => one(element, root) || other(element, root);
    }
    return left;
  }

  function both(): Filter {
    let left = single();
    while (take('&&')) {
      const [one, other] = [left, single()];
      left = (element, root) => one(element, root) && other(element, root);
    }
    return left;
  }

  function single(): Filter {
    if (take('!')) {
      const inner = single();
      return (element, root) => !inner(element, root);
    }
    if (take('(')) {
      const inner = either();
      if (!take(')')) fail();
      return inner;
    }
    const left = operand();
    const compare = comparisons[tokens[position] ?? ''];
    if (!compare) return (element, root) => left(element, root).exists;
    position += 1;
    const right = operand();
    return (element, root) => compare(left(element, root).value, right(element, root).value);
  }

  function operand(): Operand {
    const token = tokens[position] ?? fail();
    position += 1;
    if (/^[@$]/u.test(token)) {
      const select = parsePath(`$${token.slice(1)}`);
      return (element, root) => {
        const values = select(token.startsWith('@') ? element : root);
        return { exists: values.length > 0, value: values[0] };
      };
    }
    if (!/^(?:['"\d-]|true$|false$|null$)/u.test(token)) fail();
    const value: unknown = token.startsWith("'")
      ? token.slice(1, -1).replace(/\\(.)/gu, '$1')
      : JSON.parse(token);
    return () => ({ exists: true, value });
  }

  const filter = either();
  if (position !== tokens.length) fail();
  return filter;
}

function tokenize(text: string, path: string): string[] {
  const tokens: string[] = [];
  tokenPattern.lastIndex = 0;
  const trimmed = text.trimEnd();
  while (tokenPattern.lastIndex < trimmed.length) {
    const start = tokenPattern.lastIndex;
    const token = tokenPattern.exec(trimmed)?.[1];
    if (token === undefined) {
      throw new JsonPathError(`The path '${path}' has a malformed filter at '${trimmed.slice(start)}'.`);
    }
    tokens.push(token);
  }
  return tokens;
}

type Comparison = (left: unknown, right: unknown) => boolean;

const comparisons: Record<string, Comparison | undefined> = {
  '==': (left, right) => left === right,
  '!=': (left, right) => left !== right,
  '<': ordered((left, right) => left < right),
  '<=': ordered((left, right) => left <= right),
  '>': ordered((left, right) => left > right),
  '>=': ordered((left, right) => left >= right),
};

function ordered(compare: (left: number | string, right: number | string) => boolean): Comparison {
  return (left, right) =>
    (typeof left === 'number' && typeof right === 'number' && compare(left, right)) ||
    (typeof left === 'string' && typeof right === 'string' && compare(left, right));
}
