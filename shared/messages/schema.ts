/**
 * JSON Schema as data. Each builder answers a plain JSON Schema (draft 2020-12 vocabulary that ajv, OpenAPI 3.1 and
 * AsyncAPI 3 read alike) which carries its TypeScript type along, so that one definition serves validation, types and
 * documents.
 */
export interface Schema<T> {
  readonly [keyword: string]: unknown;
  /** Never present at run time: it only carries the type. */
  readonly [typeOf]?: T;
}
declare const typeOf: unique symbol;

/** A property that may be absent. */
export interface Optional<T> {
  readonly optional: Schema<T>;
}

export type Fields = Readonly<Record<string, Schema<unknown> | Optional<unknown>>>;

/** The TypeScript type of a schema. */
export type TypeOf<S> = S extends Schema<infer T> ? T : never;

/** The TypeScript type of an object with these fields. */
export type ValueOf<F extends Fields> = {
  readonly [K in keyof F as F[K] extends Optional<unknown> ? never : K]: TypeOf<F[K]>;
} & {
  readonly [K in keyof F as F[K] extends Optional<unknown> ? K : never]?:
    | (F[K] extends Optional<infer T> ? T : never)
    | undefined;
};

/** A string of 1 to `maximum` characters that holds more than white space. */
export function text(maximum: number): Schema<string> {
  return { type: 'string', minLength: 1, maxLength: maximum, pattern: '\\S' };
}

export function number(limits: { minimum?: number; maximum?: number } = {}): Schema<number> {
  return { type: 'number', ...limits };
}

export function integer(limits: { minimum?: number; maximum?: number } = {}): Schema<number> {
  return { type: 'integer', ...limits };
}

export function boolean(): Schema<boolean> {
  return { type: 'boolean' };
}

export function oneOf<const Value extends string | number>(...values: Value[]): Schema<Value> {
  return { enum: values };
}

/** RFC 3339 in UTC with milliseconds, as `Date.prototype.toISOString` writes it. */
export const instant: Schema<string> = {
  type: 'string',
  pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d{1,9})?Z$',
  format: 'date-time',
};

export function list<T>(
  items: Schema<T>,
  limits: { minItems?: number; maxItems?: number } = {},
): Schema<readonly T[]> {
  return { type: 'array', items, ...limits };
}

/** An object whose property names are free, such as the dimensions of a metric. */
export function map<T>(
  values: Schema<T>,
  limits: { maxProperties?: number } = {},
): Schema<Readonly<Record<string, T>>> {
  return { type: 'object', additionalProperties: values, ...limits };
}

export function optional<T>(schema: Schema<T>): Optional<T> {
  return { optional: schema };
}

/** An object with exactly these fields; unknown ones are refused, so that a misspelt field is not lost in silence. */
export function object<const F extends Fields>(fields: F): Schema<ValueOf<F>> {
  const properties: Record<string, unknown> = {};
  const required: string[] = [];
  for (const [name, field] of Object.entries(fields)) {
    if (isOptional(field)) properties[name] = field.optional;
    else {
      properties[name] = field;
      required.push(name);
    }
  }
  return { type: 'object', properties, required, additionalProperties: false };
}

function isOptional(field: Schema<unknown> | Optional<unknown>): field is Optional<unknown> {
  return 'optional' in field;
}
