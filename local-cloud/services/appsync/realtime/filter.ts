import { isDeepStrictEqual } from 'node:util';

/**
 * Which results of a mutation a subscription gets.
 * https://docs.aws.amazon.com/appsync/latest/devguide/aws-appsync-real-time-enhanced-filtering.html
 */

export interface Condition {
  readonly fieldName: string;
  readonly operator: string;
  readonly value: unknown;
}

/** One of the filters has to fit, with all its conditions. */
export interface FilterGroup {
  readonly filterGroup: readonly { readonly filters: readonly Condition[] }[];
}

type Operator = (field: unknown, value: unknown) => boolean;

const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : [value]);
const equal: Operator = (field, value) => isDeepStrictEqual(field ?? null, value ?? null);

/** Numbers by their size, texts by their letters; what is of two kinds fits no comparison. */
function ordered(compare: (order: number) => boolean): Operator {
  return (field, value) => {
    if (typeof field === 'number' && typeof value === 'number') return compare(field - value);
    if (typeof field === 'string' && typeof value === 'string')
      return compare(field < value ? -1 : field > value ? 1 : 0);
    return false;
  };
}

const contains: Operator = (field, value) => {
  if (Array.isArray(field)) return field.some((each) => equal(each, value));
  return typeof field === 'string' && typeof value === 'string' && field.includes(value);
};
const isIn: Operator = (field, value) => list(value).some((each) => equal(field, each));
const atLeast = ordered((order) => order >= 0);
const atMost = ordered((order) => order <= 0);

const operators: ReadonlyMap<string, Operator> = new Map<string, Operator>([
  ['eq', equal],
  ['ne', (field, value) => !equal(field, value)],
  ['le', atMost],
  ['lt', ordered((order) => order < 0)],
  ['ge', atLeast],
  ['gt', ordered((order) => order > 0)],
  ['contains', contains],
  [
    'notContains',
    (field, value) => (Array.isArray(field) || typeof field === 'string') && !contains(field, value),
  ],
  [
    'beginsWith',
    (field, value) => typeof field === 'string' && typeof value === 'string' && field.startsWith(value),
  ],
  ['in', isIn],
  ['notIn', (field, value) => !isIn(field, value)],
  ['between', (field, value) => Array.isArray(value) && atLeast(field, value[0]) && atMost(field, value[1])],
  [
    'containsAny',
    (field, value) => Array.isArray(field) && list(value).some((each) => contains(field, each)),
  ],
]);

const mostFilters = 10;
const mostConditions = 5;

/** A filter as a resolver sets it. Throws what is wrong with it, in words. */
export function readFilterGroup(set: unknown): FilterGroup {
  const groups = asRecord(set)?.['filterGroup'];
  if (!Array.isArray(groups) || groups.length === 0)
    throw new Error('A subscription filter needs a filterGroup.');
  if (groups.length > mostFilters) throw new Error(`A filterGroup holds at most ${mostFilters} filters.`);
  return { filterGroup: groups.map((group) => ({ filters: readConditions(asRecord(group)?.['filters']) })) };
}

function readConditions(filters: unknown): Condition[] {
  if (!Array.isArray(filters) || filters.length === 0)
    throw new Error('A filter of a filterGroup needs filters.');
  if (filters.length > mostConditions) throw new Error(`A filter has at most ${mostConditions} conditions.`);
  return filters.map((filter) => {
    const { fieldName, operator, value } = asRecord(filter) ?? {};
    if (typeof fieldName !== 'string' || fieldName === '') throw new Error('A filter needs a fieldName.');
    if (typeof operator !== 'string' || !operators.has(operator))
      throw new Error(`A filter has no operator ${JSON.stringify(operator)}.`);
    if (operator === 'between' && (!Array.isArray(value) || value.length !== 2))
      throw new Error('The operator between needs two values.');
    return { fieldName, operator, value };
  });
}

const asRecord = (value: unknown) =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;

/** Whether the filter that a resolver set lets a result through; `author.name` looks into the field `author`. */
export function passesGroup({ filterGroup }: FilterGroup, result: unknown): boolean {
  return filterGroup.some(({ filters }) =>
    filters.every(({ fieldName, operator, value }) =>
      operators.get(operator)?.(at(result, fieldName), value),
    ),
  );
}

function at(result: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((value, name) => {
    const record = asRecord(value);
    return record && Object.hasOwn(record, name) ? record[name] : undefined;
  }, result);
}

/**
 * Whether a result is what the arguments of a subscription ask for: each that was given equals the field of its name. One
 * that was left out asks for nothing; one that is null asks for null.
 */
export function passesArguments(given: Readonly<Record<string, unknown>>, result: unknown): boolean {
  return Object.entries(given).every(([name, value]) => equal(at(result, name), value));
}
