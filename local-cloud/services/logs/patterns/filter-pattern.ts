import type { LogQuery } from '../../../telemetry/index.ts';
import { parseColumnPattern } from './column-pattern.ts';
import { parseJsonPattern } from './json-pattern.ts';
import { invalidPattern, regexOf } from './operand.ts';

/** What a message must hold: all of `contains`, one of `containsAny` if there are any, none of `lacks`. */
export type TextFilter = Required<Pick<LogQuery, 'contains' | 'containsAny' | 'lacks'>>;

export interface FilterPattern {
  /** What the database can look for by itself: every line that matches has it. */
  hints: TextFilter;
  /** True when a line matches as soon as it has what `hints` say. */
  isHintEnough: boolean;
  matches(message: string): boolean;
  /** The values of the fields that the pattern names, as TestMetricFilter tells them. */
  extract(message: string): Record<string, string>;
  /** The value of a field as metric filters name it: `$.latency` in JSON, `$bytes` in columns. */
  value(message: string, selector: string): string | undefined;
}

const LONGEST = 1_024;
const TERM = /([-?]?)(?:"((?:[^"\\]|\\.)*)"|%((?:[^%\\]|\\.)+)%|(\S+))/g;

/** `ERROR "not found"` (all), `?ERROR ?WARN` (any), `-DEBUG` (none), `%4\d\d%` (a regular expression). */
function parseTerms(text: string): FilterPattern {
  const hints: TextFilter = { contains: [], containsAny: [], lacks: [] };
  const required: RegExp[] = [];
  const optional: RegExp[] = [];
  const excluded: RegExp[] = [];
  for (const [, sign = '', quoted, regex, word] of text.matchAll(TERM)) {
    if (regex !== undefined) {
      const expressions = sign === '?' ? optional : sign === '-' ? excluded : required;
      expressions.push(regexOf(regex));
      continue;
    }
    const term = quoted === undefined ? (word ?? '') : quoted.replace(/\\(.)/g, '$1');
    if (term === '') continue;
    if (sign === '?') hints.containsAny.push(term);
    else if (sign === '-') hints.lacks.push(term);
    else hints.contains.push(term);
  }
  const terms = hints.containsAny;
  // CloudWatch passes over optional terms as soon as a required one stands beside them.
  const isAnyWanted = terms.length + optional.length > 0 && hints.contains.length + required.length === 0;
  // The database knows the terms only, and a line may match by an optional expression instead.
  if (!isAnyWanted || optional.length > 0) hints.containsAny = [];
  const isHintEnough = required.length + excluded.length + (isAnyWanted ? optional.length : 0) === 0;
  return {
    hints,
    isHintEnough,
    matches: (message) =>
      hints.contains.every((term) => message.includes(term)) &&
      !hints.lacks.some((term) => message.includes(term)) &&
      required.every((expression) => expression.test(message)) &&
      !excluded.some((expression) => expression.test(message)) &&
      (!isAnyWanted ||
        terms.some((term) => message.includes(term)) ||
        optional.some((expression) => expression.test(message))),
    extract: () => ({}),
    value: () => undefined,
  };
}

/**
 * Reads a filter pattern of terms, of JSON fields (`{ $.level = "ERROR" }`), or of columns (`[ip, user, status = 4*]`).
 * Throws `InvalidParameterException` for what is none of these.
 */
export function parseFilterPattern(pattern: string): FilterPattern {
  const text = pattern.trim();
  if (text.length > LONGEST) throw invalidPattern(`it has more than ${LONGEST} characters.`);
  if (text.startsWith('{')) return parseJsonPattern(text);
  if (text.startsWith('[')) return parseColumnPattern(text);
  return parseTerms(text);
}
