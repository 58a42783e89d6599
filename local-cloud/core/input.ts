import { AwsError } from './errors.ts';

/** The members of a request, as they were sent. */
export type Input = Record<string, unknown>;

const wrongType = (name: string) =>
  new AwsError('SerializationException', `The value of ${name} has the wrong type.`);

/** What AWS answers where a member is out of its bounds; `value` as it is shown. */
export function constraint(name: string, value: string, rule: string): AwsError {
  const member = name.charAt(0).toLowerCase() + name.slice(1);
  return new AwsError(
    'ValidationException',
    `1 validation error detected: Value ${value} at '${member}' failed to satisfy constraint: Member must ${rule}`,
  );
}

/** A text, or undefined when it is absent. Throws `SerializationException` for anything else. */
export function text(input: Input, name: string): string | undefined {
  const value = input[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw wrongType(name);
  return value;
}

/** A text of at least one and at most `maximum` characters. Throws `ValidationException`. */
export function boundedText(input: Input, name: string, maximum: number): string | undefined {
  const value = text(input, name);
  if (value === undefined) return undefined;
  const shown = value.length > 100 ? `'${value.slice(0, 100)}…'` : `'${value}'`;
  if (value.length < 1) throw constraint(name, shown, 'have length greater than or equal to 1');
  if (value.length > maximum) throw constraint(name, shown, `have length less than or equal to ${maximum}`);
  return value;
}

/** Throws `ValidationException` when it is absent, empty or too long. */
export function requiredText(input: Input, name: string, maximum = 2048): string {
  const value = boundedText(input, name, maximum);
  if (value === undefined) throw constraint(name, 'null', 'not be null');
  return value;
}

/** One of a few texts. Throws `ValidationException` that names them. */
export function oneOf<Value extends string>(
  input: Input,
  name: string,
  values: readonly Value[],
): Value | undefined {
  const value = text(input, name);
  if (value === undefined) return undefined;
  const found = values.find((each) => each === value);
  if (found === undefined)
    throw constraint(name, `'${value.slice(0, 100)}'`, `satisfy enum value set: [${values.join(', ')}]`);
  return found;
}

export function integer(input: Input, name: string, minimum: number, maximum: number): number | undefined {
  const value = input[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'number' || !Number.isInteger(value)) throw wrongType(name);
  if (value < minimum) throw constraint(name, `'${value}'`, `have value greater than or equal to ${minimum}`);
  if (value > maximum) throw constraint(name, `'${value}'`, `have value less than or equal to ${maximum}`);
  return value;
}

export function flag(input: Input, name: string): boolean | undefined {
  const value = input[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'boolean') throw wrongType(name);
  return value;
}

export function isObject(value: unknown): value is Input {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function object(input: Input, name: string): Input | undefined {
  const value = input[name];
  if (value === undefined || value === null) return undefined;
  if (!isObject(value)) throw wrongType(name);
  return value;
}

function list<Value>(
  input: Input,
  name: string,
  is: (value: unknown) => value is Value,
): Value[] | undefined {
  const value = input[name];
  if (value === undefined || value === null) return undefined;
  if (!Array.isArray(value) || !value.every(is)) throw wrongType(name);
  return value;
}

/** A list of texts; empty when it is absent. */
export function texts(input: Input, name: string): string[] {
  return list(input, name, (value) => typeof value === 'string') ?? [];
}

/** A list of texts with at least one and at most `maximum`. Throws `ValidationException`. */
export function requiredTexts(input: Input, name: string, maximum: number): string[] {
  const values = list(input, name, (value) => typeof value === 'string');
  if (values === undefined) throw constraint(name, 'null', 'not be null');
  const shown = `'[${values.slice(0, 3).join(', ').slice(0, 100)}…]'`;
  if (values.length < 1) throw constraint(name, "'[]'", 'have length greater than or equal to 1');
  if (values.length > maximum) throw constraint(name, shown, `have length less than or equal to ${maximum}`);
  return values;
}

/** A list of structures; empty when it is absent. */
export function objects(input: Input, name: string): Input[] {
  return list(input, name, isObject) ?? [];
}

/** `Tags` as a list of `{ Key, Value }`, as texts by key. Throws `ValidationException`. */
export function tagsOf(input: Input): Record<string, string> {
  const tags = objects(input, 'Tags').map((tag): [string, string] => {
    const value = text(tag, 'Value') ?? '';
    if (value.length > 256) throw constraint('Tags', "'[…]'", 'have length less than or equal to 256');
    return [requiredText(tag, 'Key', 128), value];
  });
  return Object.fromEntries(tags);
}

export const tagList = (tags: Readonly<Record<string, string>>) =>
  Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
