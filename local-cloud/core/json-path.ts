import { JsonPathError } from './json-path-error.ts';
import { type Filter, parseFilter } from './json-path-filter.ts';

/**
 * JSONPath as Step Functions and EventBridge use it: members, indexes, slices, unions, wildcards, descent, filters.
 * Compiled once by text, since the same few paths are asked again and again.
 */
export interface JsonPath {
  readonly text: string;
  /** True when it can name at most one value. */
  readonly definite: boolean;
  /** Every value it names, in document order. `data` stands for `$`. */
  select(data: unknown): unknown[];
}

type Step = (values: unknown[], root: unknown) => unknown[];

const compiled = new Map<string, JsonPath>();
const cacheLimit = 5_000;

/** Throws `JsonPathError` when the text is not a path. */
export function parseJsonPath(text: string): JsonPath {
  const known = compiled.get(text);
  if (known) return known;
  if (!text.startsWith('$')) throw new JsonPathError(`The path '${text}' does not start with $.`);
  const { steps, definite } = parseSteps(text, 1);
  const path: JsonPath = {
    text,
    definite,
    select: (data) => steps.reduce<unknown[]>((values, step) => step(values, data), [data]),
  };
  if (compiled.size >= cacheLimit) compiled.clear();
  compiled.set(text, path);
  return path;
}

function parseSteps(text: string, start: number): { steps: Step[]; definite: boolean } {
  const steps: Step[] = [];
  let definite = true;
  let position = start;
  while (position < text.length) {
    if (text.startsWith('..', position)) {
      steps.push((values) => values.flatMap(descendants));
      definite = false;
      position += 2;
      if (text[position] === '[') continue;
    } else if (text[position] === '.') {
      position += 1;
      // AWS takes `$.a.['b c']` for `$.a['b c']`.
      if (text[position] === '[') continue;
    } else if (text[position] === '[') {
      const end = closingBracket(text, position);
      const bracket = parseBracket(text.slice(position + 1, end).trim(), text);
      steps.push(bracket.step);
      definite &&= bracket.definite;
      position = end + 1;
      continue;
    } else {
      throw new JsonPathError(`The path '${text}' is malformed at character ${position + 1}.`);
    }
    const name = /^(?:\*|[^.[\]'"*,()\s]+)/u.exec(text.slice(position))?.[0];
    if (name === undefined)
      throw new JsonPathError(`The path '${text}' lacks a name at character ${position + 1}.`);
    steps.push(name === '*' ? wildcard : member(name));
    definite &&= name !== '*';
    position += name.length;
  }
  return { steps, definite };
}

function closingBracket(text: string, open: number): number {
  let depth = 0;
  let quote: string | undefined;
  for (let index = open; index < text.length; index += 1) {
    const character = text[index];
    if (quote !== undefined) {
      if (character === '\\') index += 1;
      else if (character === quote) quote = undefined;
    } else if (character === "'" || character === '"') quote = character;
    else if (character === '[') depth += 1;
    else if (character === ']') {
      depth -= 1;
      if (depth === 0) return index;
    }
  }
  throw new JsonPathError(`The path '${text}' has an unclosed bracket.`);
}

function parseBracket(inner: string, text: string): { step: Step; definite: boolean } {
  if (inner === '*') return { step: wildcard, definite: false };
  if (inner.startsWith('?'))
    return {
      step: filtered(parseFilter(inner.slice(1), text, (path) => parseJsonPath(path).select)),
      definite: false,
    };
  const slice = /^(-?\d*)\s*:\s*(-?\d*)(?:\s*:\s*(-?\d*))?$/u.exec(inner);
  if (slice) return { step: sliced(slice[1], slice[2], slice[3], text), definite: false };
  const parts = inner.match(/'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|-?\d+/gu);
  if (!parts || parts.join(',') !== inner.replace(/\s*,\s*/gu, ',')) {
    throw new JsonPathError(`The path '${text}' has a malformed bracket [${inner}].`);
  }
  const steps = parts.map((part) => (/^['"]/u.test(part) ? member(unquote(part)) : element(Number(part))));
  const [only] = steps;
  if (only && steps.length === 1) return { step: only, definite: true };
  return {
    step: (values, root) => values.flatMap((value) => steps.flatMap((step) => step([value], root))),
    definite: false,
  };
}

function unquote(text: string): string {
  return text.slice(1, -1).replace(/\\(.)/gu, '$1');
}

function member(name: string): Step {
  return (values) =>
    values.flatMap((value) =>
      typeof value === 'object' && value !== null && !Array.isArray(value) && Object.hasOwn(value, name)
        ? [(value as Record<string, unknown>)[name]]
        : [],
    );
}

function element(index: number): Step {
  return (values) =>
    values.flatMap((value) => {
      if (!Array.isArray(value)) return [];
      const position = index < 0 ? value.length + index : index;
      return position in value ? [value[position] as unknown] : [];
    });
}

const wildcard: Step = (values) => values.flatMap(children);

function sliced(from = '', to = '', by = '', text = ''): Step {
  const step = by === '' ? 1 : Number(by);
  if (step < 1) throw new JsonPathError(`The path '${text}' has a slice whose step is not positive.`);
  return (values) =>
    values.flatMap((value) => {
      if (!Array.isArray(value)) return [];
      const range: unknown[] = value.slice(
        from === '' ? 0 : Number(from),
        to === '' ? undefined : Number(to),
      );
      return range.filter((_, index) => index % step === 0);
    });
}

function filtered(filter: Filter): Step {
  return (values, root) => values.flatMap((value) => children(value).filter((each) => filter(each, root)));
}

function children(value: unknown): unknown[] {
  if (Array.isArray(value)) return value as unknown[];
  return typeof value === 'object' && value !== null ? Object.values(value) : [];
}

function descendants(value: unknown): unknown[] {
  return [value, ...children(value).flatMap(descendants)];
}
