import { useCallback, useMemo, useRef } from 'react';
import { type Location, useLocation, useSearchParams } from 'react-router';

/** How one value is written in the address. A text that cannot be read gives `undefined`, never an error. */
export interface Codec<Value> {
  read(text: string): Value | undefined;
  write(value: Value): string;
}

/** One key of the address, with the value that its absence means. */
export interface Parameter<Value> extends Codec<Value> {
  absent: Value;
}

/** A slice of a page's state: which keys of the address it owns. Slices on one page own different keys. */
export type Slice = Readonly<Record<string, Parameter<unknown>>>;

export type ValuesOf<Keys extends Slice> = {
  -readonly [Key in keyof Keys]: Keys[Key] extends Parameter<infer Value> ? Value : never;
};

/** Any text. */
export function text(absent = ''): Parameter<string> {
  return { absent, read: (value) => value, write: (value) => value };
}

/** One of a few words. */
export function oneOf<const Word extends string>(
  words: readonly Word[],
  absent: NoInfer<Word>,
): Parameter<Word> {
  return { absent, read: (value) => words.find((word) => word === value), write: (value) => value };
}

/** A whole number of at least `minimum`. */
export function wholeNumber(absent: number, minimum = 0): Parameter<number> {
  return {
    absent,
    read: (value) => {
      const number = /^-?\d{1,15}$/.test(value) ? Number(value) : Number.NaN;
      return number >= minimum ? number : undefined;
    },
    write: String,
  };
}

/** A structured value as JSON, accepted only when `isValid` agrees. */
export function json<Value>(absent: Value, isValid: (value: unknown) => value is Value): Parameter<Value> {
  return {
    absent,
    read: (value) => {
      try {
        const parsed: unknown = JSON.parse(value);
        return isValid(parsed) ? parsed : undefined;
      } catch {
        return undefined; // An address typed or cut by hand means the same as an absent key.
      }
    },
    write: (value) => JSON.stringify(value),
  };
}

/** Reads the slice's keys from an address. */
export function readSlice<const Keys extends Slice>(keys: Keys, search: URLSearchParams): ValuesOf<Keys> {
  const values: Record<string, unknown> = {};
  for (const [key, parameter] of Object.entries(keys) as [string, Parameter<unknown>][]) {
    const written = search.get(key);
    const value = written === null ? undefined : parameter.read(written);
    values[key] = value === undefined ? parameter.absent : value;
  }
  return values as ValuesOf<Keys>;
}

/** The address with `changes` made to the slice's keys; other keys stay, and values that absence means are left out. */
export function writeSlice<const Keys extends Slice>(
  keys: Keys,
  search: URLSearchParams,
  changes: Partial<ValuesOf<Keys>>,
): URLSearchParams {
  const written = new URLSearchParams(search);
  for (const [key, value] of Object.entries(changes)) {
    const parameter = keys[key] as Parameter<unknown> | undefined;
    if (!parameter) continue;
    const text = parameter.write(value);
    if (text === parameter.write(parameter.absent)) written.delete(key);
    else written.set(key, text);
  }
  return written;
}

/** An address that was asked for from an entry of the history, and is not yet shown; what is changed meanwhile is changed in it. */
let asked: { readonly entry: Location; readonly search: URLSearchParams } | undefined;

/**
 * The slice's values and a function that changes them. A change is a step in the browser's history, since a person made
 * it; `replace` is for changes that follow from others. Changes that come faster than the page is drawn lose none of
 * each other.
 */
export function useUrlState<const Keys extends Slice>(
  keys: Keys,
): [ValuesOf<Keys>, (changes: Partial<ValuesOf<Keys>>, options?: { replace: boolean }) => void] {
  const [search, setSearch] = useSearchParams();
  const values = useMemo(() => readSlice(keys, search), [keys, search]);
  const entry = useLocation();
  // A change may come by a function of an earlier drawing, such as that of a field which waits for a pause in typing.
  // It is noted while drawing, since effects of what is drawn within may change the address before ours would run.
  const shown = useRef({ entry, search });
  shown.current = { entry, search };
  if (asked && asked.entry !== entry) asked = undefined;
  const change = useCallback(
    (changes: Partial<ValuesOf<Keys>>, options?: { replace: boolean }) => {
      const from = shown.current;
      const current = asked?.entry === from.entry ? asked.search : from.search;
      asked = { entry: from.entry, search: writeSlice(keys, current, changes) };
      setSearch(asked.search, options ?? {});
    },
    [keys, setSearch],
  );
  return [values, change];
}
