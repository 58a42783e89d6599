import { malformed, type Span } from './malformed.ts';

export interface Token extends Span {
  kind: 'number' | 'period' | 'text' | 'name' | 'quoted' | 'symbol' | 'end';
  /** What it means: without quotes, escapes resolved. */
  text: string;
}

const BLANK = /(?:\s+|#[^\n]*)+/y;
const NUMBER = /\d+(?:\.\d+)?(?:[eE][+-]?\d+(?![\w.]))?/y;
const UNIT = /[A-Za-z]+/y;
/** A dot begins what follows a name in back quotes. */
const NAME = /[A-Za-z_@$.][\w@$.]*/y;
const SYMBOL = /=~|!=|<=|>=|\|\||&&|[-+*/%^=<>()[\],|]/y;

function matchAt(pattern: RegExp, text: string, position: number): string | undefined {
  pattern.lastIndex = position;
  return pattern.exec(text)?.[0];
}

/** The end of what is enclosed in `quote` from `start`; a backslash keeps the next character from ending it. */
function closing(text: string, start: number, quote: string): number {
  for (let index = start + 1; index < text.length; index += 1) {
    if (text[index] === '\\') index += 1;
    else if (text[index] === quote) return index;
  }
  throw malformed(`The ${quote} that begins here is never closed.`, { start, end: text.length });
}

function withoutEscapes(text: string): string {
  return text.replace(/\\(["'`\\])/g, '$1');
}

function scan(text: string, position: number): Token {
  const start = position + (matchAt(BLANK, text, position)?.length ?? 0);
  const character = text[start];
  const token = (
    kind: Token['kind'],
    length: number,
    meaning = text.slice(start, start + length),
  ): Token => ({
    kind,
    text: meaning,
    start,
    end: start + length,
  });
  if (character === undefined) return token('end', 0);
  if (character === '"' || character === "'" || character === '`') {
    const end = closing(text, start, character);
    return token(
      character === '`' ? 'quoted' : 'text',
      end + 1 - start,
      withoutEscapes(text.slice(start + 1, end)),
    );
  }
  const digits = matchAt(NUMBER, text, start);
  if (digits !== undefined) {
    const unit = matchAt(UNIT, text, start + digits.length);
    return unit === undefined ? token('number', digits.length) : token('period', digits.length + unit.length);
  }
  const name = matchAt(NAME, text, start);
  if (name !== undefined) return token('name', name.length);
  const symbol = matchAt(SYMBOL, text, start);
  if (symbol !== undefined) return token('symbol', symbol.length);
  throw malformed(`The character ${character} has no meaning here.`, { start, end: start + 1 });
}

/** A regular expression in RE2's spelling: a slash needs no escape there, and names of groups a P. */
function forRe2(source: string): string {
  return source.replace(/\\\/|\\.|\(\?<(?=[A-Za-z_])/gs, (found) => {
    if (found === '\\/') return '/';
    return found === '(?<' ? '(?P<' : found;
  });
}

/** Reads the tokens of a query one after the other, one ahead. A `/` is a division unless the parser asks for a regex. */
export class Cursor {
  readonly query: string;
  #token: Token;
  #end = 0;

  constructor(query: string) {
    this.query = query;
    this.#token = scan(query, 0);
  }

  get token(): Token {
    return this.#token;
  }

  /** Where the last taken token ended. */
  get end(): number {
    return this.#end;
  }

  take(): Token {
    const token = this.#token;
    this.#end = token.end;
    this.#token = scan(this.query, token.end);
    return token;
  }

  isSymbol(...symbols: string[]): boolean {
    return this.#token.kind === 'symbol' && symbols.includes(this.#token.text);
  }

  /** Words of the language are understood in any case. */
  isWord(...words: string[]): boolean {
    return this.#token.kind === 'name' && words.includes(this.#token.text.toLowerCase());
  }

  takeSymbol(...symbols: string[]): Token | undefined {
    return this.isSymbol(...symbols) ? this.take() : undefined;
  }

  takeWord(...words: string[]): Token | undefined {
    return this.isWord(...words) ? this.take() : undefined;
  }

  expectSymbol(symbol: string): Token {
    return this.takeSymbol(symbol) ?? this.fail(`Expected ${symbol}`);
  }

  /** The regular expression that begins at the current token, a `/`. */
  takeRegex(): { source: string; start: number; end: number } {
    const { start } = this.#token;
    const slash = closing(this.query, start, '/');
    const flags = matchAt(UNIT, this.query, slash + 1) ?? '';
    const end = slash + 1 + flags.length;
    if (/[^gims]/.test(flags))
      throw malformed(`The flags ${flags} are not known; i, m and s are.`, { start, end });
    const kept = [...new Set(flags.replaceAll('g', ''))].join('');
    const body = forRe2(this.query.slice(start + 1, slash));
    if (body === '') throw malformed('The regular expression is empty.', { start, end });
    this.#end = end;
    this.#token = scan(this.query, end);
    return { source: kept === '' ? body : `(?${kept})${body}`, start, end };
  }

  fail(expected: string): never {
    const { kind, text } = this.#token;
    const found = kind === 'end' ? 'the query ends' : `there is ${text}`;
    throw malformed(`${expected}, but ${found}.`, this.#token);
  }
}
