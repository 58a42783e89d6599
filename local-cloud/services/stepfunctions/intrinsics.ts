import { createHash, randomUUID } from 'node:crypto';

type Intrinsic = (...values: unknown[]) => unknown;

/** Calls `States.<name>`. Throws an `Error` with the reason when it does not exist or its arguments are wrong. */
export function callIntrinsic(name: string, values: unknown[]): unknown {
  const intrinsic = Object.hasOwn(intrinsics, name) ? intrinsics[name] : undefined;
  if (!intrinsic) throw new Error(`States.${name} is not a function`);
  return intrinsic(...values);
}

/** Whether there is `States.<name>`. */
export const isIntrinsic = (name: string) => Object.hasOwn(intrinsics, name);

const hashes: Record<string, string | undefined> = {
  MD5: 'md5',
  'SHA-1': 'sha1',
  'SHA-256': 'sha256',
  'SHA-384': 'sha384',
  'SHA-512': 'sha512',
};

const longestEncoded = 10_000;

const intrinsics: Record<string, Intrinsic | undefined> = {
  Format: format,
  StringToJson: (text) => JSON.parse(string(text)),
  JsonToString: (value) => JSON.stringify(value),
  StringSplit: (text, separators) => split(string(text), string(separators)),
  Array: (...values) => values,
  ArrayPartition: (values, size) => partition(list(values), integer(size)),
  ArrayContains: (values, wanted) =>
    list(values).some((each) => JSON.stringify(each) === JSON.stringify(wanted)),
  ArrayRange: (first, last, step) => range(integer(first), integer(last), integer(step)),
  ArrayGetItem: (values, index) => item(list(values), integer(index)),
  ArrayLength: (values) => list(values).length,
  ArrayUnique: (values) => [...new Map(list(values).map((each) => [JSON.stringify(each), each])).values()],
  Base64Encode: (text) => Buffer.from(bounded(text)).toString('base64'),
  Base64Decode: (text) => Buffer.from(bounded(text), 'base64').toString('utf8'),
  Hash: (value, algorithm) => hash(value, string(algorithm)),
  JsonMerge: (first, second, deep) => merge(first, second, deep),
  MathRandom: (from, to, seed) => random(integer(from), integer(to), seed),
  MathAdd: (one, other) => integer(one) + integer(other),
  UUID: () => randomUUID(),
};

function format(template: unknown, ...values: unknown[]): string {
  let used = 0;
  const text = string(template).replace(/\\([{}'\\])|\{\}/gu, (match, escaped: string | undefined) => {
    if (escaped !== undefined) return escaped;
    if (used >= values.length) throw new Error(`there are fewer values than places: ${match}`);
    const value = values[used];
    used += 1;
    return typeof value === 'string' ? value : JSON.stringify(value);
  });
  if (used !== values.length) throw new Error('there are more values than places');
  return text;
}

function split(text: string, separators: string): string[] {
  const parts = [''];
  for (const character of text) {
    if (separators.includes(character)) parts.push('');
    else parts.push((parts.pop() ?? '') + character);
  }
  return parts.filter((part) => part !== '');
}

function partition(values: unknown[], size: number): unknown[][] {
  if (size < 1) throw new Error('the size must be positive');
  return range(0, values.length - 1, size).map((start) => values.slice(start, start + size));
}

const longestRange = 1_000;

function range(first: number, last: number, step: number): number[] {
  if (step === 0) throw new Error('the step must not be 0');
  const length = Math.max(0, Math.floor((last - first) / step) + 1);
  if (length > longestRange) throw new Error(`a list holds at most ${longestRange} items`);
  return Array.from({ length }, (_, index) => first + index * step);
}

function item(values: unknown[], index: number): unknown {
  if (index < 0 || index >= values.length) throw new Error(`there is no item ${index}`);
  return values[index];
}

function hash(value: unknown, algorithm: string): string {
  const name = hashes[algorithm];
  if (!name) throw new Error(`${algorithm} is not a hash`);
  return createHash(name)
    .update(typeof value === 'string' ? value : JSON.stringify(value))
    .digest('hex');
}

function merge(first: unknown, second: unknown, deep: unknown): unknown {
  if (deep !== false) throw new Error('only shallow merging is supported, with false as third argument');
  return { ...object(first), ...object(second) };
}

function random(from: number, to: number, seed: unknown): number {
  if (to <= from) throw new Error('the end must be greater than the start');
  if (seed === undefined) return from + Math.floor(Math.random() * (to - from));
  const digest = createHash('sha256')
    .update(String(integer(seed)))
    .digest();
  return from + Math.floor((digest.readUInt32BE(0) / 2 ** 32) * (to - from));
}

function string(value: unknown): string {
  if (typeof value !== 'string') throw new Error(`${JSON.stringify(value)} is not a string`);
  return value;
}

function bounded(value: unknown): string {
  const text = string(value);
  if (text.length > longestEncoded) throw new Error(`a text holds at most ${longestEncoded} characters`);
  return text;
}

function integer(value: unknown): number {
  if (typeof value !== 'number') throw new Error(`${JSON.stringify(value)} is not a number`);
  return Math.round(value);
}

function list(value: unknown): unknown[] {
  if (!Array.isArray(value)) throw new Error(`${JSON.stringify(value)} is not a list`);
  return value;
}

function object(value: unknown): object {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Error(`${JSON.stringify(value)} is not an object`);
  }
  return value;
}
