import { wildcardMatcher } from '../../core/wildcard.ts';
import type { ChoiceRule, StateDefinition } from './definition.ts';
import { lookUp, type Scope } from './expressions.ts';
import { runtimeError } from './state-error.ts';

/** The first rule of a Choice state that holds. */
export function chosenRule({ Choices }: StateDefinition, scope: Scope): ChoiceRule | undefined {
  return Choices?.find((rule) => choiceHolds(rule, scope));
}

/** Whether the rule of a Choice state holds for the input. */
export function choiceHolds(rule: ChoiceRule, scope: Scope): boolean {
  if (rule.And) return rule.And.every((each) => choiceHolds(each, scope));
  if (rule.Or) return rule.Or.some((each) => choiceHolds(each, scope));
  if (rule.Not) return !choiceHolds(rule.Not, scope);
  const operator = Object.keys(rule).find(
    (name) => !['Variable', 'Next', 'Comment', 'Assign'].includes(name),
  );
  if (operator === undefined || rule.Variable === undefined)
    throw runtimeError('A choice rule lacks its comparison.');
  const variable = lookUp(rule.Variable, scope);
  if (operator === 'IsPresent') return variable.exists === rule[operator];
  if (!variable.exists) {
    throw runtimeError(
      `Invalid path '${rule.Variable}': The choice state's condition path references an invalid value.`,
    );
  }
  const typeTest = typeTests[operator];
  if (typeTest) return typeTest(variable.value) === rule[operator];
  return compare(operator, variable.value, operand(operator, rule[operator], scope));
}

function operand(operator: string, given: unknown, scope: Scope): unknown {
  if (!operator.endsWith('Path')) return given;
  const found = lookUp(String(given), scope);
  if (!found.exists) throw runtimeError(`Invalid path '${String(given)}': it references an invalid value.`);
  return found.value;
}

const typeTests: Record<string, ((value: unknown) => boolean) | undefined> = {
  IsNull: (value) => value === null,
  IsNumeric: (value) => typeof value === 'number',
  IsString: (value) => typeof value === 'string',
  IsBoolean: (value) => typeof value === 'boolean',
  IsTimestamp: (value) => timestamp(value) !== undefined,
};

function compare(name: string, value: unknown, expected: unknown): boolean {
  const operator = name.replace(/Path$/u, '');
  if (operator === 'BooleanEquals') return typeof value === 'boolean' && value === expected;
  if (operator === 'StringMatches') {
    return typeof value === 'string' && typeof expected === 'string' && wildcardMatches(expected, value);
  }
  const [, kind = '', relation = ''] = /^(String|Numeric|Timestamp)(.+)$/u.exec(operator) ?? [];
  const read = readers[kind];
  const holds = relations[relation];
  if (!read || !holds) throw runtimeError(`The comparison ${name} does not exist.`);
  const [left, right] = [read(value), read(expected)];
  return left !== undefined && right !== undefined && holds(order(left, right));
}

const readers: Record<string, ((value: unknown) => string | number | undefined) | undefined> = {
  String: (value) => (typeof value === 'string' ? value : undefined),
  Numeric: (value) => (typeof value === 'number' ? value : undefined),
  Timestamp: timestamp,
};

const relations: Record<string, ((order: number) => boolean) | undefined> = {
  Equals: (result) => result === 0,
  LessThan: (result) => result < 0,
  LessThanEquals: (result) => result <= 0,
  GreaterThan: (result) => result > 0,
  GreaterThanEquals: (result) => result >= 0,
};

function order(left: string | number, right: string | number): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

/** Epoch milliseconds of an RFC 3339 time with `T` and a zone, as the language demands. */
function timestamp(value: unknown): number | undefined {
  if (typeof value !== 'string') return undefined;
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/u.test(value)) return undefined;
  const time = Date.parse(value);
  return Number.isNaN(time) ? undefined : time;
}

/** `*` matches any text; `\*` and `\\` stand for themselves. */
function wildcardMatches(pattern: string, value: string): boolean {
  const parts = [''];
  for (const [token] of pattern.matchAll(/\\[\\*]|[\s\S]/gu)) {
    if (token === '*') parts.push('');
    else parts.push((parts.pop() ?? '') + (token.length > 1 ? token.slice(1) : token));
  }
  return wildcardMatcher(parts)(value);
}
