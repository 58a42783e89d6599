import { invalidParameter } from './errors.ts';

export type Input = Record<string, unknown>;

/** A text the caller must send. Throws `InvalidParameterException` in AWS's words. */
export function requiredText(input: Input, name: string): string {
  const value = input[name];
  if (value === undefined || value === null) throw missing(name);
  if (typeof value !== 'string') throw wrongType(name, 'string');
  if (value === '') {
    throw invalidParameter(
      `1 validation error detected: Value at '${camel(name)}' failed to satisfy constraint: Member must have length greater than or equal to 1`,
    );
  }
  return value;
}

export function optionalText(input: Input, name: string): string | undefined {
  const value = input[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw wrongType(name, 'string');
  return value;
}

/** A flat map of texts such as `AuthParameters`; empty when absent. */
export function textMap(input: Input, name: string): Record<string, string> {
  const value = input[name];
  if (value === undefined || value === null) return {};
  if (typeof value !== 'object' || Array.isArray(value)) throw wrongType(name, 'map');
  for (const [key, entry] of Object.entries(value)) {
    if (typeof entry !== 'string') throw wrongType(`${name}.${key}`, 'string');
  }
  return value as Record<string, string>;
}

/** A page size between 0 and `maximum`; `maximum` when absent. */
export function pageSize(input: Input, name: string, maximum: number): number {
  const value = input[name];
  if (value === undefined || value === null) return maximum;
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0 || value > maximum) {
    throw invalidParameter(
      `1 validation error detected: Value '${String(value)}' at '${camel(name)}' failed to satisfy constraint: Member must have value between 0 and ${maximum}`,
    );
  }
  return value === 0 ? maximum : value;
}

/** `[{ Name, Value }]` as a record. */
export function attributeList(input: Input, name: string): Record<string, string> {
  const value = input[name];
  if (value === undefined || value === null) return {};
  if (!Array.isArray(value)) throw wrongType(name, 'list');
  const attributes: Record<string, string> = {};
  for (const entry of value as unknown[]) {
    if (typeof entry !== 'object' || entry === null) throw wrongType(name, 'structure');
    const pair = entry as Input;
    attributes[requiredText(pair, 'Name')] = optionalText(pair, 'Value') ?? '';
  }
  return attributes;
}

/** `ClientMetadata`, what a client hands to the triggers; undefined when absent. */
export function clientMetadata(input: Input): Record<string, string> | undefined {
  return input['ClientMetadata'] ? textMap(input, 'ClientMetadata') : undefined;
}

/** A text that must be one of some values where it is given. Throws `InvalidParameterException`. */
export function oneOf<Value extends string>(
  name: string,
  values: readonly Value[],
  given: string | undefined,
): Value | undefined {
  const value = values.find((each) => each === given);
  if (value !== undefined || given === undefined) return value;
  throw invalidParameter(
    `1 validation error detected: Value '${given}' at '${camel(name)}' failed to satisfy constraint: Member must satisfy enum value set: [${values.join(', ')}]`,
  );
}

/** A list of texts; empty when absent. */
export function textListOf(input: Input, name: string): string[] {
  const value = input[name];
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw wrongType(name, 'list');
  return value.map((entry: unknown) => {
    if (typeof entry !== 'string') throw wrongType(name, 'list of texts');
    return entry;
  });
}

function missing(name: string) {
  return invalidParameter(
    `1 validation error detected: Value null at '${camel(name)}' failed to satisfy constraint: Member must not be null`,
  );
}

function wrongType(name: string, expected: string) {
  return invalidParameter(`Value at '${camel(name)}' is not a ${expected}.`);
}

function camel(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}

/** A parameter of a sign-in that must be there. Throws `InvalidParameterException`. */
export function requiredParameter(parameters: Record<string, string>, name: string): string {
  const value = parameters[name];
  if (!value) throw invalidParameter(`Missing required parameter ${name}`);
  return value;
}
