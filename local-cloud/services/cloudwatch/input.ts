import { AwsError } from '../../core/errors.ts';

/** Parsed input of an operation or of a part of it. Numbers and booleans may be texts: the query protocol has no types. */
export type Input = Record<string, unknown>;

/** SDKs know an error by its shape, the aws CLI by the code of the old query protocol: both are told. */
function refusal(shape: string, queryErrorCode: string, message: string): AwsError {
  return new AwsError(shape, message, 400, { queryErrorCode });
}

export function invalid(message: string): AwsError {
  return refusal('InvalidParameterValueException', 'InvalidParameterValue', message);
}

export function missing(name: string): AwsError {
  return refusal(
    'MissingRequiredParameterException',
    'MissingParameter',
    `The parameter ${name} is required.`,
  );
}

export function invalidCombination(message: string): AwsError {
  return refusal('InvalidParameterCombinationException', 'InvalidParameterCombination', message);
}

export function invalidFormat(message: string): AwsError {
  return refusal('InvalidFormatFault', 'InvalidFormat', message);
}

export function validation(message: string): AwsError {
  return refusal('ValidationError', 'ValidationError', message);
}

export function resourceNotFound(message: string): AwsError {
  return new AwsError('ResourceNotFound', message, 404, { queryErrorCode: 'ResourceNotFound' });
}

function given(input: Input, name: string): unknown {
  const value = input[name];
  return value === null ? undefined : value;
}

export function optionalText(input: Input, name: string, limit = 1_024): string | undefined {
  const value = given(input, name);
  if (value === undefined) return undefined;
  if (typeof value !== 'string') throw invalid(`The value for parameter ${name} must be a string.`);
  if (value.length > limit) {
    throw invalid(`The value for parameter ${name} must have at most ${limit} characters.`);
  }
  return value;
}

export function requiredText(input: Input, name: string, limit?: number): string {
  const value = optionalText(input, name, limit);
  if (value === undefined || value === '') throw missing(name);
  return value;
}

export function optionalNumber(input: Input, name: string): number | undefined {
  const value = given(input, name);
  if (value === undefined) return undefined;
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof number === 'bigint') return Number(number);
  if (typeof number !== 'number' || Number.isNaN(number)) {
    throw invalid(`The value ${String(value)} for parameter ${name} is not a number.`);
  }
  return number;
}

export function optionalInteger(
  input: Input,
  name: string,
  range: { from: number; to: number } = { from: 1, to: 2_147_483_647 },
): number | undefined {
  const value = optionalNumber(input, name);
  if (value === undefined) return undefined;
  if (!Number.isInteger(value) || value < range.from || value > range.to) {
    throw invalid(
      `The value ${value} for parameter ${name} is not valid: it must be between ${range.from} and ${range.to}.`,
    );
  }
  return value;
}

export function optionalBoolean(input: Input, name: string): boolean | undefined {
  const value = given(input, name);
  if (value === undefined) return undefined;
  if (value === true || value === 'true') return true;
  if (value === false || value === 'false') return false;
  throw invalid(`The value for parameter ${name} must be true or false.`);
}

export function list(input: Input, name: string): unknown[] {
  const value = given(input, name);
  if (value === undefined) return [];
  if (!Array.isArray(value)) throw invalid(`The value for parameter ${name} must be a list.`);
  return value;
}

export function texts(input: Input, name: string): string[] {
  return list(input, name).map((value) => {
    if (typeof value !== 'string') throw invalid(`The values of parameter ${name} must be strings.`);
    return value;
  });
}

export function numbers(input: Input, name: string): number[] {
  return list(input, name).map((value) => {
    const number = optionalNumber({ [name]: value }, name);
    if (number === undefined) throw invalid(`The values of parameter ${name} must be numbers.`);
    return number;
  });
}

export function isRecord(value: unknown): value is Input {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

export function optionalRecord(input: Input, name: string): Input | undefined {
  const value = given(input, name);
  if (value === undefined) return undefined;
  if (!isRecord(value)) throw invalid(`The value for parameter ${name} must be a structure.`);
  return value;
}

export function records(input: Input, name: string): Input[] {
  return list(input, name).map((value) => {
    if (!isRecord(value)) throw invalid(`The values of parameter ${name} must be structures.`);
    return value;
  });
}

/** Epoch milliseconds of what a client sent: a Date (CBOR), epoch seconds (JSON) or an ISO text (query). */
export function optionalTime(input: Input, name: string): number | undefined {
  const value = given(input, name);
  if (value === undefined) return undefined;
  let time = Number.NaN;
  if (value instanceof Date) time = value.getTime();
  else if (typeof value === 'number') time = value * 1_000;
  else if (typeof value === 'string')
    time = /^\d+(\.\d+)?$/.test(value) ? Number(value) * 1_000 : Date.parse(value);
  if (Number.isNaN(new Date(time).getTime())) {
    throw invalid(`The value for parameter ${name} is not a timestamp.`);
  }
  return Math.round(time);
}

export function requiredTime(input: Input, name: string): number {
  const time = optionalTime(input, name);
  if (time === undefined) throw missing(name);
  return time;
}

export function oneOf<const Choice extends string>(
  input: Input,
  name: string,
  choices: readonly Choice[],
): Choice | undefined {
  const value = optionalText(input, name);
  if (value === undefined) return undefined;
  const choice = choices.find((each) => each === value);
  if (choice === undefined) {
    throw invalid(
      `The value ${value} for parameter ${name} is not supported. Valid values: ${choices.join(', ')}.`,
    );
  }
  return choice;
}

const MOST_DIMENSIONS = 30;

/** The exact dimension set of a metric, from `[{ Name, Value }]`. */
export function dimensions(input: Input, name = 'Dimensions'): Record<string, string> {
  const all = records(input, name);
  if (all.length > MOST_DIMENSIONS) {
    throw invalid(`The collection ${name} must not have a size greater than ${MOST_DIMENSIONS}.`);
  }
  const entries = all.map((each): [string, string] => [
    requiredText(each, 'Name', 255),
    requiredText(each, 'Value', 1_024),
  ]);
  const result = Object.fromEntries(entries);
  if (Object.keys(result).length !== entries.length) {
    throw invalidCombination(`No dimension name may be given twice in ${name}.`);
  }
  return result;
}

/** `[{ Name, Value }]`, as every answer spells a dimension set. */
export function dimensionList(set: Record<string, string>): { Name: string; Value: string }[] {
  return Object.entries(set).map(([Name, Value]) => ({ Name, Value }));
}
