import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { JsonSchema } from './compatibility.ts';

/** An ajv that takes our event schemas, with what they say besides. */
export function eventAjv(): Ajv2020 {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats(ajv, ['date-time']);
  return ajv;
}

/**
 * Data that a schema takes: once with every field and once with those alone that must be there. Throws where a pattern
 * asks for more than can be guessed; somebody must then write it.
 */
export function samplesOf(schema: JsonSchema): Readonly<Record<string, unknown>>[] {
  const validate = eventAjv().compile(schema);
  const samples = [sampleOf(schema, true), sampleOf(schema, false)] as Record<string, unknown>[];
  for (const sample of samples) {
    if (!validate(sample)) throw new Error(eventAjv().errorsText(validate.errors));
  }
  return JSON.stringify(samples[0]) === JSON.stringify(samples[1]) ? samples.slice(0, 1) : samples;
}

const instant = '2026-01-02T03:04:05.678Z';
const texts = [
  instant,
  'text',
  'Average',
  'text-1',
  'a',
  '0f8fad5b-d9cb-469f-a165-70867728950e',
  'https://example.com/a',
];

function sampleOf(schema: JsonSchema, all: boolean): unknown {
  const listed = schema['enum'] as unknown[] | undefined;
  if (listed) return listed[0];
  const [first] = (schema['anyOf'] ?? []) as JsonSchema[];
  if (first) return sampleOf(first, all);
  switch (schema['type']) {
    case 'string':
      return textOf(schema);
    case 'integer':
    case 'number':
      return Math.max(Number(schema['minimum'] ?? 1), Math.min(1, Number(schema['maximum'] ?? 1)));
    case 'boolean':
      return true;
    case 'array': {
      const least = Number(schema['minItems'] ?? 0);
      const item = sampleOf((schema['items'] ?? {}) as JsonSchema, all);
      return Array.from({ length: all ? Math.max(least, 1) : least }, () => item);
    }
    default:
      return objectOf(schema, all);
  }
}

function textOf(schema: JsonSchema): string {
  const fits = eventAjv().compile(schema);
  const found = schema['format'] === 'date-time' ? instant : texts.slice(1).find((text) => fits(text));
  if (found !== undefined) return found;
  throw new Error(`no text is known of the form ${String(schema['pattern'])}`);
}

function objectOf(schema: JsonSchema, all: boolean): Record<string, unknown> {
  const required = (schema['required'] ?? []) as string[];
  const fields = Object.entries((schema['properties'] ?? {}) as Record<string, JsonSchema>)
    .filter(([name]) => all || required.includes(name))
    .map(([name, field]): [string, unknown] => [name, sampleOf(field, all)]);
  const free = schema['additionalProperties'];
  if (all && typeof free === 'object' && free !== null)
    fields.push(['Name', sampleOf(free as JsonSchema, all)]);
  return Object.fromEntries(fields);
}
