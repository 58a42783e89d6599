import { type Expression, ExpressionError } from './syntax.ts';

/** Reads a JSON string of `cdk.tf.json` as the template it is. `parseTemplate('${a.b}')` is the expression itself. */
export function parseTemplate(text: string): Expression {
  return new Parser(text).template();
}

const BINARY_OPERATORS: Record<string, number> = {
  '||': 1,
  '&&': 2,
  '==': 3,
  '!=': 3,
  '<': 4,
  '>': 4,
  '<=': 4,
  '>=': 4,
  '+': 5,
  '-': 5,
  '*': 6,
  '/': 6,
  '%': 6,
};

const ESCAPES: Record<string, string> = { n: '\n', r: '\r', t: '\t', '"': '"', '\\': '\\' };
const IDENTIFIER = /[\p{ID_Start}_][\p{ID_Continue}-]*/uy;
const NUMBER = /\d+(\.\d+)?([eE][+-]?\d+)?/y;
const OPERATOR = /\|\||&&|==|!=|<=|>=|[<>+\-*/%]/y;

class Parser {
  private position = 0;
  private readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  template(): Expression {
    return this.parts(undefined);
  }

  /** Text and interpolations up to `end`, or to the end of the text. Escapes with `\` only exist inside quotes. */
  private parts(end: '"' | undefined): Expression {
    const parts: Expression[] = [];
    let literal = '';
    const flush = () => {
      if (literal) parts.push({ kind: 'literal', value: literal });
      literal = '';
    };
    for (;;) {
      const character = this.text[this.position];
      if (character === undefined) {
        if (end) this.fail('A string does not end');
        break;
      }
      if (character === end) {
        this.position += 1;
        break;
      }
      if (this.takeText('$${')) literal += '${';
      else if (this.takeText('%%{')) literal += '%{';
      else if (this.text.startsWith('%{', this.position))
        this.fail('Template directives (%{ … }) are not supported');
      else if (this.takeText('${')) {
        flush();
        parts.push(this.expression());
        this.expect('}');
      } else if (end && character === '\\') literal += this.escape();
      else {
        literal += character;
        this.position += 1;
      }
    }
    flush();
    const [only] = parts;
    if (only === undefined) return { kind: 'literal', value: '' };
    return parts.length === 1 ? only : { kind: 'template', parts };
  }

  private escape(): string {
    const letter = this.text[this.position + 1] ?? '';
    const unicode = /^(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))/.exec(
      this.text.slice(this.position + 1, this.position + 10),
    );
    if (unicode) {
      const code = Number.parseInt(unicode[1] ?? unicode[2] ?? '', 16);
      if (code > 0x10ffff) this.fail('There is no such character');
      this.position += unicode[0].length + 1;
      return String.fromCodePoint(code);
    }
    const escaped = ESCAPES[letter];
    if (escaped === undefined) this.fail(`"\\${letter}" is no escape sequence`);
    this.position += 2;
    return escaped;
  }

  private expression(): Expression {
    const test = this.binary(1);
    if (!this.takeSymbol('?')) return test;
    const then = this.expression();
    this.expect(':');
    return { kind: 'conditional', test, then, otherwise: this.expression() };
  }

  private binary(level: number): Expression {
    let left = this.unary();
    for (;;) {
      this.space();
      const operator = this.match(OPERATOR);
      const binds = operator === undefined ? 0 : (BINARY_OPERATORS[operator] ?? 0);
      if (operator === undefined || binds < level) {
        this.position -= operator?.length ?? 0;
        return left;
      }
      left = { kind: 'binary', operator, left, right: this.binary(binds + 1) };
    }
  }

  private unary(): Expression {
    if (this.takeSymbol('-')) return { kind: 'unary', operator: '-', operand: this.unary() };
    if (this.takeSymbol('!')) return { kind: 'unary', operator: '!', operand: this.unary() };
    return this.postfix(this.primary());
  }

  private postfix(start: Expression): Expression {
    let of = start;
    for (;;) {
      if (this.takeText('[*]') || this.takeText('.*')) of = { kind: 'splat', of, path: this.splatPath() };
      else if (this.takeText('[')) {
        const key = this.expression();
        this.expect(']');
        of = { kind: 'index', of, key };
      } else if (this.text[this.position] === '.' && !this.text.startsWith('...', this.position)) {
        this.position += 1;
        const position = this.match(/\d+/y);
        of =
          position === undefined
            ? { kind: 'attribute', of, name: this.identifier() }
            : { kind: 'index', of, key: { kind: 'literal', value: Number(position) } };
      } else return of;
    }
  }

  private splatPath(): (string | number)[] {
    const path: (string | number)[] = [];
    for (;;) {
      const index = this.match(/\[\d+\]/y);
      if (index !== undefined) path.push(Number(index.slice(1, -1)));
      else if (this.takeText('.')) path.push(this.identifier());
      else return path;
    }
  }

  private primary(): Expression {
    this.space();
    if (this.takeText('"')) return this.parts('"');
    if (this.takeText('(')) {
      const inner = this.expression();
      this.expect(')');
      return inner;
    }
    if (this.takeText('[')) return this.list();
    if (this.takeText('{')) return this.object();
    const number = this.match(NUMBER);
    if (number !== undefined) return { kind: 'literal', value: Number(number) };
    const name = this.identifier();
    if (this.takeText('(')) return this.call(name);
    if (name === 'true' || name === 'false') return { kind: 'literal', value: name === 'true' };
    return name === 'null' ? { kind: 'literal', value: null } : { kind: 'variable', name };
  }

  private call(name: string): Expression {
    const args: Expression[] = [];
    let expand = false;
    while (!this.takeSymbol(')')) {
      args.push(this.expression());
      expand = this.takeSymbol('...');
      if (this.takeSymbol(',')) continue;
      this.expect(')');
      break;
    }
    return { kind: 'call', name, args, expand };
  }

  private list(): Expression {
    this.refuseFor();
    const items: Expression[] = [];
    while (!this.takeSymbol(']')) {
      items.push(this.expression());
      if (this.takeSymbol(',')) continue;
      this.expect(']');
      break;
    }
    return { kind: 'list', items };
  }

  private object(): Expression {
    this.refuseFor();
    const entries: { key: Expression; value: Expression }[] = [];
    while (!this.takeSymbol('}')) {
      const key = this.expression();
      if (!this.takeSymbol('=')) this.expect(':');
      // A bare word is the key itself, not a reference.
      const named: Expression = key.kind === 'variable' ? { kind: 'literal', value: key.name } : key;
      entries.push({ key: named, value: this.expression() });
      this.takeSymbol(',');
    }
    return { kind: 'object', entries };
  }

  private refuseFor(): void {
    this.space();
    if (/^for\s/.test(this.text.slice(this.position, this.position + 4))) {
      this.fail('"for" expressions are not supported');
    }
  }

  private identifier(): string {
    this.space();
    return this.match(IDENTIFIER) ?? this.fail('A name or value is missing');
  }

  private space(): void {
    this.match(/\s+/y);
  }

  private match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.position;
    const found = pattern.exec(this.text)?.[0];
    this.position += found?.length ?? 0;
    return found;
  }

  private takeText(text: string): boolean {
    if (!this.text.startsWith(text, this.position)) return false;
    this.position += text.length;
    return true;
  }

  private takeSymbol(symbol: string): boolean {
    this.space();
    return this.takeText(symbol);
  }

  private expect(symbol: string): void {
    if (!this.takeSymbol(symbol)) this.fail(`"${symbol}" is missing`);
  }

  private fail(message: string): never {
    throw new ExpressionError(message, this.text, this.position);
  }
}
