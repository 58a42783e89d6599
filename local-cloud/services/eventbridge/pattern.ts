import { type Condition, compileCondition, type Scalar } from './conditions.ts';
import { invalidPattern } from './pattern-error.ts';

/** Tells whether an event, as parsed JSON, matches. */
export type EventMatcher = (event: unknown) => boolean;

/**
 * Compiles an event pattern, given as its JSON text. Throws `InvalidEventPatternException` with AWS's wording of the
 * reason. Matching follows EventBridge: a field matches when any of its values meets any of its conditions; arrays of
 * objects match when one of their objects meets the whole nested pattern.
 */
export function compilePattern(text: string): EventMatcher {
  let pattern: unknown;
  try {
    pattern = JSON.parse(text);
  } catch {
    throw invalidPattern('Event pattern is not valid JSON');
  }
  if (!isObject(pattern)) throw invalidPattern('Filter is not an object');
  return compileObject(pattern);
}

function compileObject(pattern: Record<string, unknown>): EventMatcher {
  const entries = Object.entries(pattern);
  if (entries.length === 0) throw invalidPattern('Empty objects are not allowed');
  const fields = entries.map(([name, expected]) => compileField(name, expected));
  return (node) => fields.every((matches) => matches(node));
}

function compileField(name: string, expected: unknown): EventMatcher {
  if (name === '$or' && isAlternatives(expected)) {
    const alternatives = expected.map(compileObject);
    return (node) => alternatives.some((matches) => matches(node));
  }
  if (Array.isArray(expected)) {
    if (expected.length === 0) throw invalidPattern('Empty arrays are not allowed');
    const conditions = expected.map(compileCondition);
    return (node) => meetsAny(leaves(member(node, name)), conditions);
  }
  if (!isObject(expected)) throw invalidPattern(`"${name}" must be an object or an array`);
  const matches = compileObject(expected);
  return (node) => objects(member(node, name)).some(matches);
}

/** As in AWS, `$or` is the operator only over two or more objects, and an ordinary field name otherwise. */
function isAlternatives(expected: unknown): expected is Record<string, unknown>[] {
  return Array.isArray(expected) && expected.length > 1 && expected.every(isObject);
}

function meetsAny(values: Scalar[], conditions: Condition[]): boolean {
  if (values.length === 0) return conditions.some((condition) => condition.whenAbsent);
  return conditions.some((condition) => values.some(condition.matches));
}

function leaves(value: unknown): Scalar[] {
  if (Array.isArray(value)) return value.flatMap(leaves);
  if (typeof value === 'object' && value !== null) return [];
  return value === undefined ? [] : [value as Scalar];
}

/** The objects a nested pattern is tried on; an absent one is tried too, for `exists: false` inside it. */
function objects(value: unknown): unknown[] {
  const found = Array.isArray(value) ? value.flat(Number.POSITIVE_INFINITY).filter(isObject) : [value];
  return found.length === 0 ? [undefined] : found;
}

function member(node: unknown, name: string): unknown {
  return isObject(node) && Object.hasOwn(node, name) ? node[name] : undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
