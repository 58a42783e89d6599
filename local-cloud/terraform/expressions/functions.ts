import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { booleanOf, EvaluationError, numberOf, type Scope, textOf } from './evaluate.ts';

/** A function gets its arguments evaluated, and the scope for the folder that files are relative to. */
export type Functions = Record<string, (args: unknown[], scope: Scope) => unknown>;

function listOf(value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  throw new EvaluationError(`${JSON.stringify(value) ?? 'Nothing'} is no list.`);
}

function objectOf(value: unknown): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>;
  throw new EvaluationError(`${JSON.stringify(value) ?? 'Nothing'} is no object.`);
}

function read(name: unknown, scope: Scope): Buffer {
  const path = resolve(scope.folder, textOf(name));
  if (!existsSync(path))
    throw new EvaluationError(`The file ${textOf(name)} does not exist in ${scope.folder}.`);
  return readFileSync(path);
}

function digest(algorithm: string, data: Buffer | string, encoding: 'hex' | 'base64'): string {
  return createHash(algorithm).update(data).digest(encoding);
}

const text = (apply: (value: string) => unknown) => (args: unknown[]) => apply(textOf(args[0]));
const number = (apply: (...values: number[]) => number) => (args: unknown[]) => apply(...args.map(numberOf));

/** Terraform writes these three characters as escapes, so that the JSON can stand in HTML. */
function jsonEncode(value: unknown): string {
  const escapes: Record<string, string> = { '<': '\\u003c', '>': '\\u003e', '&': '\\u0026' };
  return JSON.stringify(sorted(value)).replace(/[<>&]/g, (character) => escapes[character] ?? character);
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]));
}

function jsonDecode(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    throw new EvaluationError('The argument of "jsondecode" is no JSON.');
  }
}

function unique(values: unknown[]): unknown[] {
  return [...new Map(values.map((value) => [JSON.stringify(value), value])).values()];
}

function firstWithValue(values: unknown[], isEmpty: (value: unknown) => boolean): unknown {
  const found = values.find((value) => !isEmpty(value));
  if (found === undefined) throw new EvaluationError('None of the arguments has a value.');
  return found;
}

function formatText([pattern, ...values]: unknown[]): string {
  let next = 0;
  return textOf(pattern).replace(
    /%(?:%|(0?)(\d*)(?:\.(\d+))?([sdfqvt]))/g,
    (whole, zero, width, digits, verb) => {
      if (whole === '%%') return '%';
      if (next >= values.length)
        throw new EvaluationError('"format" has fewer values than its pattern asks for.');
      const value = values[next++];
      const written =
        verb === 'q' || (verb === 'v' && typeof value === 'object')
          ? JSON.stringify(value)
          : verb === 'f'
            ? numberOf(value).toFixed(digits === undefined ? 6 : Number(digits))
            : verb === 'd'
              ? String(Math.trunc(numberOf(value)))
              : textOf(value);
      return written.padStart(Number(width), zero ? '0' : ' ');
    },
  );
}

function replaceText([value, search, replacement]: unknown[]): string {
  const wanted = textOf(search);
  if (wanted.length > 1 && wanted.startsWith('/') && wanted.endsWith('/')) {
    return textOf(value).replace(new RegExp(wanted.slice(1, -1), 'g'), textOf(replacement));
  }
  return textOf(value).split(wanted).join(textOf(replacement));
}

function element([list, index]: unknown[]): unknown {
  const items = listOf(list);
  if (items.length === 0) throw new EvaluationError('"element" of an empty list.');
  return items[((numberOf(index) % items.length) + items.length) % items.length];
}

function lookup([object, key, ...fallback]: unknown[]): unknown {
  const found = objectOf(object);
  if (Object.hasOwn(found, textOf(key))) return found[textOf(key)];
  if (fallback.length > 0) return fallback[0];
  throw new EvaluationError(`"lookup" finds no key "${textOf(key)}".`);
}

function substring([value, offset, length]: unknown[]): string {
  const characters = [...textOf(value)];
  const start = numberOf(offset) < 0 ? characters.length + numberOf(offset) : numberOf(offset);
  const end = numberOf(length) < 0 ? characters.length : start + numberOf(length);
  return characters.slice(start, end).join('');
}

function trimCharacters([value, cut]: unknown[]): string {
  const unwanted = new Set(textOf(cut));
  const characters = [...textOf(value)];
  while (characters.length > 0 && unwanted.has(characters[0] ?? '')) characters.shift();
  while (characters.length > 0 && unwanted.has(characters.at(-1) ?? '')) characters.pop();
  return characters.join('');
}

function ranges(args: unknown[]): number[] {
  const [start = 0, end = 0, step] = args.length === 1 ? [0, ...args.map(numberOf)] : args.map(numberOf);
  const by = step ?? (end < start ? -1 : 1);
  if (by === 0 || Math.abs((end - start) / by) > 1024)
    throw new EvaluationError('"range" has no sensible length.');
  const values: number[] = [];
  for (let value = start; by > 0 ? value < end : value > end; value += by) values.push(value);
  return values;
}

/** The functions of Terraform that synthesized stacks use, by name. */
export const functions: Functions = {
  abs: number(Math.abs),
  base64decode: text((value) => Buffer.from(value, 'base64').toString()),
  base64encode: text((value) => Buffer.from(value).toString('base64')),
  base64sha256: text((value) => digest('sha256', value, 'base64')),
  basename: text((value) => basename(value)),
  ceil: number(Math.ceil),
  chomp: text((value) => value.replace(/[\r\n]+$/, '')),
  coalesce: (args) => firstWithValue(args, (value) => value === null || value === ''),
  coalescelist: (args) => firstWithValue(args, (value) => value === null || listOf(value).length === 0),
  compact: ([list]) => listOf(list).filter((value) => value !== null && value !== ''),
  concat: (args) => args.flatMap(listOf),
  contains: ([list, value]) => listOf(list).some((item) => JSON.stringify(item) === JSON.stringify(value)),
  dirname: text((value) => dirname(value)),
  distinct: ([list]) => unique(listOf(list)),
  element,
  endswith: ([value, suffix]) => textOf(value).endsWith(textOf(suffix)),
  file: ([name], scope) => read(name, scope).toString(),
  filebase64: ([name], scope) => read(name, scope).toString('base64'),
  filebase64sha256: ([name], scope) => digest('sha256', read(name, scope), 'base64'),
  fileexists: ([name], scope) => existsSync(resolve(scope.folder, textOf(name))),
  filemd5: ([name], scope) => digest('md5', read(name, scope), 'hex'),
  filesha256: ([name], scope) => digest('sha256', read(name, scope), 'hex'),
  flatten: ([list]) => listOf(list).flat(Number.POSITIVE_INFINITY),
  floor: number(Math.floor),
  format: formatText,
  join: ([separator, ...lists]) => lists.flatMap(listOf).map(textOf).join(textOf(separator)),
  jsondecode: text(jsonDecode),
  jsonencode: ([value]) => jsonEncode(value),
  keys: ([object]) => Object.keys(objectOf(object)).sort(),
  length: ([value]) =>
    typeof value === 'string'
      ? [...value].length
      : Array.isArray(value)
        ? value.length
        : Object.keys(objectOf(value)).length,
  lookup,
  lower: text((value) => value.toLowerCase()),
  max: number(Math.max),
  md5: text((value) => digest('md5', value, 'hex')),
  merge: (args) => Object.assign({}, ...args.filter((value) => value !== null).map(objectOf)),
  min: number(Math.min),
  one: ([list]) => listOf(list)[0] ?? null,
  range: ranges,
  replace: replaceText,
  reverse: ([list]) => listOf(list).toReversed(),
  sensitive: ([value]) => value,
  nonsensitive: ([value]) => value,
  sha1: text((value) => digest('sha1', value, 'hex')),
  sha256: text((value) => digest('sha256', value, 'hex')),
  slice: ([list, start, end]) => listOf(list).slice(numberOf(start), numberOf(end)),
  sort: ([list]) => listOf(list).map(textOf).sort(),
  split: ([separator, value]) => textOf(value).split(textOf(separator)),
  startswith: ([value, prefix]) => textOf(value).startsWith(textOf(prefix)),
  substr: substring,
  title: text((value) => value.replace(/\b\p{L}/gu, (letter) => letter.toUpperCase())),
  tobool: ([value]) => (value === null ? null : booleanOf(value)),
  tolist: ([list]) => listOf(list),
  tomap: ([object]) => objectOf(object),
  tonumber: ([value]) => (value === null ? null : numberOf(value)),
  toset: ([list]) => unique(listOf(list)),
  tostring: ([value]) => (value === null ? null : textOf(value)),
  trim: trimCharacters,
  trimprefix: ([value, prefix]) => {
    const whole = textOf(value);
    return whole.startsWith(textOf(prefix)) ? whole.slice(textOf(prefix).length) : whole;
  },
  trimspace: text((value) => value.trim()),
  trimsuffix: ([value, suffix]) => {
    const whole = textOf(value);
    return textOf(suffix) && whole.endsWith(textOf(suffix)) ? whole.slice(0, -textOf(suffix).length) : whole;
  },
  upper: text((value) => value.toUpperCase()),
  urlencode: text((value) => encodeURIComponent(value).replace(/%20/g, '+')),
  values: ([object]) => {
    const found = objectOf(object);
    return Object.keys(found)
      .sort()
      .map((key) => found[key]);
  },
  zipmap: ([names, values]) => {
    const items = listOf(values);
    return Object.fromEntries(listOf(names).map((name, index) => [textOf(name), items[index]]));
  },
};
