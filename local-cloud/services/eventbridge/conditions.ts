import { BlockList, isIP } from 'node:net';
import { invalidPattern } from './pattern-error.ts';
import { compileWildcard } from './wildcard.ts';

export type Scalar = string | number | boolean | null;

/** One element of a pattern's list: a value to equal, or a comparison such as `{ "prefix": "a" }`. */
export interface Condition {
  /** Whether a field that is not there meets it. */
  whenAbsent: boolean;
  matches(value: Scalar): boolean;
}

type Test = (value: Scalar) => boolean;

export function compileCondition(condition: unknown): Condition {
  if (Array.isArray(condition))
    throw invalidPattern('Match value must be String, number, true, false, or null');
  if (typeof condition !== 'object' || condition === null) {
    return present((value) => value === condition);
  }
  const [entry, ...more] = Object.entries(condition);
  if (!entry || more.length > 0) throw invalidPattern('Only one key allowed in match expression');
  const [operator, operand] = entry;
  if (operator === 'exists') return compileExists(operand);
  if (operator === 'anything-but') return present(compileAnythingBut(operand));
  const compile = operators[operator];
  if (!compile) throw invalidPattern(`Unrecognized match type ${operator}`);
  return present(compile(operand));
}

function present(matches: Test): Condition {
  return { whenAbsent: false, matches };
}

function compileExists(operand: unknown): Condition {
  if (typeof operand !== 'boolean')
    throw invalidPattern('exists match pattern must be either true or false.');
  return { whenAbsent: !operand, matches: () => operand };
}

const operators: Record<string, ((operand: unknown) => Test) | undefined> = {
  prefix: affix('prefix', (value, start) => value.startsWith(start)),
  suffix: affix('suffix', (value, end) => value.endsWith(end)),
  'equals-ignore-case': (operand) => {
    const expected = text('equals-ignore-case', operand).toLowerCase();
    return onText((value) => value.toLowerCase() === expected);
  },
  wildcard: (operand) => onText(compileWildcard(text('wildcard', operand))),
  numeric: compileNumeric,
  cidr: compileCidr,
};

/** `"start"` or `{ "equals-ignore-case": "start" }`. */
function affix(name: string, compare: (value: string, part: string) => boolean) {
  return (operand: unknown): Test => {
    if (typeof operand === 'object' && operand !== null && 'equals-ignore-case' in operand) {
      const part = text(name, operand['equals-ignore-case']).toLowerCase();
      return onText((value) => compare(value.toLowerCase(), part));
    }
    const part = text(name, operand);
    return onText((value) => compare(value, part));
  };
}

function onText(compare: (value: string) => boolean): Test {
  return (value) => typeof value === 'string' && compare(value);
}

function text(name: string, operand: unknown): string {
  if (typeof operand !== 'string') throw invalidPattern(`${name} match pattern must be a string`);
  return operand;
}

const nestedInAnythingBut = ['prefix', 'suffix', 'wildcard', 'equals-ignore-case'];

function compileAnythingBut(operand: unknown): Test {
  if (typeof operand === 'object' && operand !== null && !Array.isArray(operand)) {
    const [entry, ...more] = Object.entries(operand);
    const compile = entry && nestedInAnythingBut.includes(entry[0]) ? operators[entry[0]] : undefined;
    if (!entry || !compile || more.length > 0) throw invalidPattern('Unsupported anything-but pattern');
    const refused = list(entry[1]).map((each) => compile(each));
    return (value) => !refused.some((matches) => matches(value));
  }
  const refused = new Set(list(operand));
  if (![...refused].every((each) => typeof each === 'string' || typeof each === 'number')) {
    throw invalidPattern('Inside anything but list, start|null|boolean is not supported.');
  }
  return (value) => !refused.has(value);
}

function list(operand: unknown): unknown[] {
  const all: unknown[] = Array.isArray(operand) ? operand : [operand];
  if (all.length === 0) throw invalidPattern('Empty arrays are not allowed');
  return all;
}

const numericOperators: Record<string, ((value: number, bound: number) => boolean) | undefined> = {
  '=': (value, bound) => value === bound,
  '<': (value, bound) => value < bound,
  '<=': (value, bound) => value <= bound,
  '>': (value, bound) => value > bound,
  '>=': (value, bound) => value >= bound,
};

const largestNumber = 5e9;

/** `["=", 1]`, `["<", 10]` or a range such as `[">", 0, "<=", 5]`. */
function compileNumeric(operand: unknown): Test {
  if (!Array.isArray(operand) || (operand.length !== 2 && operand.length !== 4)) {
    throw invalidPattern('Invalid numeric match: must be an operator and a number, or a range');
  }
  const parts: unknown[] = operand;
  const bounds = [parts.slice(0, 2), parts.slice(2)].filter((pair) => pair.length > 0).map(numericBound);
  const [lower, upper] = bounds;
  if (upper && lower) {
    const isRange = lower.operator.startsWith('>') && upper.operator.startsWith('<');
    if (!isRange || lower.bound >= upper.bound) throw invalidPattern('Bad numeric range');
  }
  return (value) => typeof value === 'number' && bounds.every(({ compare, bound }) => compare(value, bound));
}

function numericBound([operator, bound]: unknown[]) {
  const compare = typeof operator === 'string' ? numericOperators[operator] : undefined;
  if (!compare || typeof operator !== 'string') {
    throw invalidPattern(`Unrecognized numeric range operator: ${String(operator)}`);
  }
  if (typeof bound !== 'number' || Math.abs(bound) > largestNumber) {
    throw invalidPattern('Value must be between -5.0E9 and 5.0E9, inclusive');
  }
  return { operator, compare, bound };
}

function compileCidr(operand: unknown): Test {
  const [address = '', bits = '', ...more] = text('cidr', operand).split('/');
  const family = isIP(address);
  const width = family === 6 ? 128 : 32;
  if (family === 0 || more.length > 0 || !/^\d{1,3}$/u.test(bits) || Number(bits) > width) {
    throw invalidPattern("Malformed CIDR, one '/' required");
  }
  const type = family === 6 ? 'ipv6' : 'ipv4';
  const subnet = new BlockList();
  subnet.addSubnet(address, Number(bits), type);
  return onText((value) => isIP(value) === family && subnet.check(value, type));
}
