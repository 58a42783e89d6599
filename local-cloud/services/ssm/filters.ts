import { AwsError } from '../../core/errors.ts';
import { type Input, objects, requiredText, text, texts } from '../../core/input.ts';
import { isWithin } from './names.ts';
import { latestOf, type Parameter } from './parameters.ts';

type Matches = (parameter: Parameter) => boolean;

/** Which options each key may have, the first one where none is given. */
const optionsOf: Readonly<Record<string, readonly string[]>> = {
  Name: ['Equals', 'BeginsWith', 'Contains'],
  Path: ['OneLevel', 'Recursive'],
  Type: ['Equals', 'BeginsWith'],
  KeyId: ['Equals', 'BeginsWith'],
  Tier: ['Equals'],
  DataType: ['Equals'],
  Label: ['Equals'],
};

const valuesOf: Readonly<Record<string, (parameter: Parameter) => readonly string[]>> = {
  Name: ({ name }) => [name],
  Type: (parameter) => [latestOf(parameter).type],
  KeyId: (parameter) => [latestOf(parameter).keyId ?? ''],
  Tier: (parameter) => [latestOf(parameter).tier],
  DataType: () => ['text'],
  Label: ({ versions }) => versions.flatMap(({ labels }) => labels),
};

/**
 * Which parameters `ParameterFilters` lets through, or the older `Filters`. Throws `InvalidFilterKey`,
 * `InvalidFilterOption` or `InvalidFilterValue`.
 */
export function matcherOf(input: Input, keys: readonly string[]): Matches {
  const filters = objects(input, 'ParameterFilters');
  const older = objects(input, 'Filters');
  if (filters.length > 0 && older.length > 0) {
    throw new AwsError(
      'ValidationException',
      'You can use either Filters or ParameterFilters in a single request.',
    );
  }
  const all = [
    ...filters.map((filter) => readFilter(filter, keys, text(filter, 'Option'))),
    ...older.map((filter) => readFilter(filter, ['Name', 'Type', 'KeyId'], 'BeginsWith')),
  ];
  return (parameter) => all.every((matches) => matches(parameter));
}

function readFilter(filter: Input, keys: readonly string[], wanted: string | undefined): Matches {
  const key = requiredText(filter, 'Key', 132);
  const tag = keys.includes('Name') && key.startsWith('tag:') ? key.slice(4) : undefined;
  const options = tag === undefined ? optionsOf[key] : ['Equals'];
  if (!options || (tag === undefined && !keys.includes(key))) {
    throw new AwsError(
      'InvalidFilterKey',
      `The specified key isn't valid: ${key}. Valid keys: ${keys.join(', ')}.`,
    );
  }
  const option = wanted ?? options[0] ?? 'Equals';
  if (!options.includes(option)) {
    throw new AwsError(
      'InvalidFilterOption',
      `The following filter option is not valid: ${option}. Valid options include: [${options.join(', ')}].`,
    );
  }
  const values = texts(filter, 'Values');
  // A tag alone asks for whoever bears it, with any value.
  if (values.length === 0 && tag === undefined) {
    throw new AwsError(
      'InvalidFilterValue',
      `The following filter values are missing : null for filter key ${key}`,
    );
  }
  if (tag !== undefined) {
    return ({ tags }) =>
      Object.hasOwn(tags, tag) && (values.length === 0 || values.includes(tags[tag] ?? ''));
  }
  if (key === 'Path') {
    return ({ name }) => values.some((path) => isWithin(name, path, option === 'Recursive'));
  }
  return (parameter) =>
    (valuesOf[key]?.(parameter) ?? []).some((found) => values.some((value) => compare(found, value, option)));
}

function compare(found: string, wanted: string, option: string): boolean {
  if (option === 'BeginsWith') return found.startsWith(wanted);
  return option === 'Contains' ? found.includes(wanted) : found === wanted;
}
