import { personalKeyword } from '#shared/messages/personal.ts';

/** JSON Schema, as far as our schema builders write it. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/**
 * Why data that an older schema took may not be what a newer one promises; empty when every event ever recorded under
 * the older fits the newer. Understands exactly what `shared/messages/schema.ts` builds; a keyword it does not know is
 * an objection when it changed.
 *
 * @example objections({ type: 'string', maxLength: 9 }, { type: 'string', maxLength: 5 }) // ['data may have 9 …']
 */
export function objections(older: JsonSchema, newer: JsonSchema, path = 'data'): string[] {
  if (newer['enum'] !== undefined || older['enum'] !== undefined) return ofEnum(older, newer, path);
  if (older['type'] !== newer['type'] && !(older['type'] === 'integer' && newer['type'] === 'number')) {
    return [`${path} was ${String(older['type'])} and is now ${String(newer['type'])}`];
  }
  return [
    ...ofLimits(older, newer, path),
    ...unknownKeywords(older, newer, path),
    ...(newer['type'] === 'object' ? ofObject(older, newer, path) : []),
    ...(newer['type'] === 'array' ? objections(part(older, 'items'), part(newer, 'items'), `${path}[]`) : []),
  ];
}

/** Upper limits may only grow, lower ones only shrink, and either may go. */
const limits = {
  minimum: 'least',
  minLength: 'least',
  minItems: 'least',
  maximum: 'most',
  maxLength: 'most',
  maxItems: 'most',
  maxProperties: 'most',
} as const;

const known = new Set([
  'type',
  'enum',
  'properties',
  'required',
  'additionalProperties',
  'items',
  // Says who a text tells of, and nothing of what it may be.
  personalKeyword,
  ...Object.keys(limits),
]);

function ofLimits(older: JsonSchema, newer: JsonSchema, path: string): string[] {
  return Object.entries(limits).flatMap(([keyword, kind]) => {
    const now = newer[keyword] as number | undefined;
    if (now === undefined) return [];
    const before = older[keyword] as number | undefined;
    const fits = before !== undefined && (kind === 'least' ? now <= before : now >= before);
    return fits ? [] : [`${path} had ${keyword} ${before ?? 'none'} and now has ${now}`];
  });
}

/** `pattern`, `format` and whatever comes later: taken away is fine, added or changed is not. */
function unknownKeywords(older: JsonSchema, newer: JsonSchema, path: string): string[] {
  return Object.keys(newer)
    .filter((keyword) => !known.has(keyword))
    .filter((keyword) => JSON.stringify(newer[keyword]) !== JSON.stringify(older[keyword]))
    .map((keyword) => `${path} has another ${keyword}`);
}

function ofEnum(older: JsonSchema, newer: JsonSchema, path: string): string[] {
  const before = older['enum'] as unknown[] | undefined;
  const now = newer['enum'] as unknown[] | undefined;
  if (before && now) {
    const lost = before.filter((value) => !now.includes(value));
    return lost.length > 0
      ? [`${path} may be ${lost.map((value) => JSON.stringify(value)).join(', ')}, which is no longer listed`]
      : [];
  }
  if (now) return [`${path} was not limited to a list of values and now is`];
  const type = newer['type'] === 'integer' ? 'number' : newer['type'];
  const others = (before ?? []).filter((value) => typeof value !== type);
  const rest = Object.keys(newer).filter((keyword) => keyword !== 'type');
  return others.length > 0 || rest.length > 0
    ? [`${path} was a list of values and is now something else`]
    : [];
}

function ofObject(older: JsonSchema, newer: JsonSchema, path: string): string[] {
  const before = part(older, 'properties');
  const now = part(newer, 'properties');
  const required = (schema: JsonSchema) => (schema['required'] ?? []) as string[];
  return [
    ...required(newer)
      .filter((name) => !required(older).includes(name))
      .map((name) => `${path}.${name} was not required and now is`),
    ...Object.keys(before).flatMap((name) => {
      const schema = (now[name] ?? newer['additionalProperties']) as JsonSchema | boolean | undefined;
      if (schema === true || schema === undefined) return [];
      if (schema === false) return [`${path}.${name} is gone`];
      return objections(part(before, name), schema, `${path}.${name}`);
    }),
    ...ofAdditional(older['additionalProperties'], newer['additionalProperties'], path),
  ];
}

function ofAdditional(before: unknown, now: unknown, path: string): string[] {
  if (typeof before === 'object' && typeof now === 'object')
    return objections(before as JsonSchema, now as JsonSchema, `${path}.*`);
  return before !== false && now === false
    ? [`${path} may have other fields, which are no longer taken`]
    : [];
}

function part(schema: JsonSchema, keyword: string): JsonSchema {
  return (schema[keyword] ?? {}) as JsonSchema;
}
