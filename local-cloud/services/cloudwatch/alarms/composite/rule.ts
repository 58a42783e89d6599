import { AwsError } from '../../../../core/errors.ts';
import { validation } from '../../input.ts';
import type { AlarmState } from '../evaluation.ts';

/** A rule expression, with alarms by their names. */
export type Rule =
  | { kind: 'constant'; value: boolean }
  | { kind: 'state'; state: AlarmState; alarm: string }
  | { kind: 'not'; rule: Rule }
  | { kind: 'and' | 'or'; rules: Rule[] };

const LONGEST = 10_240;
const MOST_ALARMS = 100;
const MOST_ELEMENTS = 500;
const TOKEN = /\s*(?:([()])|"((?:[^"\\]|\\.)*)"|([^\s()"]+))/uy;
const STATES = ['ALARM', 'OK', 'INSUFFICIENT_DATA'];

type Token = { mark: '(' | ')' } | { word: string; isQuoted: boolean };

function malformed(reason: string): AwsError {
  return validation(`The AlarmRule is not valid: ${reason}.`);
}

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  let end = 0;
  for (let match = TOKEN.exec(text); match; match = TOKEN.exec(text)) {
    const [, mark, quoted, word = ''] = match;
    if (mark === '(' || mark === ')') tokens.push({ mark });
    else if (quoted !== undefined) tokens.push({ word: quoted.replace(/\\(.)/gu, '$1'), isQuoted: true });
    else tokens.push({ word, isQuoted: false });
    end = TOKEN.lastIndex;
  }
  if (text.slice(end).trim() !== '') throw malformed(`"${text.slice(end).trim()}" cannot be read`);
  return tokens;
}

/** The name of an alarm that is given by name or ARN. */
export function alarmNameOf(reference: string): string {
  return reference.replace(/^arn:[^:]*:cloudwatch:[^:]*:[^:]*:alarm:/u, '');
}

/** Reads from left to right, one precedence after the other: NOT binds closest, then AND, then OR. */
class Reader {
  readonly #tokens: Token[];
  #place = 0;

  constructor(tokens: Token[]) {
    this.#tokens = tokens;
  }

  get isAtEnd(): boolean {
    return this.#place === this.#tokens.length;
  }

  /** The next word, if it is a keyword: those are not quoted, and may be written small. */
  #keyword(): string | undefined {
    const token = this.#tokens[this.#place];
    return token && 'word' in token && !token.isQuoted ? token.word.toUpperCase() : undefined;
  }

  #isKeyword(keyword: string): boolean {
    if (this.#keyword() !== keyword) return false;
    this.#place += 1;
    return true;
  }

  #isMark(mark: '(' | ')'): boolean {
    const token = this.#tokens[this.#place];
    if (!token || !('mark' in token) || token.mark !== mark) return false;
    this.#place += 1;
    return true;
  }

  either(): Rule {
    return this.#several('or', 'OR', () => this.#several('and', 'AND', () => this.#one()));
  }

  #several(kind: 'and' | 'or', keyword: string, read: () => Rule): Rule {
    const first = read();
    const rules = [first];
    while (this.#isKeyword(keyword)) rules.push(read());
    return rules.length === 1 ? first : { kind, rules };
  }

  #one(): Rule {
    if (this.#isKeyword('NOT')) return { kind: 'not', rule: this.#one() };
    if (this.#isMark('(')) {
      const rule = this.either();
      if (!this.#isMark(')')) throw malformed('a parenthesis is not closed');
      return rule;
    }
    if (this.#isKeyword('TRUE')) return { kind: 'constant', value: true };
    if (this.#isKeyword('FALSE')) return { kind: 'constant', value: false };
    const keyword = this.#keyword();
    if (keyword === 'AT_LEAST') {
      throw new AwsError('NotImplemented', 'The local cloud does not support AT_LEAST in alarm rules.', 501);
    }
    const state = STATES.find((each) => each === keyword) as AlarmState | undefined;
    if (!state)
      throw malformed('a state such as ALARM("name"), TRUE, FALSE, NOT or a parenthesis is missing');
    this.#place += 1;
    return { kind: 'state', state, alarm: this.#alarm(state) };
  }

  #alarm(state: string): string {
    const isOpen = this.#isMark('(');
    const token = this.#tokens[this.#place];
    if (!isOpen || !token || !('word' in token) || token.word === '') {
      throw malformed(`${state} needs the name or ARN of one alarm in parentheses`);
    }
    this.#place += 1;
    if (!this.#isMark(')')) throw malformed(`a name with spaces or parentheses in ${state} needs quotes`);
    return alarmNameOf(token.word);
  }
}

/** Reads the rule of a composite alarm. Throws `ValidationError` for what is none. */
export function parseRule(text: string): Rule {
  if (text.length > LONGEST) throw malformed(`it has more than ${LONGEST} characters`);
  const tokens = tokensOf(text);
  if (tokens.length === 0) throw malformed('it is empty');
  const reader = new Reader(tokens);
  const rule = reader.either();
  if (!reader.isAtEnd)
    throw malformed('AND or OR is missing between two parts, or a parenthesis is too many');
  if (alarmsOf(rule).length > MOST_ALARMS) throw malformed(`it names more than ${MOST_ALARMS} alarms`);
  if (elementsOf(rule) > MOST_ELEMENTS) throw malformed(`it has more than ${MOST_ELEMENTS} elements`);
  return rule;
}

function partsOf(rule: Rule): Rule[] {
  if (rule.kind === 'not') return [rule.rule];
  return rule.kind === 'and' || rule.kind === 'or' ? rule.rules : [];
}

const elementsOf = (rule: Rule): number =>
  partsOf(rule).reduce((sum, part) => sum + elementsOf(part), rule.kind === 'state' ? 2 : 1);

function namesIn(rule: Rule): string[] {
  return rule.kind === 'state' ? [rule.alarm] : partsOf(rule).flatMap(namesIn);
}

/** The names of the alarms that a rule asks about, each once. */
export function alarmsOf(rule: Rule): string[] {
  return [...new Set(namesIn(rule))];
}

/** Whether the rule is fulfilled; an alarm that is no more is in no state. */
export function isFulfilled(rule: Rule, stateOf: (alarm: string) => AlarmState | undefined): boolean {
  switch (rule.kind) {
    case 'constant':
      return rule.value;
    case 'state':
      return stateOf(rule.alarm) === rule.state;
    case 'not':
      return !isFulfilled(rule.rule, stateOf);
    case 'and':
      return rule.rules.every((each) => isFulfilled(each, stateOf));
    case 'or':
      return rule.rules.some((each) => isFulfilled(each, stateOf));
  }
}
