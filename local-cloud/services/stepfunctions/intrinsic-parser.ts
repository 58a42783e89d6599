/** One argument of an intrinsic function; a whole expression is a `call`. */
export type IntrinsicArgument =
  | { kind: 'literal'; value: unknown }
  | { kind: 'path'; path: string }
  | { kind: 'call'; name: string; arguments: IntrinsicArgument[] };

/** Parses `States.Format('a {}', $.b)`. Throws an `Error` that says where the text is malformed. */
export function parseIntrinsic(text: string): IntrinsicArgument {
  let position = 0;

  const skipSpace = (): void => {
    while (/\s/u.test(text[position] ?? '')) position += 1;
  };
  const fail = (): never => {
    throw new Error(`it is malformed at character ${position + 1}`);
  };

  function argument(): IntrinsicArgument {
    skipSpace();
    if (text[position] === "'") return { kind: 'literal', value: quoted() };
    if (text[position] === '$') return { kind: 'path', path: path() };
    const literal = /^(?:-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?=\s*[,)])/u.exec(
      text.slice(position),
    )?.[0];
    if (literal !== undefined) {
      position += literal.length;
      return { kind: 'literal', value: JSON.parse(literal) };
    }
    return call();
  }

  function call(): IntrinsicArgument {
    const name = /^States\.\w+/u.exec(text.slice(position))?.[0] ?? fail();
    position += name.length;
    if (text[position] !== '(') fail();
    position += 1;
    const given: IntrinsicArgument[] = [];
    skipSpace();
    if (text[position] === ')') position += 1;
    else {
      for (;;) {
        given.push(argument());
        skipSpace();
        const separator = text[position];
        position += 1;
        if (separator === ')') break;
        if (separator !== ',') fail();
      }
    }
    return { kind: 'call', name: name.slice('States.'.length), arguments: given };
  }

  function quoted(): string {
    let value = '';
    for (position += 1; text[position] !== "'"; position += 1) {
      if (position >= text.length) fail();
      // States.Format takes an escaped brace as it is, so it keeps its backslash here.
      if (text[position] === '\\' && !/[{}]/u.test(text[position + 1] ?? '')) position += 1;
      value += text[position] ?? '';
    }
    position += 1;
    return value;
  }

  /** Up to the comma or parenthesis that is not inside brackets. */
  function path(): string {
    const start = position;
    let depth = 0;
    for (; position < text.length; position += 1) {
      const character = text[position];
      if (character === '[' || character === '(') depth += 1;
      else if (depth > 0 && (character === ']' || character === ')')) depth -= 1;
      else if (depth === 0 && (character === ',' || character === ')' || character === ' ')) break;
    }
    return text.slice(start, position);
  }

  skipSpace();
  const whole = call();
  skipSpace();
  if (position !== text.length) fail();
  return whole;
}
