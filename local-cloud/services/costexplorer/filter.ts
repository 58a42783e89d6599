import { notSupported } from '../../core/errors.ts';
import type { BillLine } from './bill.ts';
import { dimensionNames, dimensionOf } from './dimensions.ts';
import { type Input, invalid, isObject, requiredText, textList } from './input.ts';

export type Matches = (line: BillLine) => boolean;

/** Whether a filter can only be answered of single resources: it asks for tags or resource ids. */
export function needsResources(filter: unknown): boolean {
  if (Array.isArray(filter)) return filter.some(needsResources);
  if (!isObject(filter)) return false;
  if (filter['Tags'] !== undefined || filter['Key'] === 'RESOURCE_ID') return true;
  return ['And', 'Or', 'Not', 'Dimensions'].some((name) => needsResources(filter[name]));
}

const OPERATORS = ['And', 'Or', 'Not', 'Dimensions', 'Tags', 'CostCategories'] as const;
const DEEPEST = 10;

/**
 * The `Filter` of a request as a predicate. Throws `ValidationException` for what is malformed and `NotImplemented`
 * for cost categories, of which there are none.
 */
export function readFilter(filter: unknown, { resources = false } = {}): Matches {
  if (filter === undefined || filter === null) return () => true;
  return readExpression(filter, resources, 0);
}

function readExpression(value: unknown, resources: boolean, depth: number): Matches {
  if (!isObject(value)) throw invalid('A filter expression must be a structure.');
  if (depth > DEEPEST) throw invalid('The filter expression is nested too deeply.');
  const given = OPERATORS.filter((name) => value[name] !== undefined && value[name] !== null);
  const [operator] = given;
  if (!operator || given.length > 1) {
    throw invalid(
      `Filter expression must have exactly one root operator of ${OPERATORS.join(', ')}; it has ${given.length}.`,
    );
  }
  const inner = (each: unknown) => readExpression(each, resources, depth + 1);
  if (operator === 'Not') {
    const matches = inner(value['Not']);
    return (line) => !matches(line);
  }
  if (operator === 'And' || operator === 'Or') {
    const operands = value[operator];
    if (!Array.isArray(operands) || operands.length < 2) {
      throw invalid(`The operator ${operator} must have at least two operands.`);
    }
    const all = operands.map(inner);
    if (operator === 'And') return (line) => all.every((matches) => matches(line));
    return (line) => all.some((matches) => matches(line));
  }
  if (operator === 'CostCategories') throw notSupported('Cost Explorer', 'filters by CostCategories');
  const values = value[operator];
  if (!isObject(values)) throw invalid(`${operator} must be a structure.`);
  return operator === 'Tags' ? readTags(values) : readDimension(values, resources);
}

function readDimension(given: Input, resources: boolean): Matches {
  const key = requiredText(given, 'Key');
  if (!dimensionNames.includes(key) || (key === 'RESOURCE_ID' && !resources)) {
    throw invalid(`Invalid dimension: ${key}. Valid dimensions are: ${dimensionNames.join(', ')}`);
  }
  const matches = readValues(given, 'Dimensions');
  return (line) => matches(dimensionOf(key, line));
}

function readTags(given: Input): Matches {
  const key = requiredText(given, 'Key');
  const matches = readValues(given, 'Tags');
  return (line) => matches(line.tags[key]);
}

const comparisons: Record<string, (value: string, wanted: string) => boolean> = {
  EQUALS: (value, wanted) => value === wanted,
  STARTS_WITH: (value, wanted) => value.startsWith(wanted),
  ENDS_WITH: (value, wanted) => value.endsWith(wanted),
  CONTAINS: (value, wanted) => value.includes(wanted),
};

function readValues(given: Input, what: string): (value: string | undefined) => boolean {
  const wanted = textList(given, 'Values');
  const options = textList(given, 'MatchOptions');
  if (options.includes('ABSENT')) {
    if (wanted.length > 0) throw invalid(`${what} with the match option ABSENT take no values.`);
    return (value) => value === undefined;
  }
  if (wanted.length === 0) throw invalid(`${what} values must not be empty.`);
  const names = options.filter((option) => option !== 'CASE_SENSITIVE' && option !== 'CASE_INSENSITIVE');
  const fold = options.includes('CASE_INSENSITIVE') ? (text: string) => text.toLowerCase() : String;
  const compare = comparisons[names[0] ?? 'EQUALS'];
  if (!compare || names.length > 1) throw invalid(`Match options [${options.join(', ')}] are not supported.`);
  // A tag asked for with an empty value means: without this tag.
  return (value) => wanted.some((each) => compare(fold(value ?? ''), fold(each)));
}
